"""What opens below a tool call's line: one function for each class of tools, in one table."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from core.model import Outcome
from core.queries.transcript import CallRow
from desktop.delegates import diff, json_tree
from desktop.delegates.folding import ReadText
from desktop.delegates.sections import Section, Style
from desktop.look import words
from desktop.look.words import translate
from desktop.models import calls
from desktop.models.calls import Fact, JsonObject, listed, said

SHORT_DIFF: Final = 24  # lines: a diff of so many is open by itself
_NUMBERED: Final = re.compile(r"^ *(\d+)[\t→]", re.MULTILINE)
_STATE_ICONS: Final = {
    "completed": "icon:ok:ok",
    "in_progress": "icon:play:run",
    "pending": "icon:none:faint",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A call and its texts as far as they were read."""

    call: CallRow
    given: JsonObject
    detail: JsonObject
    answer: str  # the result, whole or its start
    project: str
    read: ReadText  # fetches the whole text of a block


Card = Callable[[Opened], list[Section]]


def sections(call: CallRow, answer: str, project: str, read: ReadText) -> list[Section]:
    """Return what the open card of *call* shows, with *answer* as its result or its start."""
    opened = Opened(call, calls.given(call), calls.detail(call), answer, project, read)
    if call.input and not opened.given and call.input not in {"{}", "null"}:
        card: Card = _unknown
    elif call.tool.startswith("mcp__"):
        card = _unknown
    else:
        card = _CARDS.get(call.tool, _unknown)
    return [each for each in card(opened) if each.text or each.tree is not None]


@lru_cache(maxsize=128)
def changes(call: CallRow) -> diff.Diff | None:
    """Return the diff that an editing *call* made, or wanted to make; None for other tools."""
    if calls.icon(call.tool) != "edit" or call.tool == "NotebookEdit":
        return None
    values = calls.given(call)
    if (patch := diff.from_patch(calls.detail(call).get("structuredPatch"))) is not None:
        return patch
    if call.tool == "Write":
        return diff.added(said(values, "content"))
    if edits := listed(values, "edits"):
        return diff.joined(
            diff.between(said(edit, "old_string"), said(edit, "new_string")) for edit in edits[:200]
        )
    return diff.between(said(values, "old_string"), said(values, "new_string"))


def change_facts(made: diff.Diff) -> tuple[Fact, ...]:
    """Return how much *made* added and removed."""
    found = [Fact(f"+{words.count(made.added)}", "diff_add_fg")] if made.added else []
    if made.removed:
        found.append(Fact(f"\u2212{words.count(made.removed)}", "diff_del_fg"))
    return tuple(found)


def diff_section(made: diff.Diff) -> Section:
    """Return *made* with signs and, where the file's are known, line numbers in its gutter."""
    gutter: list[str] = []
    for line in made.lines:
        number = str(line.new or line.old) if made.numbered and line.sign != "@" else ""
        sign = "\u2212" if line.sign == "-" else "" if line.sign == "@" else line.sign
        gutter.append(f"{number} {sign}" if number else sign)
    text = "\n".join(line.text if line.sign != "@" or line.text else "⋯" for line in made.lines)
    signs = "".join(line.sign for line in made.lines)
    return Section(Style.DIFF, text, "diff", gutter=tuple(gutter), tints=signs)


def _answer(opened: Opened, style: Style = Style.CODE, label: str = "") -> Section:
    failed = opened.call.outcome is Outcome.ERROR
    text = _without_tags(opened.answer)
    return Section(style, text, "answer", label, tone="failed" if failed else "text")


def _read(opened: Opened) -> list[Section]:
    text = opened.answer
    if opened.call.outcome is not Outcome.OK:
        return [_answer(opened)]
    body, reminder, _ = text.partition("\n\n<system-reminder>")
    lines = body.split("\n")
    matches = [_NUMBERED.match(line) for line in lines]
    if not matches[0]:
        return [Section(Style.CODE, text, "answer")]
    shown = [line[m.end() :] if m else line for line, m in zip(lines, matches, strict=True)]
    gutter = tuple(m[1] if m else "" for m in matches)
    found = [Section(Style.CODE, "\n".join(shown), "answer", gutter=gutter)]
    if reminder:
        note = text[len(body) :].strip()
        found.append(Section(Style.QUIET, note, "reminder", translate("cards", "Reminder")))
    return found


def _edit(opened: Opened) -> list[Section]:
    made = changes(opened.call)
    found = [diff_section(made)] if made is not None else []
    if opened.call.outcome is not Outcome.OK:
        found.insert(0, _answer(opened))
    return found


