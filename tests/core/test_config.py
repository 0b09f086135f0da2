"""Where agents keep their logs on this computer."""

from pathlib import Path

import pytest

from core.config import agent_roots, found_agents


def made(*paths: Path) -> None:
    for path in paths:
        if path.suffix:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        else:
            path.mkdir(parents=True, exist_ok=True)


def found(home: Path, platform: str = "linux", **more: str) -> dict[str, list[str]]:
    """Return the places below *home* that each agent has."""
    name = "USERPROFILE" if platform == "win32" else "HOME"
    places: dict[str, list[str]] = {}
    for one in found_agents({name: str(home), **more}, platform):
        places.setdefault(one.agent, []).append(one.path.relative_to(home).as_posix())
    return places


def test_only_what_exists_is_named(tmp_path: Path) -> None:
    assert found(tmp_path) == {}
    made(tmp_path / ".claude", tmp_path / ".codex")
    assert found(tmp_path) == {}


def test_every_agent_has_its_places(tmp_path: Path) -> None:
    expected = {
        "Claude Code": [".claude/projects", ".claude/history.jsonl", ".config/claude/projects"],
        "Claude desktop": [
            ".config/Claude/claude-code-sessions",
            ".config/Claude/local-agent-mode-sessions",
        ],
        "Codex": [".codex/sessions", ".codex/archived_sessions", ".codex/history.jsonl"],
        "Gemini CLI": [".gemini/tmp"],
        "Copilot CLI": [".copilot/session-state"],
        "OpenCode": [".local/share/opencode/storage"],
        "pi": [".pi/agent/sessions"],
        "Amp": [".local/share/amp/threads"],
        "Cursor": [".cursor/projects"],
        "Cline": [".config/Code/User/globalStorage/saoudrizwan.claude-dev/tasks"],
        "Roo Code": [".vscode-server/data/User/globalStorage/rooveterinaryinc.roo-cline/tasks"],
        "Kilo Code": [".config/VSCodium/User/globalStorage/kilocode.kilo-code/tasks"],
        "Factory droid": [".factory/sessions"],
        "Kiro CLI": [".kiro/sessions/cli"],
        "Qwen Code": [".qwen/projects"],
        "iFlow": [".iflow/projects"],
        "OpenClaude": [".openclaude/projects"],
        "CodeBuddy": [".codebuddy/projects"],
        "WorkBuddy": [".workbuddy/projects"],
    }
    for place in (place for places in expected.values() for place in places):
        if place.endswith(".jsonl"):
            made(tmp_path / place)
        else:
            (tmp_path / place).mkdir(parents=True)

    assert found(tmp_path) == expected


@pytest.mark.parametrize(
    ("platform", "places"),
    [
        ("darwin", ("Library/Application Support", ".local/share")),
        ("win32", ("AppData/Roaming", "AppData/Local")),
        ("linux", (".config", ".local/share")),
    ],
)
def test_every_system_has_folders_of_its_own(
    platform: str, places: tuple[str, str], tmp_path: Path
) -> None:
    apps, data = places
    tasks = f"{apps}/Code/User/globalStorage/saoudrizwan.claude-dev/tasks"
    made(tmp_path / tasks, tmp_path / data / "opencode" / "storage")

    assert found(tmp_path, platform) == {
        "Cline": [tasks],
        "OpenCode": [f"{data}/opencode/storage"],
    }


def test_the_environment_may_name_other_places(tmp_path: Path) -> None:
    made(tmp_path / "a, b" / "sessions", tmp_path / "c" / "projects", tmp_path / "d" / "projects")
    made(tmp_path / "data" / "opencode" / "storage")

    assert found(
        tmp_path,
        CODEX_HOME=str(tmp_path / "a, b"),
        CLAUDE_CONFIG_DIR=f"{tmp_path / 'c'}, {tmp_path / 'd'},",
        XDG_DATA_HOME=str(tmp_path / "data"),
    ) == {
        "Claude Code": ["c/projects", "d/projects"],
        "Codex": ["a, b/sessions"],
        "OpenCode": ["data/opencode/storage"],
    }


def test_one_place_is_named_once(tmp_path: Path) -> None:
    made(tmp_path / ".claude" / "projects")
    (tmp_path / "link").symlink_to(".claude")
    made(tmp_path / ".claude" / "projects" / "inside" / "sessions")

    assert found(
        tmp_path,
        CLAUDE_CONFIG_DIR=f"{tmp_path}/link,{tmp_path}/.claude",
        CODEX_HOME=str(tmp_path / ".claude" / "projects" / "inside"),
    ) == {"Claude Code": ["link/projects"]}


def test_roots_are_the_paths_of_what_was_found(tmp_path: Path) -> None:
    made(tmp_path / ".codex" / "sessions", tmp_path / ".codex" / "history.jsonl")

    environment = {"HOME": str(tmp_path)}
    assert agent_roots(environment, "linux") == (
        tmp_path / ".codex" / "sessions",
        tmp_path / ".codex" / "history.jsonl",
    )
