"""What records say of the session they stand in: pure looks at the facts of a slice."""

from collections.abc import Sequence

from core.files.layout import Layout
from core.model import TYPED, Facts, Message


def origins(message: Message) -> set[tuple[str, str]]:
    """Return the sessions that *message* says it was copied from."""
    found: set[tuple[str, str]] = set()
    if message.forked_from:
        found.add((message.forked_from, "fork"))
    if message.session:
        found.add((message.session, "copy"))
    return found


def leaf(facts: Sequence[Facts]) -> str | None:
    """Return where *facts* say that the session stands; "": no longer where they said before."""
    found: str | None = None
    for fact in facts:
        if fact.message is not None and fact.message.kind in TYPED:
            found = ""  # a prompt after it: the session goes on there
        if fact.setting is not None and fact.setting.leaf:
            found = fact.setting.leaf
    return found


def lane(place: Layout, part: str, facts: Sequence[Facts]) -> tuple[str, str]:
    """Return the agent that a new session at *place* is the lane of, and its trunk; "": of none.

    *part* is its key where the file holds several.
    """
    return employed(facts) if part or not place.agent else (place.agent, place.trunk)


def employed(facts: Sequence[Facts]) -> tuple[str, str]:
    """Return the agent that a new session is the lane of and its trunk, if its records tell."""
    trunk = next((f.setting.trunk for f in facts if f.setting and f.setting.trunk), "")
    agent = next((f.message.agent for f in facts if f.message and f.message.sidechain), "")
    return (agent, trunk) if trunk and agent else ("", "")