def _bash(opened: Opened) -> list[Section]:
    command = said(opened.given, "command")
    gutter = ("$",) if command else ()
    found = [Section(Style.CODE, command, "command", gutter=gutter)]
    output = _answer(opened, Style.TERMINAL)
    if not output.text.strip() and opened.call.outcome is Outcome.OK:
        quiet = translate("cards", "No output")
        return [*found, Section(Style.QUIET, quiet, "quiet")]
    remark = said(opened.detail, "returnCodeInterpretation")
    return [*found, output, Section(Style.QUIET, remark, "remark")]


def _search(opened: Opened) -> list[Section]:
    return [_answer(opened)]


def _agent(opened: Opened) -> list[Section]:
    asked = said(opened.given, "prompt") or said(opened.given, "message")
    prompt = Section(Style.PROSE, asked, "prompt", translate("cards", "Asked"))
    return [prompt, _answer(opened, Style.PROSE, translate("cards", "Answered"))]


def _todo(opened: Opened) -> list[Section]:
    items = calls.todos(opened.given)
    if not items:
        return _unknown(opened)
    gutter = tuple(_STATE_ICONS.get(state, "icon:none:faint") for state, _ in items)
    text = "\n".join(words.one_line(text, 400) for _, text in items)
    tints = "".join("x" if state == "completed" else " " for state, _ in items)
    found = [Section(Style.LIST, text, "todos", gutter=gutter, tints=tints)]
    return found if opened.call.outcome is Outcome.OK else [*found, _answer(opened)]


def _task(opened: Opened) -> list[Section]:
    about = said(opened.given, "description")
    return [Section(Style.PROSE, about, "about"), _answer(opened)]


def _web(opened: Opened) -> list[Section]:
    url = said(opened.given, "url")
    asked = said(opened.given, "prompt")
    return [
        Section(Style.CODE, url, "url"),
        Section(Style.PLAIN, asked, "prompt", translate("cards", "Asked")),
        _answer(opened, Style.PROSE, translate("cards", "Answered") if url else ""),
    ]


def _question(opened: Opened) -> list[Section]:
    answers = opened.detail.get("answers")
    given: JsonObject = cast("JsonObject", answers) if isinstance(answers, dict) else {}
    found: list[Section] = []
    for number, question in enumerate(listed(opened.given, "questions")[:20]):
        text = said(question, "question")
        found.append(Section(Style.PLAIN, text, f"question{number}"))
        chosen = str(given.get(text, ""))
        options = [said(option, "label") for option in listed(question, "options")[:20]]
        if chosen and chosen not in options:
            options.append(chosen)
        if options:
            marks = tuple("icon:ok:ok" if each == chosen else "icon:none:faint" for each in options)
            lines = "\n".join(words.one_line(each, 400) for each in options)
            tints = "".join(" " if each == chosen or not chosen else "." for each in options)
            found.append(Section(Style.LIST, lines, f"options{number}", gutter=marks, tints=tints))
    return found if given else [*found, _answer(opened)]


def _plan(opened: Opened) -> list[Section]:
    plan = Section(Style.PROSE, said(opened.given, "plan"), "plan")
    if opened.call.outcome is Outcome.OK and plan.text:
        return [plan]
    return [plan, _answer(opened)]


def _unknown(opened: Opened) -> list[Section]:
    call = opened.call
    asked = call.input.strip() not in {"", "{}", "null"}
    found: list[Section] = []
    if asked:
        label = translate("cards", "Input")
        found.append(json_section(call.input, "given", label) or Section(
            Style.CODE, call.input, "given", label
        ))  # fmt: skip
    label = translate("cards", "Output") if asked else ""
    tone = "failed" if call.outcome is Outcome.ERROR else "text"
    answer = json_section(_structured(opened), "answer", label, tone)
    return [*found, answer or Section(Style.TERMINAL, opened.answer, "answer", label, tone=tone)]


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


_CARDS: Final[dict[str, Card]] = {
    "Read": _read,
    "NotebookRead": _read,
    "Edit": _edit,
    "MultiEdit": _edit,
    "Write": _edit,
    "Bash": _bash,
    "Grep": _search,
    "Glob": _search,
    "LS": _search,
    "Task": _agent,
    "Agent": _agent,
    "TodoWrite": _todo,
    "TaskCreate": _task,
    "WebFetch": _web,
    "WebSearch": _web,
    "AskUserQuestion": _question,
    "ExitPlanMode": _plan,
}
