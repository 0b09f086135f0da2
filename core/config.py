"""Where things are: the library file and the places agents write their transcripts to."""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Config:
    """What the engine has to know before it starts."""

    library: Path
    what: str = ""  # the command that wants it, for the sentence that others get meanwhile


def default_library() -> Path:
    """Return the library file of this user; its folder may not exist yet."""
    return Path(platformdirs.user_data_dir("clew", appauthor=False)) / "library.clew"


def prices_file(library: Path) -> Path:
    """Return where a person may keep prices of their own for *library*; it need not exist."""
    return library.with_name("prices.toml")


@dataclass(frozen=True, slots=True)
class AgentRoot:
    """An existing folder or file in which an agent program keeps what it logs."""

    agent: str
    path: Path


@dataclass(frozen=True, slots=True)
class _Home:
    """Where an agent program keeps its things, and which of them are logs."""

    agent: str
    bases: tuple[str, ...]  # see _folders for what stands in braces
    logs: tuple[str, ...]
    variable: str = ""  # of the environment, that names another base, or several with commas


_TASKS = "globalStorage/{}/tasks"
_EDITORS = (
    "{apps}/Code/User", "{apps}/Code - Insiders/User", "{apps}/VSCodium/User",
    "{apps}/Cursor/User", "{apps}/Windsurf/User", "{home}/.vscode-server/data/User",
)  # fmt: skip

# From descriptions of the programs; see docs/formats.md for what is read of each.
_HOMES = (
    _Home("Claude Code", ("{home}/.claude", "{home}/.config/claude"),
          ("projects", "history.jsonl"), "CLAUDE_CONFIG_DIR"),
    _Home("Claude desktop", ("{apps}/Claude",),
          ("claude-code-sessions", "local-agent-mode-sessions")),
    _Home("Codex", ("{home}/.codex",),
          ("sessions", "archived_sessions", "history.jsonl"), "CODEX_HOME"),
    _Home("Gemini CLI", ("{home}/.gemini",), ("tmp",)),
    _Home("Copilot CLI", ("{home}/.copilot",), ("session-state",)),
    _Home("OpenCode", ("{data}/opencode",), ("storage",)),
    _Home("pi", ("{home}/.pi/agent",), ("sessions",)),
    _Home("Amp", ("{data}/amp",), ("threads",)),
    _Home("Cursor", ("{home}/.cursor",), ("projects",)),
    _Home("Cline", _EDITORS, (_TASKS.format("saoudrizwan.claude-dev"),)),
    _Home("Roo Code", _EDITORS, (_TASKS.format("rooveterinaryinc.roo-cline"),)),
    _Home("Kilo Code", _EDITORS, (_TASKS.format("kilocode.kilo-code"),)),
    _Home("Factory droid", ("{home}/.factory",), ("sessions",)),
    _Home("Kiro CLI", ("{home}/.kiro",), ("sessions/cli",)),
    _Home("Qwen Code", ("{home}/.qwen",), ("projects",)),
    _Home("iFlow", ("{home}/.iflow",), ("projects",)),
    _Home("OpenClaude", ("{home}/.openclaude",), ("projects",)),
    _Home("CodeBuddy", ("{home}/.codebuddy",), ("projects",)),
    _Home("WorkBuddy", ("{home}/.workbuddy",), ("projects",)),
)  # fmt: skip


def agent_roots(
    environment: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> tuple[Path, ...]:
    """Return the paths of `found_agents`."""
    return tuple(one.path for one in found_agents(environment, platform))


def found_agents(
    environment: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> tuple[AgentRoot, ...]:
    """Return where agents keep logs on this computer: what exists, and each place once.

    What lies inside another one of them is not named again.
    """
    found: dict[Path, AgentRoot] = {}
    for one in _places(environment, platform):
        if os.path.exists(one.path):  # noqa: PTH110  Path.exists() raises where it may not look
            found.setdefault(Path(os.path.realpath(one.path)), one)
    return tuple(one for real, one in found.items() if found.keys().isdisjoint(real.parents))


def _places(environment: Mapping[str, str], platform: str) -> Iterator[AgentRoot]:
    folders = _folders(environment, platform)
    for home in _HOMES:
        said = environment.get(home.variable, "")
        named = [part.strip() for part in (said, *said.split(","))]
        bases = [*filter(None, named), *(base.format(**folders) for base in home.bases)]
        for base in bases:
            for log in home.logs:
                yield AgentRoot(home.agent, Path(base) / log)


def _folders(environment: Mapping[str, str], platform: str) -> dict[str, str]:
    """Return where programs keep their things on *platform*."""
    windows = platform == "win32"
    home = environment.get("USERPROFILE" if windows else "HOME") or str(Path.home())
    if windows:
        apps = environment.get("APPDATA") or f"{home}/AppData/Roaming"
        data = environment.get("LOCALAPPDATA") or f"{home}/AppData/Local"
    else:
        own = "Library/Application Support" if platform == "darwin" else ".config"
        apps = (platform != "darwin" and environment.get("XDG_CONFIG_HOME")) or f"{home}/{own}"
        data = environment.get("XDG_DATA_HOME") or f"{home}/.local/share"
    return {"home": home, "apps": apps, "data": data}
