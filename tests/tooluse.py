"""Conversations of tool calls for tests: small, by hand, and without a library."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from core.analysis.material import Call, Said, Spot, Turn
from core.analysis.tools_work import Spent, Work, work
from core.model import Kind, Outcome, Usage

_IDS = count(1)
SECOND = 1_000


@dataclass(frozen=True, slots=True)
class Conversation(Work):
    """A conversation's work, and whose it is."""

    key: str = "c"
    project: str = "/p"


def call(
    tool: str = "Bash",
    given: dict[str, Any] | str | None = None,
    outcome: Outcome = Outcome.OK,
    *,
    at: int | None = 0,
    took: int | None = SECOND,
    reply: int = 0,
    size: int = 10,
    result: str = "",
    lane: str = "",
    **more: Any,
) -> Call:
    """Return a call; *given* that is a string is a command. Times are in milliseconds."""
    id_ = next(_IDS)
    words = {"command": given} if isinstance(given, str) else given or {"command": "ls"}
    return Call(
        id_, Spot(id_, f"u{id_}"), tool, json.dumps(words), outcome, at, took, lane, reply, size,
        result, **more,
    )  # fmt: skip


def read(path: str = "/p/a.py", **more: Any) -> Call:
    """Return a reading of *path*."""
    return call("Read", {"file_path": path}, **more)


def edit(path: str = "/p/a.py", **more: Any) -> Call:
    """Return an edit of *path*."""
    return call("Edit", {"file_path": path, "old_string": "a", "new_string": "b"}, **more)


def turn(
    *calls: Call,
    said: str = "go on",
    at: int | None = 0,
    lane: str = "",
    session: str = "s",
    **more: Any,
) -> Turn:
    """Return a turn that *said* opens."""
    id_ = next(_IDS)
    prompt = Said(Spot(id_, f"p{id_}"), at, Kind.PROMPT, said)
    ends = [one.ended for one in calls if one.ended is not None]
    more.setdefault("ended", max(ends, default=at))
    return Turn(lane, prompt, calls=calls, session=session, **more)


def conversation(
    *turns: Turn, spent: Sequence[Spent] = (), key: str = "c", project: str = "/p"
) -> Conversation:
    """Return a conversation of *turns*."""
    made = work(turns, tuple(spent))
    return Conversation(made.stints, made.spent, made.left, key, project)


def spent(at: int, *, read_: int = 0, made: int = 0, given: int = 0, lane: str = "") -> Spent:
    """Return an API reply's tokens."""
    id_ = next(_IDS)
    return Spent(Spot(id_, f"r{id_}"), lane, at, given, 0, read_, made)


def used(tokens: int) -> Usage:
    """Return the usage of a turn that wrote *tokens*."""
    return Usage(output=tokens)
