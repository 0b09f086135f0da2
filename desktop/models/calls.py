"""What a tool call's one line says about how it went. No Qt drawing here."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.model import Outcome
from core.queries.transcript import CallRow
from desktop.look import words
from desktop.look.words import translate
from desktop.models import call_lists, call_values, tool_names
from desktop.models.call_arguments import argument
from desktop.models.call_values import Seen, detail, mapped, number, said

_EXIT: Final = re.compile(r"(?:Error: )?Exit code:? (\d{1,5})\b")
_NO_HITS: Final = ("No files found", "No matches found", "No results")
_ID: Final = 16  # characters of a background task's id


@dataclass(frozen=True, slots=True)
class Fact:
    """A few words at the right end of a card's line."""

    text: str
    tone: str = "muted"
    icon: str = ""
    pill: bool = False  # on a ground of its own


def exit_code(call: CallRow) -> int | None:
    """Return the exit code that a command ended with, where the log tells."""
    found = number(detail(call), "exitCode")
    if found is not None:
        return found
    match = _EXIT.match(call.result[:40])
    return int(match[1]) if match else None


def outcome(call: CallRow) -> Fact | None:
    """Return how *call* went, in a word with a picture; None if all went well."""
    match call.outcome:
        case Outcome.ERROR:
            code = exit_code(call)
            if not code:
                return Fact(translate("calls", "failed"), "failed", "failed")
            text = translate("calls", "failed, exit {0}").format(code)
            return Fact(text, "failed", "failed")
        case Outcome.DENIED:
            return Fact(translate("calls", "denied"), "warning", "denied")
        case Outcome.INTERRUPTED:
            return Fact(translate("calls", "interrupted"), "warning", "interrupted")
        case Outcome.NONE:
            return Fact(translate("calls", "no result recorded"), "muted", "none")
        case Outcome.OK:
            return None


def facts(call: CallRow) -> list[Fact]:
    """Return what else is worth knowing before opening *call*, without outcome and time."""
    teller = _TELLERS.get(tool_names.canonical(call.tool))
    return teller(call_values.seen(call)) if teller is not None else []


def sentence(call: CallRow, project: str) -> str:
    """Return the line as a screen reader says it."""
    parts = [tool_names.name(call.tool)]
    if (ending := outcome(call)) is not None:
        parts.append(ending.text)
    if call.duration_ms is not None:
        parts.append(words.duration(call.duration_ms))
    parts += [fact.text for fact in facts(call)]
    parts.append(argument(call, project))
    return ", ".join(part for part in parts if part)


def _read(seen: Seen) -> list[Fact]:
    if seen.call.outcome is not Outcome.OK:
        return []
    part = mapped(seen.detail.get("file"))
    lines, total = number(part, "numLines"), number(part, "totalLines")
    if lines is None and seen.call.result_size:
        lines = seen.call.result_lines + 1
    if lines is None:
        return []
    if total is not None and total > lines:
        shown = translate("calls", "{0} of {1} lines")
        return [Fact(shown.format(words.count(lines), words.count(total)))]
    return [Fact(words.plural(lines, *_pair("line", "lines")))]


def _search(seen: Seen) -> list[Fact]:
    if seen.call.outcome is not Outcome.OK:
        return []
    found: list[Fact] = []
    for key, pair in (
        ("numMatches", _pair("hit", "hits")),
        ("numFiles", _pair("file", "files")),
        ("numLines", _pair("line", "lines")),
    ):
        if count := number(seen.detail, key):
            found.append(Fact(words.plural(count, *pair)))
    if not found and (
        seen.call.result.startswith(_NO_HITS) or number(seen.detail, "numFiles") == 0
    ):
        return [Fact(translate("calls", "no hits"))]
    if seen.detail.get("truncated") or seen.detail.get("appliedLimit"):
        found.append(Fact(translate("calls", "cut")))
    return found


