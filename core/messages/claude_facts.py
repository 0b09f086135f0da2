"""What Claude Code's ``toolUseResult`` adds to a tool's result: facts for its card, full texts.

Every tool writes other keys. Kept is what a person may want to know beside the text: counts,
states, patches, answers; never the whole files that edits carry along. Source: the shapes of
29,660 results of public transcripts.
"""

import re
from collections.abc import Callable

from core.records.fields import JsonObject, dump, items, mapping, text

MOST_DETAIL = 256 * 1024  # characters of JSON that are kept of one result
_MOST_ITEMS = 100
_LONGEST = 2000  # characters of one word or line that is kept

# Single values: numbers, words, and flags that are set.
_PLAIN = frozenset(
    {
        "agentId", "appliedLimit", "appliedOffset", "backgroundTaskId", "backgroundedByUser",
        "bytes", "cell_number", "cell_type", "code", "codeText", "commandName",
        "durationMs", "durationSeconds", "edit_mode", "error", "exitCode", "fileCount",
        "isAsync", "language", "mode", "numFiles", "numLines", "numMatches", "operation",
        "outputFile", "persistedOutputPath", "persistedOutputSize", "persistent",
        "replaceAll", "resultCount", "retrieval_status", "returnCodeInterpretation",
        "searchCount", "shellId", "shell_id", "status", "success", "taskId", "task_id",
        "task_type", "timedOutAfterMs", "timeoutMs", "totalDurationMs", "totalTokens",
        "totalToolUseCount", "total_deferred_tools", "truncated", "type", "url",
        "userModified",
    }
)  # fmt: skip
_SAVED = re.compile(r"<persisted-output>\s*[^\n]*?saved to:\s*([^\n]+)")


def detail(facts: JsonObject) -> str:
    """Return the facts of *facts*, a ``toolUseResult``, that a card shows, as JSON."""
    kept: dict[str, object] = {}
    for key, value in facts.items():
        keep = _KEEP.get(key)
        if keep is not None and (part := keep(value)) is not None:
            kept[key] = part
    if not kept:
        return ""
    said = dump(kept)
    if len(said) <= MOST_DETAIL:
        return said
    return dump({key: value for key, value in kept.items() if key in _PLAIN})


def full(extra: object) -> str:
    """Return the text of a ``toolUseResult``, which may be more than the model was shown."""
    facts = mapping(extra)
    if "stdout" in facts or "stderr" in facts:
        printed, failed = text(facts, "stdout"), text(facts, "stderr")
        return f"{printed}\n{failed}" if printed and failed else printed or failed
    for key, read in _TEXTS:
        if key in facts:
            return read(facts)
    return "\n".join(text(mapping(item), "text") for item in items(extra))


def persisted(facts: JsonObject, said: str) -> str:
    """Return the name of the file that holds a long output, without its folders; "" if none.

    The log names it by the path it had on the machine where the agent ran.
    """
    path = text(facts, "persistedOutputPath")
    if not path and said.startswith("<persisted-output>"):
        found = _SAVED.match(said)
        path = found.group(1).strip() if found else ""
    if not path:
        return ""
    name = re.split(r"[/\\]", path)[-1]
    return "" if name in {"", ".", ".."} or "\0" in name else name


def _plain(value: object) -> object:
    return value if _is_plain(value) else None


def _filled(keep: Callable[[object], object]) -> Callable[[object], object]:
    """Return *keep* with None for what it finds empty."""
    return lambda value: keep(value) or None


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return 0 < len(value) <= _LONGEST
    return isinstance(value, int | float) and value is not False


def _patch(value: object) -> object:
    return items(value)


def _words(value: object) -> object:
    """Return the single values of an object, such as the answers to questions."""
    pairs = list(mapping(value).items())[:_MOST_ITEMS]
    return {key[:_LONGEST]: one for key, one in pairs if _is_plain(one)}


def _notes(value: object) -> object:
    return {key[:_LONGEST]: _words(one) for key, one in list(mapping(value).items())[:_MOST_ITEMS]}


def _names(value: object) -> object:
    return [one for one in items(value)[:_MOST_ITEMS] if isinstance(one, str) and _is_plain(one)]


def _file(value: object) -> object:
    """Return of a file that was read which part it was, not its text."""
    data = mapping(value)
    kept: dict[str, object] = {key: data[key] for key in _FILE if _is_plain(data.get(key))}
    if size := _words(data.get("dimensions")):
        kept["dimensions"] = size
    return kept


def _task(value: object) -> object:
    data = mapping(value)
    return {key: data[key] for key in _TASK if _is_plain(data.get(key))}


def _tasks(value: object) -> object:
    return [_task(one) for one in items(value)[:_MOST_ITEMS]]


def _hits(value: object) -> object:
    """Return titles and addresses of what a search on the web found."""
    found = [hit for part in items(value) for hit in items(mapping(part).get("content"))]
    pages = [mapping(hit) for hit in found[:_MOST_ITEMS]]
    return [{"title": text(one, "title"), "url": text(one, "url")} for one in pages if one]


def _todos(value: object) -> object:
    return [_words(one) for one in items(value)[:_MOST_ITEMS]]


_FILE = (
    "filePath", "startLine", "numLines", "totalLines", "type", "originalSize", "count", "cells"
)  # fmt: skip
_TASK = ("id", "subject", "status", "task_id", "task_type", "exitCode", "description", "owner")
_PARTS: dict[str, Callable[[object], object]] = {
    "structuredPatch": _patch,
    "answers": _words,
    "annotations": _notes,
    "statusChange": _words,
    "gitOperation": _notes,
    "filenames": _names,
    "matches": _names,
    "updatedFields": _names,
    "allowedTools": _names,
    "file": _file,
    "task": _task,
    "tasks": _tasks,
    "results": _hits,
    "oldTodos": _todos,
}
_KEEP: dict[str, Callable[[object], object]] = {
    **dict.fromkeys(_PLAIN, _plain),
    **{key: _filled(keep) for key, keep in _PARTS.items()},
}


def _answered(facts: JsonObject) -> str:
    """Return what an agent answered, or what a search printed."""
    said = facts.get("content")
    if isinstance(said, str):
        return said if "numFiles" in facts else ""  # of a write it is the file, and in its call
    return "\n".join(text(mapping(item), "text") for item in items(said))


def _of_task(facts: JsonObject) -> str:
    task = mapping(facts.get("task"))
    return max(text(task, "output"), text(task, "result"), key=len)


_TEXTS: tuple[tuple[str, Callable[[JsonObject], str]], ...] = (
    ("result", lambda facts: text(facts, "result")),
    ("content", _answered),
    ("task", _of_task),
    ("plan", lambda facts: text(facts, "plan")),
)
