"""What a row consists of, before anything is measured: plain values, made from the library."""

from dataclasses import dataclass
from enum import StrEnum

from desktop.delegates.json_tree import Tree
from desktop.models.calls import Fact


class Style(StrEnum):
    """How a section's text is set."""

    PROSE = "prose"  # Markdown
    PLAIN = "plain"  # a person's own words
    CODE = "code"
    TERMINAL = "terminal"
    DIFF = "diff"
    LIST = "list"  # a checklist: the gutter has pictures
    QUIET = "quiet"  # small and muted
    PICTURE = "picture"
    TREE = "tree"  # JSON


@dataclass(frozen=True, slots=True)
class Section:
    """One text or picture of a row."""

    style: Style
    text: str = ""
    part: str = ""  # names it within its row
    label: str = ""  # a few words above it
    gutter: tuple[str, ...] = ()  # beside each line; "icon:NAME:TOKEN" is a picture
    tints: str = ""  # a character for each line: "+", "-", "@" or a blank
    tone: str = "text"
    hidden: int = 0  # lines that are there and not shown
    note: str = ""  # why not everything is shown, though all was asked for
    block: int = 0  # of a picture
    tree: Tree | None = None


class Shape(StrEnum):
    """What holds a row together."""

    PROMPT = "prompt"  # a tinted card
    PLAIN = "plain"  # text on the window
    CARD = "card"  # one line, and a card below it while it is open
    RULE = "rule"  # a line across
    CHIP = "chip"  # a few words in a pill


@dataclass(frozen=True, slots=True)
class Heading:
    """A row's first line."""

    title: str
    icon: str = ""
    tone: str = "text"
    strong: bool = True
    argument: str = ""
    code: bool = False  # the argument is code
    italic: bool = False
    facts: tuple[Fact, ...] = ()
    tip: str = ""  # what the title means, for who asks


@dataclass(frozen=True, slots=True)
class Row:
    """Everything there is to see of a row."""

    shape: Shape
    heading: Heading | None
    sections: tuple[Section, ...] = ()
    gap: int = 0  # pixels above it
    lead: str = ""  # words above it, in the middle of a line
    day: bool = False  # the lead is a day
    foldable: bool = False
    open: bool = False
    bare: bool = False  # without a frame around what is open
    depth: int = 0  # agents above it
    muted: bool = False  # on a branch that was left behind, or counted elsewhere
    inherited: bool = False  # among the messages that a session repeats
    lane: str = ""  # the agent it can open or close below it
    lane_open: bool = False
