"""What threading has to know of each record: who it is, whom it follows, what it starts.

The rest of the package never looks at a log's format: it sees events, made here from what
a format's reader says of a record.
"""

from dataclasses import dataclass
from sys import intern  # the same ids stand in many records: each is kept once

from core.model import TYPED, Facts, Kind, Message, Role
from core.records.fields import load, mapping, text

# Commands that steer the agent program and ask nothing of the model. They open no turn.
CONTROL = frozenset(
    {
        "add-dir", "agents", "bashes", "bug", "clear", "compact", "config", "context", "cost",
        "doctor", "effort", "exit", "export", "fast", "help", "hooks", "ide", "login", "logout",
        "mcp", "memory", "model", "output-style", "permissions", "plan", "plugin",
        "privacy-settings", "quit", "rate-limit-options", "release-notes", "remote-env", "rename",
        "resume", "rewind", "sandbox", "skills", "stats", "status", "statusline", "tasks",
        "terminal-setup", "theme", "todos", "upgrade", "usage", "vim",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One record of a log, as far as its place in the session is concerned."""

    uuid: str
    parent: str  # "" for a root
    logical: str  # what a compaction continues
    kind: Kind | None  # None: a record that is not shown but may be a parent
    role: Role | None
    at: int | None  # milliseconds
    sidechain: bool = False
    agent: str = ""  # whose lane it is on, where the log says so
    session: str = ""
    calls: tuple[str, ...] = ()  # tool calls it makes
    answers: tuple[str, ...] = ()  # tool calls whose results it holds
    agents: tuple[tuple[str, str], ...] = ()  # (tool call, agent it is known to have started)
    asked: tuple[tuple[str, int], ...] = ()  # (tool call, digest of the prompt in its input)
    opens: bool = False  # a person's prompt: a turn begins here
    said: int = 0  # digest of all it says


def event(facts: Facts, begins: bool | None = None) -> Event | None:  # noqa: FBT001  what a caller found
    """Return the event that *facts* tell of; None for a record without a place in the chain.

    *begins* says whether a turn begins there, where it is known better than `opens` does.
    """
    message = facts.message
    links = tuple((link.call, link.agent) for link in facts.links)
    if message is None:
        if facts.hop is None:
            return None
        hop = facts.hop
        return Event(intern(hop.uuid), intern(hop.parent), "", None, None, None, agents=links)
    results = [block.result for block in message.blocks if block.result]
    calls = [block.call for block in message.blocks if block.call]
    known = tuple((result.key, result.agent) for result in results if result.agent)
    return Event(
        uuid=intern(message.uuid),
        parent=intern(message.parent),
        logical=message.logical_parent,
        kind=message.kind,
        role=message.role,
        at=message.at,
        sidechain=message.sidechain,
        agent=message.agent,
        session=intern(message.session),
        calls=tuple(intern(call.key) for call in calls),
        answers=tuple(intern(result.key) for result in results),
        agents=links + known,
        asked=_asked(message),
        opens=opens(message) if begins is None else begins,
        said=digest("\n".join(block.text for block in message.blocks)),
    )


def opens(message: Message) -> bool:
    """Tell whether a turn begins at *message*: a person asked the model for something."""
    if message.sidechain or message.role is not Role.USER:
        return False
    if message.kind is Kind.COMMAND:
        words = message.blocks[0].text.split() if message.blocks else []
        return bool(words) and words[0].startswith("/") and words[0][1:].lower() not in CONTROL
    return message.kind in TYPED


def digest(said: str) -> int:
    """Return a number by which equal texts are found in this process; 0 for an empty one."""
    return hash(said.strip())


def _asked(message: Message) -> tuple[tuple[str, int], ...]:
    """Return a digest of what each tool call asks an agent: its first words are equal."""
    calls = [block.call for block in message.blocks if block.call]
    prompts = [
        (call.key, text(mapping(load(call.input)), "prompt"))
        for call in calls
        if '"prompt"' in call.input
    ]
    return tuple((key, digest(prompt)) for key, prompt in prompts if prompt)
