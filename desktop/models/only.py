"""A part of a conversation that is shown alone: its main line, a branch, an agent."""

from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Final

from core.queries.structure import Node, NodeKind
from desktop.look import words
from desktop.look.words import translate

_LONGEST: Final = 28  # characters of a title in a chip


class Line(StrEnum):
    """What sort of part it is."""

    WHOLE = auto()  # all of it
    MAIN = auto()
    BRANCH = auto()
    AGENT = auto()


@dataclass(frozen=True, slots=True)
class Only:
    """What alone is shown."""

    line: Line
    message: int = 0  # row id of the first message of a branch
    agent: str = ""
    title: str = field(default="", compare=False)  # of the branch or the agent


WHOLE: Final = Only(Line.WHOLE)
MAIN: Final = Only(Line.MAIN)


def of_node(node: Node) -> Only | None:
    """Return the part that *node* of a thread tree stands for; None if it stands for none."""
    if node.kind is NodeKind.AGENT and node.agent:
        return Only(Line.AGENT, agent=node.agent, title=node.title)
    if node.kind is NodeKind.BRANCH and node.message:
        return Only(Line.BRANCH, message=node.message, title=node.title)
    return None


def offer(only: Only) -> str:
    """Return what a menu says that shows *only*."""
    match only.line:
        case Line.WHOLE:
            return translate("only", "Show the whole conversation")
        case Line.MAIN:
            return translate("only", "Show only the main line")
        case Line.BRANCH:
            return translate("only", "Show only this branch")
        case Line.AGENT:
            return translate("only", "Show only this agent")


def caption(only: Only) -> str:
    """Return what a chip says while *only* is shown; "" while everything is."""
    title = words.one_line(only.title, _LONGEST)
    match only.line:
        case Line.WHOLE:
            return ""
        case Line.MAIN:
            return translate("only", "Main line only")
        case Line.BRANCH:
            return translate("only", "Only branch: {0}").format(title)
        case Line.AGENT:
            return translate("only", "Only agent: {0}").format(title)


def tip(only: Only) -> str:
    """Return what is left out while *only* is shown, and how to have it back."""
    said = ""
    match only.line:
        case Line.WHOLE:
            return said
        case Line.MAIN:
            said = translate("only", "Branches that were left behind are not shown.")
        case Line.BRANCH:
            said = translate(
                "only", "Shown are the messages of one branch and of those that left it."
            )
        case Line.AGENT:
            said = translate("only", "Shown are the messages of one agent.")
    return f"{said} {translate('only', 'Click to show the whole conversation.')}"
