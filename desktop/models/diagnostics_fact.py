"""A name, a value and what it is: what the overview of the Diagnostics is made of."""

from dataclasses import dataclass

from desktop.look import words
from desktop.look.words import translate


@dataclass(frozen=True, slots=True)
class Fact:
    """A name, its value now, and what exactly it is."""

    name: str
    value: str
    tip: str


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that belong together."""

    title: str
    facts: tuple[Fact, ...]


def ms(number: float) -> str:
    """Return *number* milliseconds in words."""
    if number < 1_000:
        short = f"{number:.1f}" if number < 10 else round(number)
        return translate("diagnostics", "{0} ms").format(short)
    return words.duration(round(number))
