"""What is said where a session begins inside a conversation."""

from core.queries.boundaries import Belongs, Boundary, Other
from desktop.look import words
from desktop.look.words import translate

_LONGEST = 60  # characters of a title
_KEY = 8  # characters of a session's key that tell it from others
_ICONS = {
    Belongs.BACKGROUND: "play",
    Belongs.FORKED: "branch",
    Belongs.CONTINUED: "arrow-down",
    Belongs.RESUMED: "refresh",
    Belongs.JOINED: "conversation",
}


def icon(told: Boundary) -> str:
    """Return the picture of how the session belongs."""
    return _ICONS[told.belongs]


def rule(told: Boundary, when: str) -> str:
    """Return how the session belongs and *when* it began; empty if all began with it."""
    if told.first:
        return ""
    how = _how(told)
    return f"{how} · {when}" if when else how


def inherited(told: Boundary) -> str:
    """Return how many messages the session repeats, and from where."""
    count = words.plural(told.inherited, *_pair("message", "messages"))
    names = [_name(told, owner) for owner in told.owners[:2]]
    if not names:
        return translate("boundary_words", "{0} inherited, counted elsewhere").format(count)
    of = translate("boundary_words", " and ").join(names)
    return translate("boundary_words", "{0} inherited from {1}, counted there").format(count, of)


def meaning() -> str:
    """Return what it means that messages are inherited."""
    return translate(
        "boundary_words",
        "The log of this session repeats these messages of an earlier one. They are counted, "
        "searched and drawn in charts there alone.",
    )


def sentence(told: Boundary) -> str:
    """Return all of it for a screen reader."""
    when = words.clock(told.at) if told.at is not None else ""
    parts = [rule(told, when), inherited(told) if told.inherited else ""]
    return ", ".join(part for part in parts if part)


def _how(told: Boundary) -> str:
    if told.belongs is Belongs.BACKGROUND:
        return translate("boundary_words", "In the background")
    name = _name(told, told.source) if told.source is not None and not told.inherited else ""
    alone, named = {
        Belongs.FORKED: _pair("Forked", "Forked from {0}"),
        Belongs.CONTINUED: _pair("Continued", "Continued from {0}"),
        Belongs.RESUMED: _pair("Resumed", "Resumed from {0}"),
    }.get(told.belongs, _pair("Another session", "Another session"))
    return named.format(name) if name else alone


def _name(told: Boundary, other: Other) -> str:
    """Return what *other* is called: by its key if its title does not tell it from this one."""
    if other.title != told.title:
        return words.one_line(other.title, _LONGEST)
    return translate("boundary_words", "session {0}").format(words.one_line(other.key[:_KEY]))


def _pair(one: str, many: str) -> tuple[str, str]:
    return translate("boundary_words", one), translate("boundary_words", many)
