"""A tool call that is open, and what most cards have in them."""

from dataclasses import dataclass

from core.model import Outcome
from core.queries.transcript import CallRow
from desktop.delegates import json_tree
from desktop.delegates.folding import ReadText
from desktop.delegates.sections import Section, Style
from desktop.look import words
from desktop.look.words import translate
from desktop.models.call_lists import DONE, Todo
from desktop.models.call_values import JsonObject

_STATE_ICONS = {
    DONE: "icon:ok:ok",
    "in_progress": "icon:play:run",
    "cancelled": "icon:cancel:faint",
}
_WAITING = "icon:none:faint"


@dataclass(frozen=True, slots=True)
class Opened:
    """A call and its texts as far as they were read."""

    call: CallRow
    given: JsonObject
    detail: JsonObject
    answer: str  # the result, whole or its start
    project: str
    read: ReadText  # fetches the whole text of a block

    @property
    def went_well(self) -> bool:
        """Whether there is a result, and not one that tells of failure."""
        return self.call.outcome is Outcome.OK


def answer(opened: Opened, style: Style = Style.CODE, label: str = "") -> Section:
    """Return what the tool gave back, as *style* has it."""
    failed = opened.call.outcome is Outcome.ERROR
    text = _without_tags(opened.answer)
    return Section(style, text, "answer", label, tone="failed" if failed else "text")


def failure(opened: Opened, style: Style = Style.CODE) -> list[Section]:
    """Return what the tool gave back if that tells of failure; a success needs no words."""
    return [] if opened.went_well else [answer(opened, style)]


def todo_section(items: list[Todo], part: str = "todos", label: str = "") -> Section:
    """Return *items* as a list with a picture for each one's state."""
    gutter = tuple(_STATE_ICONS.get(item.state, _WAITING) for item in items)
    text = "\n".join(words.one_line(item.text, 400) for item in items)
    tints = "".join("x" if item.state == DONE else " " for item in items)
    return Section(Style.LIST, text, part, label, gutter=gutter, tints=tints)


def unknown(opened: Opened) -> list[Section]:
    """Return what a tool was given and gave back, as trees where they are JSON."""
    call = opened.call
    asked = call.input.strip() not in {"", "{}", "null"}
    found: list[Section] = []
    if asked:
        label = translate("cards", "Input")
        plain = Section(Style.CODE, call.input, "given", label)
        found.append(json_section(call.input, "given", label) or plain)
    label = translate("cards", "Output") if asked else ""
    tone = "failed" if call.outcome is Outcome.ERROR else "text"
    tree = json_section(_structured(opened), "answer", label, tone)
    return [*found, tree or Section(Style.TERMINAL, opened.answer, "answer", label, tone=tone)]


def json_section(json: str, part: str, label: str = "", tone: str = "text") -> Section | None:
    """Return *json* as a tree; None if that does not go."""
    tree = json_tree.parsed(json)
    return None if tree is None else Section(Style.TREE, "", part, label, tone=tone, tree=tree)


def _structured(opened: Opened) -> str:
    """Return the whole result if it looks like an object or a list."""
    call = opened.call
    if call.result[:1] not in {"{", "["} or call.result_size > json_tree.MOST_PARSED:
        return ""
    if len(call.result) < call.result_size and call.result_id is not None:
        return opened.read(call.result_id)
    return call.result


def _without_tags(text: str) -> str:
    """Return an error's text without the tag that the agent program puts around it."""
    if not text.startswith("<tool_use_error>"):
        return text
    return text.removeprefix("<tool_use_error>").removesuffix("</tool_use_error>")