def _agent(seen: Seen) -> list[Fact]:
    found: list[Fact] = []
    if (steps := number(seen.detail, "totalToolUseCount")) is not None:
        found.append(Fact(words.plural(steps, *_pair("step", "steps"))))
    if (tokens := number(seen.detail, "totalTokens")) is not None:
        found.append(Fact(translate("calls", "{0} tokens").format(words.short_count(tokens))))
    if seen.detail.get("isAsync"):
        found.append(Fact(translate("calls", "in the background")))
    return found


def _todos(seen: Seen) -> list[Fact]:
    states = call_lists.todos(seen.given)
    return _done(states)


def _task_list(seen: Seen) -> list[Fact]:
    return _done(call_lists.tasks(seen.call))


def _done(states: list[call_lists.Todo]) -> list[Fact]:
    if not states:
        return []
    done = sum(each.state == call_lists.DONE for each in states)
    return [Fact(translate("calls", "{0} of {1} done").format(done, len(states)))]


def _fetched(seen: Seen) -> list[Fact]:
    found: list[Fact] = []
    if (code := number(seen.detail, "code")) is not None:
        found.append(Fact(f"HTTP {code}", "failed" if code >= 400 else "muted"))
    if size := number(seen.detail, "bytes"):
        found.append(Fact(words.size(size)))
    return found


def _searched(seen: Seen) -> list[Fact]:
    count = len(call_lists.pages(seen.call))
    return [Fact(words.plural(count, *_pair("hit", "hits")))] if count else []


def _ran(seen: Seen) -> list[Fact]:
    found: list[Fact] = []
    if id_ := said(seen.detail, "backgroundTaskId"):
        text = translate("calls", "in the background as {0}")
        found.append(Fact(text.format(words.one_line(id_, _ID))))
    if seen.call.outcome is Outcome.OK and (code := exit_code(seen.call)):
        found.append(Fact(translate("calls", "exit {0}").format(code), "warning"))
    if (limit := number(seen.detail, "timedOutAfterMs")) is not None:
        text = translate("calls", "timed out after {0}").format(words.duration(limit))
        found.append(Fact(text, "warning"))
    return found


def _printed(seen: Seen) -> list[Fact]:
    found = _ran(seen)
    task = mapped(seen.detail.get("task"))
    if state := said(seen.detail, "status", "retrieval_status") or said(task, "status"):
        found.insert(0, Fact(words.one_line(call_lists.state_name(state), 24)))
    return found


def _planned(seen: Seen) -> list[Fact]:
    accepted = Fact(translate("calls", "accepted"), "ok", "ok")
    return [accepted] if seen.call.outcome is Outcome.OK else []


def _asked(seen: Seen) -> list[Fact]:
    count = len(call_values.listed(seen.given, "questions"))
    return [Fact(words.plural(count, *_pair("question", "questions")))] if count > 1 else []


def _found(seen: Seen) -> list[Fact]:
    count = number(seen.detail, "resultCount")
    if count is None:
        return []
    return [Fact(words.plural(count, *_pair("result", "results")))]


def _tools(seen: Seen) -> list[Fact]:
    count = len(call_values.texts(seen.detail, "matches"))
    return [Fact(words.plural(count, *_pair("tool", "tools")))] if count else []


def _pair(one: str, many: str) -> tuple[str, str]:
    return translate("calls", one), translate("calls", many)


_TELLERS: Final[dict[str, Callable[[Seen], list[Fact]]]] = {
    "Read": _read,
    "Grep": _search,
    "Glob": _search,
    "Task": _agent,
    "TodoWrite": _todos,
    "TaskList": _task_list,
    "WebFetch": _fetched,
    "WebSearch": _searched,
    "Bash": _ran,
    "BashOutput": _printed,
    "ExitPlanMode": _planned,
    "AskUserQuestion": _asked,
    "LSP": _found,
    "ToolSearch": _tools,
}
