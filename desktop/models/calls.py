"""What a tool call's one line says: picture, name, argument, how it went. No Qt drawing here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final, cast
from urllib.parse import urlsplit

import orjson

from core.model import Outcome
from core.queries.transcript import CallRow
from desktop.look import words
from desktop.look.words import translate

JsonObject = Mapping[str, object]

_LOOKS: Final = {
    "read": ("Read", "NotebookRead", "LS", "ReadMcpResource"),
    "edit": ("Edit", "MultiEdit", "Write", "NotebookEdit"),
    "run": ("Bash", "BashOutput", "KillShell", "KillBash", "TaskOutput", "TaskStop", "Monitor"),
    "search": ("Grep", "Glob", "ToolSearch", "Search"),
    "agent": ("Task", "Agent", "SendMessage", "Skill"),
    "web": ("WebFetch", "WebSearch"),
    "todo": ("TodoWrite", "TodoRead", "TaskCreate", "TaskUpdate", "TaskList", "TaskGet"),
    "plan": ("ExitPlanMode", "EnterPlanMode"),
    "question": ("AskUserQuestion",),
}
_ICON_OF: Final = {tool: icon for icon, tools in _LOOKS.items() for tool in tools}
_TONE_OF: Final = {
    "todo": "mcp",
    "plan": "agent",
    "question": "you",
    "plug": "mcp",
    "unknown": "mcp",
}
_PATHS: Final = ("file_path", "notebook_path", "path")
_FIRST: Final = (  # what tells most about a call of a tool nobody here knows
    "command", "file_path", "path", "pattern", "query", "url", "description", "skill", "subject",
    "prompt", "name", "title", "id", "task_id", "taskId", "shell_id", "bash_id",
)  # fmt: skip
_EXIT: Final = re.compile(r"(?:Error: )?Exit code (\d{1,5})\b")
_STATES: Final = ("completed", "done")


@dataclass(frozen=True, slots=True)
class Fact:
    """A few words at the right end of a card's line."""

    text: str
    tone: str = "muted"
    icon: str = ""


def icon(tool: str) -> str:
    """Return the picture of *tool*."""
    if tool.startswith("mcp__"):
        return "plug"
    return _ICON_OF.get(tool, "unknown")


def tone(tool: str) -> str:
    """Return the colour token of *tool*."""
    found = icon(tool)
    return _TONE_OF.get(found, found)


def name(tool: str) -> str:
    """Return *tool*'s name for people: "server · tool" for one of an MCP server."""
    if tool.startswith("mcp__"):
        server, _, rest = tool[5:].partition("__")
        server = server.removeprefix("plugin_").removeprefix("claude_ai_")
        return words.one_line(f"{server} · {rest}" if rest else server, 80)
    return words.one_line(tool, 60) or translate("calls", "(no name)")


def given(call: CallRow) -> JsonObject:
    """Return what *call* was given; empty if that is no JSON object."""
    return parsed(call.input)


def detail(call: CallRow) -> JsonObject:
    """Return the facts that came with *call*'s result."""
    return parsed(call.detail)


def said(values: JsonObject, key: str) -> str:
    """Return the text under *key*; empty if there is none."""
    value = values.get(key)
    return value if isinstance(value, str) else ""


def number(values: JsonObject, key: str) -> int | None:
    """Return the number under *key*, rounded."""
    value = values.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return round(value) if abs(value) < 1e15 else None


def listed(values: JsonObject, key: str) -> list[JsonObject]:
    """Return the objects in the list under *key*."""
    value = values.get(key)
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("JsonObject", item) for item in items if isinstance(item, Mapping)]


def short_path(path: str, project: str) -> str:
    """Return *path* as seen from *project*, or with its home folder as ``~``."""
    root = project.rstrip("/\\")
    if root and path.startswith(root) and path[len(root) : len(root) + 1] in {"/", "\\"}:
        return path[len(root) + 1 :]
    if path == root and root:
        return "."
    return re.sub(r"^(?:/home|/Users|[A-Z]:\\Users)[/\\][^/\\]+(?=[/\\])", "~", path)


def argument(call: CallRow, project: str) -> str:
    """Return the argument that tells most, as one short line."""
    return words.one_line(_argument(call, given(call), project), 300)


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
            if code is None:
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


def todos(values: JsonObject) -> list[tuple[str, str]]:
    """Return (state, text) of each item of a to-do list."""
    return [
        (said(item, "status"), said(item, "content") or said(item, "subject"))
        for item in listed(values, "todos")
    ]


