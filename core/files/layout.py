"""What the place of a transcript file says about it."""

from dataclasses import dataclass
from pathlib import PurePath

_AGENT = "agent-"
_META = ".meta.json"


@dataclass(frozen=True, slots=True)
class Layout:
    """Which session a file holds, as far as its path tells."""

    key: str  # the file's stem: the id of the session
    agent: str = ""  # id of the sub-agent whose lane it is
    trunk: str = ""  # key of the session that started the agent; "" when the path does not say
    folder: str = ""  # name of the folder, for sessions that record no working folder


def layout(path: PurePath) -> Layout:
    """Return what *path* says.

    Claude Code before 2.1.2 kept ``agent-<id>.jsonl`` beside the sessions, later versions
    in ``<session>/subagents/`` or deeper.
    """
    name = path.name
    key = name.removesuffix(_META) if name.endswith(_META) else path.stem
    if not key.startswith(_AGENT):
        return Layout(key, folder=path.parent.name)
    parts = path.parts
    trunk = ""
    if "subagents" in parts[1:]:
        at = len(parts) - 1 - parts[::-1].index("subagents")
        trunk = parts[at - 1]
    return Layout(key, agent=key.removeprefix(_AGENT), trunk=trunk, folder=path.parent.name)


def is_agent_meta(path: PurePath) -> bool:
    """Tell whether *path* is the small file beside an agent's transcript that describes it."""
    return path.name.startswith(_AGENT) and path.name.endswith(_META)
