"""What opens below a tool call's line: one function for each class of tools, in one table."""

import re
from collections.abc import Callable
from typing import Final

from core.queries.transcript import CallRow
from desktop.delegates import edit_cards, talk_cards
from desktop.delegates.folding import ReadText
from desktop.delegates.opened import Opened, answer, failure, todo_section, unknown
from desktop.delegates.sections import Section, Style
from desktop.look import words
from desktop.look.words import translate
from desktop.models import call_lists, call_values
from desktop.models.call_lists import Todo
from desktop.models.call_values import PATTERNS, mapped, number, said
from desktop.models.tool_names import PATCH, canonical, is_mcp

Card = Callable[[Opened], list[Section]]

_NUMBERED: Final = re.compile(r"^ *(\d+)[\t→|] ?")
_OPTIONS: Final = ("glob", "include", "type", "output_mode", "-i", "-A", "-B", "-C", "head_limit")


def sections(call: CallRow, text: str, project: str, read: ReadText) -> list[Section]:
    """Return what the open card of *call* shows, with *text* as its result or its start."""
    given, detail = call_values.given(call), call_values.detail(call)
    opened = Opened(call, given, detail, text, project, read)
    card = CARDS.get(canonical(call.tool), unknown)
    if call_values.patch(call):
        card = edit_cards.patch if canonical(call.tool) == PATCH else _bash
    elif is_mcp(call.tool) or (not given and call.input not in {"", "{}", "null"}):
        card = unknown
    return [each for each in card(opened) if each.text or each.tree is not None]


def _read(opened: Opened) -> list[Section]:
    text = opened.answer
    if not opened.went_well:
        return [answer(opened)]
    body, reminder, _ = text.partition("\n\n<system-reminder>")
    lines = body.split("\n")
    matches = [_NUMBERED.match(line) for line in lines]
    if not matches[0]:
        return [Section(Style.CODE, text, "answer", gutter=_counted(opened, len(lines)))]
    shown = [line[m.end(1) + 1 :] if m else line for line, m in zip(lines, matches, strict=True)]
    gutter = tuple(m[1] if m else "" for m in matches)
    found = [Section(Style.CODE, "\n".join(shown), "answer", gutter=gutter)]
    if reminder:
        note = text[len(body) :].strip()
        found.append(Section(Style.QUIET, note, "reminder", translate("cards", "Reminder")))
    return found


def _counted(opened: Opened, lines: int) -> tuple[str, ...]:
    """Return line numbers for a text that has none, if the log tells the first one."""
    first = number(mapped(opened.detail.get("file")), "startLine")
    count = number(mapped(opened.detail.get("file")), "numLines")
    if first is None or count is None or first < 1:
        return ()
    return tuple(str(first + at) if at < count else "" for at in range(lines))


def _bash(opened: Opened) -> list[Section]:
    command = call_values.command(opened.given)
    if call_values.patch(opened.call):
        found = edit_cards.patch(opened)
        return found if not opened.went_well else [*found, answer(opened, Style.TERMINAL)]
    gutter = ("$",) if command else ()
    found = [Section(Style.CODE, command, "command", gutter=gutter)]
    output = answer(opened, Style.TERMINAL)
    if not output.text.strip() and opened.went_well:
        quiet = translate("cards", "No output")
        return [*found, Section(Style.QUIET, quiet, "quiet")]
    remark = said(opened.detail, "returnCodeInterpretation")
    return [*found, output, Section(Style.QUIET, remark, "remark")]


def _printed(opened: Opened) -> list[Section]:
    typed = said(opened.given, "chars", "input", "text")
    keys = Section(Style.CODE, typed, "typed", translate("cards", "Typed"))
    output = answer(opened, Style.TERMINAL)
    if not output.text.strip() and opened.went_well:
        return [keys, Section(Style.QUIET, translate("cards", "No output"), "quiet")]
    return [keys, output]


def _search(opened: Opened) -> list[Section]:
    pattern = said(opened.given, *PATTERNS)
    options = [
        key if value is True else f"{key}: {value}"
        for key in _OPTIONS
        if isinstance(value := opened.given.get(key), (str, int)) and value not in {"", False}
    ]
    about = words.one_line(" · ".join(options), 300)
    asked = Section(Style.CODE, pattern, "pattern", about)
    names = "\n".join(call_values.texts(opened.detail, "filenames"))
    found = answer(opened)
    if not found.text.strip() and names:
        found = Section(Style.CODE, names, "answer")
    return [asked, found]


def _todo(opened: Opened) -> list[Section]:
    items = call_lists.todos(opened.given)
    if not items:
        return unknown(opened)
    about = Section(Style.PLAIN, said(opened.given, "explanation"), "about")
    before = call_lists.todos({"todos": opened.detail.get("oldTodos")})
    now = {item.text for item in items}
    gone = [item for item in before if item.text not in now]
    left = [todo_section(gone, "gone", translate("cards", "No longer listed"))] if gone else []
    return [about, todo_section(items), *left, *failure(opened)]


def _task(opened: Opened) -> list[Section]:
    subject, about = said(opened.given, "subject"), said(opened.given, "description")
    item = Todo("pending", subject)
    found = [todo_section([item])] if subject else []
    return [*found, Section(Style.PROSE, about, "about"), *failure(opened)]


def _task_update(opened: Opened) -> list[Section]:
    change = mapped(opened.detail.get("statusChange"))
    state = said(change, "to") or said(opened.given, "status")
    if not state:
        return unknown(opened)
    before, now = said(change, "from"), call_lists.state_name(state)
    text = f"{call_lists.state_name(before)} → {now}" if before else now
    item = Todo(state, f"#{said(opened.given, 'taskId')}  {text}")
    about = Section(Style.PROSE, said(opened.given, "description"), "about")
    return [todo_section([item]), about, *failure(opened)]


def _task_list(opened: Opened) -> list[Section]:
    items = call_lists.tasks(opened.call)
    return [todo_section(items)] if items and opened.went_well else [answer(opened)]


def _plain_answer(opened: Opened) -> list[Section]:
    return [answer(opened)]


CARDS: Final[dict[str, Card]] = {
    "Read": _read,
    "Edit": edit_cards.edit,
    "MultiEdit": edit_cards.edit,
    "Write": edit_cards.edit,
    "NotebookEdit": edit_cards.edit,
    PATCH: edit_cards.patch,
    "Bash": _bash,
    "BashOutput": _printed,
    "KillShell": _plain_answer,
    "Grep": _search,
    "Glob": _search,
    "LS": _plain_answer,
    "LSP": _plain_answer,
    "Task": talk_cards.agent,
    "Skill": talk_cards.skill,
    "TodoWrite": _todo,
    "TaskCreate": _task,
    "TaskUpdate": _task_update,
    "TaskList": _task_list,
    "TaskGet": _task_list,
    "WebFetch": talk_cards.fetched,
    "WebSearch": talk_cards.searched,
    "AskUserQuestion": talk_cards.question,
    "ExitPlanMode": talk_cards.plan,
}