def facts(call: CallRow) -> list[Fact]:  # noqa: PLR0911  a table
    """Return what else is worth knowing before opening *call*, without outcome and time."""
    values, more = given(call), detail(call)
    match icon(call.tool):
        case "read" if call.outcome is Outcome.OK and call.result_size:
            lines = call.result_lines + 1
            return [Fact(words.plural(lines, *_pair("line", "lines")))]
        case "search" if call.outcome is Outcome.OK:
            return _hits(call, more)
        case "agent":
            return _agent(more)
        case "todo" if states := todos(values):
            done = sum(state in _STATES for state, _ in states)
            return [Fact(translate("calls", "{0} of {1} done").format(done, len(states)))]
        case "web" if (code := number(more, "code")) is not None:
            return [Fact(f"HTTP {code}", "failed" if code >= 400 else "muted")]
        case "run" if said(more, "backgroundTaskId"):
            return [Fact(translate("calls", "in the background"))]
        case _:
            return []


def sentence(call: CallRow, project: str) -> str:
    """Return the line as a screen reader says it."""
    parts = [name(call.tool)]
    if (ending := outcome(call)) is not None:
        parts.append(ending.text)
    if call.duration_ms is not None:
        parts.append(words.duration(call.duration_ms))
    parts += [fact.text for fact in facts(call)]
    parts.append(argument(call, project))
    return ", ".join(part for part in parts if part)


def pretty(json: str) -> str:
    """Return *json* with one value to a line; as it stands if it is no JSON."""
    try:
        return orjson.dumps(orjson.loads(json), option=orjson.OPT_INDENT_2).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return json


def _hits(call: CallRow, more: JsonObject) -> list[Fact]:
    for key, pair in (
        ("numMatches", _pair("hit", "hits")),
        ("numLines", _pair("line", "lines")),
        ("numFiles", _pair("file", "files")),
    ):
        found = number(more, key)
        if found:
            return [Fact(words.plural(found, *pair))]
    if (
        call.result.startswith(("No files found", "No matches found"))
        or number(more, "numFiles") == 0
    ):
        return [Fact(translate("calls", "no hits"))]
    return []


def _agent(more: JsonObject) -> list[Fact]:
    found: list[Fact] = []
    if (steps := number(more, "totalToolUseCount")) is not None:
        found.append(Fact(words.plural(steps, *_pair("step", "steps"))))
    if (tokens := number(more, "totalTokens")) is not None:
        found.append(Fact(translate("calls", "{0} tokens").format(words.short_count(tokens))))
    return found


def _pair(one: str, many: str) -> tuple[str, str]:
    return translate("calls", one), translate("calls", many)


def _argument(call: CallRow, values: JsonObject, project: str) -> str:  # noqa: C901, PLR0911, PLR0912  a table
    match call.tool:
        case "Bash":
            return _command(said(values, "command"))
        case "Grep":
            place = short_path(said(values, "path") or said(values, "glob"), project)
            found = said(values, "pattern")
            return translate("calls", "{0}  in {1}").format(found, place) if place else found
        case "Read":
            return _span(values, short_path(said(values, "file_path"), project))
        case "Task" | "Agent":
            kind, what = said(values, "subagent_type"), said(values, "description")
            return f"{kind}: {what}" if kind and what else what or kind or said(values, "prompt")
        case "TodoWrite":
            running = [text for state, text in todos(values) if state == "in_progress"]
            return running[0] if running else ""
        case "TaskUpdate":
            return f"#{said(values, 'taskId')} {said(values, 'subject')} → {said(values, 'status')}"
        case "WebFetch":
            return _address(said(values, "url"))
        case "AskUserQuestion":
            asked = listed(values, "questions")
            return said(asked[0], "question") if asked else ""
        case "ExitPlanMode":
            return said(values, "plan").lstrip("# ").partition("\n")[0]
        case _:
            pass
    for key in _PATHS:
        if value := said(values, key):
            return short_path(value, project)
    for key in _FIRST:
        if value := said(values, key):
            return value
    rest = [value for value in values.values() if isinstance(value, (str, int, float)) and value]
    return str(rest[0]) if rest else ("" if call.input in {"", "{}"} else call.input[:300])


def _span(values: JsonObject, path: str) -> str:
    offset, limit = number(values, "offset"), number(values, "limit")
    if offset is None and limit is None:
        return path
    first = offset or 1
    return f"{path}:{first}–{first + limit - 1}" if limit else f"{path}:{first}–"


def _command(command: str) -> str:
    """Return the first line of *command* that says something."""
    for line in command[:4_000].splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            return line.strip() + (" …" if command.rstrip().count("\n") else "")
    return command[:300]


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.netloc}{PurePosixPath(parts.path)}" if parts.netloc else url


def parsed(json: str) -> JsonObject:
    """Return *json* as an object; empty if it is none."""
    return _remembered(json) if len(json) < 100_000 else _read(json)


@lru_cache(maxsize=128)
def _remembered(json: str) -> JsonObject:
    return _read(json)


def _read(json: str) -> JsonObject:
    if not json:
        return {}
    try:
        value: object = orjson.loads(json)
    except orjson.JSONDecodeError:
        return {}
    return cast("JsonObject", value) if isinstance(value, dict) else {}
