"""Lists inside tool calls: things to do with their states, hits on the web, lines of a file."""

import json
import re
from typing import Final, NamedTuple, cast

from core.queries.transcript import CallRow
from desktop.look.words import translate
from desktop.models.call_values import JsonObject, detail, listed, mapped, number, said

DONE: Final = "completed"
_STATES: Final = {
    "completed": DONE, "complete": DONE, "done": DONE, "finished": DONE,
    "in_progress": "in_progress", "in-progress": "in_progress", "inProgress": "in_progress",
    "running": "in_progress", "active": "in_progress",
    "cancelled": "cancelled", "canceled": "cancelled", "deleted": "cancelled",
}  # fmt: skip
_LISTED: Final = re.compile(r"^#(\S+) \[(\w+)\] (.+)$", re.MULTILINE)
_BOXED: Final = re.compile(r"^\s*[-*]?\s*\[([ xX~/-]?)\] (.+)$", re.MULTILINE)
_BOXES: Final = {"x": DONE, "X": DONE, "~": "in_progress", "-": "in_progress", "/": "in_progress"}
_LINKS: Final = re.compile(r"^Links: (\[.*\])\s*$", re.MULTILINE)
_INTRODUCED: Final = re.compile(r"\AWeb search results for query: [^\n]*\n")
_MOST: Final = 200


class Todo(NamedTuple):
    """A thing to do."""

    state: str  # completed, in_progress, cancelled; everything else is waiting
    text: str


class Page(NamedTuple):
    """A page that a search on the web found."""

    title: str
    url: str


def todos(values: JsonObject) -> list[Todo]:
    """Return the items of a to-do list or plan."""
    for key in ("todos", "plan", "todoList", "items", "tasks"):
        if items := listed(values, key):
            return [_todo(item) for item in items[:_MOST]]
    text = said(values, "todos", "todoList")
    boxes: list[tuple[str, str]] = _BOXED.findall(text)
    return [Todo(_BOXES.get(box, "pending"), what) for box, what in boxes[:_MOST]]


def tasks(call: CallRow) -> list[Todo]:
    """Return the tasks that the result of *call* lists."""
    found = listed(detail(call), "tasks")
    if not found and (one := mapped(detail(call).get("task"))):
        found = [one]
    if found:
        return [_numbered(_todo(item), said(item, "id")) for item in found[:_MOST]]
    told: list[tuple[str, str, str]] = _LISTED.findall(call.result)
    return [
        _numbered(Todo(_STATES.get(state, state), text), id_) for id_, state, text in told[:_MOST]
    ]


def state_name(state: str) -> str:
    """Return *state* for people."""
    names = {
        DONE: translate("calls", "done"),
        "in_progress": translate("calls", "in progress"),
        "cancelled": translate("calls", "cancelled"),
        "pending": translate("calls", "waiting"),
    }
    return names.get(_STATES.get(state, state), state)


def pages(call: CallRow) -> list[Page]:
    """Return the pages that a search on the web found; the log tells in one of two places."""
    found = listed(detail(call), "results")
    if not found and (match := _LINKS.search(call.result)) is not None:
        found = listed({"links": _loaded(match[1])}, "links")
    made = [Page(said(item, "title"), said(item, "url")) for item in found[:_MOST]]
    return [page for page in made if page.url]


def without_links(text: str) -> str:
    """Return what a search printed, without the line that `pages` reads and the query."""
    return _LINKS.sub("", _INTRODUCED.sub("", text, count=1)).strip()


def span(values: JsonObject) -> tuple[int | None, int | None]:
    """Return the first and the last line that *values* ask of a file; None where not told."""
    wanted = values.get("view_range")
    if isinstance(wanted, list):
        ends = [end for end in cast("list[object]", wanted) if isinstance(end, int)]
        if len(ends) == 2:
            return ends[0], ends[1] if ends[1] > 0 else None
    for begin, end in (("start_line", "end_line"), ("startLine", "endLine")):
        if (first := _whole(values, begin)) is not None:
            return first, _whole(values, end)
    first, count = _whole(values, "offset"), _whole(values, "limit")
    if count is None:
        return first, None
    return first, (first or 1) + count - 1


def _loaded(text: str) -> object:
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError):
        return None


def _whole(values: JsonObject, key: str) -> int | None:
    """Return the number under *key*, which some write as text."""
    text = said(values, key)
    return int(text) if text.isdecimal() and len(text) < 12 else number(values, key)


def _todo(item: JsonObject) -> Todo:
    state = said(item, "status", "state")
    text = said(item, "content", "subject", "step", "title", "text", "description", "task")
    return Todo(_STATES.get(state, state), text)


def _numbered(item: Todo, id_: str) -> Todo:
    return item._replace(text=f"#{id_}  {item.text}") if id_ else item
