"""The one argument of a tool call that tells most, as a short line."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from core.queries.transcript import CallRow
from desktop.look import words
from desktop.look.words import translate
from desktop.models import call_lists, call_values
from desktop.models.call_values import PATHS, PATTERNS, Seen, listed, number, said
from desktop.models.tool_names import PATCH, canonical

_LONGEST: Final = 300
_FIRST: Final = (  # what tells most about a call of a tool nobody here knows
    "command", "cmd", "file_path", "path", "pattern", "query", "url", "description", "skill",
    "subject", "prompt", "name", "title", "id", "task_id", "taskId", "shell_id", "bash_id",
)  # fmt: skip
_SHELLS: Final = ("bash_id", "shell_id", "shellId", "task_id", "session_id", "id")
_HOME: Final = re.compile(r"^(?:/home|/Users|[A-Z]:\\Users)[/\\][^/\\]+(?=[/\\])")
_PATCHED: Final = re.compile(r"^\*\*\* (?:Update|Add|Delete) File: (.+)$", re.MULTILINE)


def argument(call: CallRow, project: str) -> str:
    """Return the argument that tells most, as one short line."""
    seen = call_values.seen(call, project)
    tell = _TELLERS.get(canonical(call.tool))
    return words.one_line((tell(seen) if tell is not None else "") or _any(seen), _LONGEST)


def short_path(path: str, project: str) -> str:
    """Return *path* as seen from *project*, or with its home folder as ``~``."""
    root = project.rstrip("/\\")
    if root and path.startswith(root) and path[len(root) : len(root) + 1] in {"/", "\\"}:
        return path[len(root) + 1 :]
    if path == root and root:
        return "."
    return _HOME.sub("~", path)


def _any(seen: Seen) -> str:
    if path := said(seen.given, *PATHS):
        return short_path(path, seen.project)
    if first := said(seen.given, *_FIRST):
        return first
    rest = [
        value for value in seen.given.values() if isinstance(value, (str, int, float)) and value
    ]
    if rest:
        return str(rest[0])
    return "" if seen.given or seen.call.input in {"", "{}", "null"} else seen.call.input[:_LONGEST]


def _bash(seen: Seen) -> str:
    if call_values.patch(seen.call):
        return _patch(seen)
    return _first_line(call_values.command(seen.given))


def _first_line(command: str) -> str:
    """Return the first line of *command* that says something."""
    for line in command[:4_000].splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            return line.strip() + (" …" if command.rstrip().count("\n") else "")
    return command[:_LONGEST]


def _search(seen: Seen) -> str:
    found = said(seen.given, *PATTERNS)
    inside = said(seen.given, *PATHS) or said(seen.given, "glob", "include", "file_pattern")
    if not found or not inside or inside == found:
        return found
    return translate("calls", "{0}  in {1}").format(found, short_path(inside, seen.project))


def _read(seen: Seen) -> str:
    path = short_path(said(seen.given, *PATHS), seen.project)
    first, last = call_lists.span(seen.given)
    if not path or (first is None and last is None):
        return path
    return f"{path}:{first or 1}–{last if last is not None else ''}"


def _task(seen: Seen) -> str:
    kind = said(seen.given, "subagent_type", "agent_type", "agentName", "mode")
    what = said(seen.given, "description", "title")
    return (
        f"{kind}: {what}"
        if kind and what
        else what or kind or said(seen.given, "prompt", "message")
    )


def _todos(seen: Seen) -> str:
    items = call_lists.todos(seen.given)
    running = [text for state, text in items if state == "in_progress"]
    return running[0] if running else said(seen.given, "explanation")


def _task_update(seen: Seen) -> str:
    parts = [f"#{said(seen.given, 'taskId')}", said(seen.given, "subject")]
    if state := said(seen.given, "status"):
        parts.append(f"→ {call_lists.state_name(state)}")
    return " ".join(part for part in parts if part)


def _fetch(seen: Seen) -> str:
    url = said(seen.given, "url", "uri", "Url", "prompt")
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.netloc}{PurePosixPath(parts.path)}" if parts.netloc else url


def _query(seen: Seen) -> str:
    return said(seen.given, "query", "search_term", "q")


def _question(seen: Seen) -> str:
    asked = listed(seen.given, "questions")
    return said(asked[0], "question") if asked else said(seen.given, "question", "prompt")


def _plan(seen: Seen) -> str:
    return said(seen.given, "plan").lstrip("# ").partition("\n")[0]


def _patch(seen: Seen) -> str:
    paths = [
        short_path(path.strip(), seen.project)
        for path in _PATCHED.findall(call_values.patch(seen.call))
    ]
    shown = ", ".join(dict.fromkeys(paths[:8]))
    return f"{shown}, …" if len(paths) > 8 else shown


def _notebook(seen: Seen) -> str:
    path = short_path(said(seen.given, *PATHS), seen.project)
    cell = number(seen.given, "cell_number")
    return path if cell is None else translate("calls", "{0}, cell {1}").format(path, cell)


def _skill(seen: Seen) -> str:
    parts = (said(seen.given, "skill", "command", "name"), said(seen.given, "args", "arguments"))
    return "  ".join(part for part in parts if part)


def _lsp(seen: Seen) -> str:
    path = short_path(said(seen.given, *PATHS), seen.project)
    line, column = number(seen.given, "line"), number(seen.given, "character")
    place = ":".join(str(part) for part in (path, line, column) if part not in {"", None})
    return "  ".join(part for part in (said(seen.given, "operation"), place) if part)


def _output(seen: Seen) -> str:
    more = seen.detail
    if ran := said(more, "command"):
        return _first_line(ran)
    return said(seen.given, *_SHELLS) or next(
        (str(found) for key in _SHELLS if (found := number(seen.given, key)) is not None), ""
    )


_TELLERS: Final[dict[str, Callable[[Seen], str]]] = {
    "Bash": _bash,
    "BashOutput": _output,
    "KillShell": _output,
    "Grep": _search,
    "Glob": _search,
    "Read": _read,
    "Task": _task,
    "TodoWrite": _todos,
    "TaskUpdate": _task_update,
    "WebFetch": _fetch,
    "WebSearch": _query,
    "AskUserQuestion": _question,
    "ExitPlanMode": _plan,
    PATCH: _patch,
    "NotebookEdit": _notebook,
    "Skill": _skill,
    "LSP": _lsp,
}
