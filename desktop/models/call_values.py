"""Looks into the JSON of a tool call: what it was given, and the facts that came back."""

import shlex
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias, cast

import orjson

from core.queries.transcript import CallRow

JsonObject: TypeAlias = Mapping[str, object]

# Every agent program has other names for the same.
PATHS: Final = (
    "file_path", "filePath", "notebook_path", "path", "absolute_path", "target_file",
    "AbsolutePath", "TargetFile", "filename", "file", "dir_path", "target_directory",
)  # fmt: skip
OLD: Final = ("old_string", "oldString", "oldText", "old_str", "old_text")
NEW: Final = ("new_string", "newString", "newText", "new_str", "new_text")
CONTENTS: Final = ("content", "contents", "file_text", "file_content", "fileText", "text")
COMMANDS: Final = ("command", "cmd", "CommandLine", "script")
PATTERNS: Final = ("pattern", "regex", "query", "Query", "glob", "glob_pattern")
_SHELLS: Final = frozenset({"-c", "-lc", "-ic", "-Command", "/c"})
_PATCH: Final = "*** Begin Patch"
_MOST_CACHED: Final = 100_000  # characters


class Seen(NamedTuple):
    """A call with its JSON read."""

    call: CallRow
    given: JsonObject
    detail: JsonObject
    project: str  # folder that paths are shown as seen from


def seen(call: CallRow, project: str = "") -> Seen:
    """Return *call* with its JSON read."""
    return Seen(call, given(call), detail(call), project)


def given(call: CallRow) -> JsonObject:
    """Return what *call* was given; empty if that is no JSON object."""
    return parsed(call.input)


def detail(call: CallRow) -> JsonObject:
    """Return the facts that came with *call*'s result."""
    return parsed(call.detail)


def said(values: JsonObject, *keys: str) -> str:
    """Return the first text under one of *keys*; empty if there is none."""
    for key in keys:
        value = values.get(key)
        if isinstance(value, str) and value:
            return value
    return ""


def number(values: JsonObject, key: str) -> int | None:
    """Return the number under *key*, rounded."""
    value = values.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return round(value) if abs(value) < 1e15 else None


def listed(values: JsonObject, key: str) -> list[JsonObject]:
    """Return the objects in the list under *key*."""
    return [item for item in map(mapped, _items(values, key)) if item]


def texts(values: JsonObject, key: str) -> list[str]:
    """Return the texts in the list under *key*."""
    return [item for item in _items(values, key) if isinstance(item, str)]


def mapped(value: object) -> JsonObject:
    """Return *value* if it is an object, else an empty one."""
    return cast("JsonObject", value) if isinstance(value, Mapping) else {}


def command(values: JsonObject) -> str:
    """Return the command line in *values*, which may be a list of words for a shell."""
    if line := said(values, *COMMANDS):
        return line
    words = next((found for key in COMMANDS if (found := texts(values, key))), list[str]())
    for at, word in enumerate(words[:-1]):
        if word in _SHELLS:
            return words[at + 1]
    return shlex.join(words)


def patch(call: CallRow) -> str:
    """Return the text of the patch that *call* is to apply; empty if it is no such call."""
    if _PATCH not in call.input:
        return ""
    values = given(call)
    text = said(values, "patchText", "input", "patch", "diff", *COMMANDS) or _plain(call.input)
    if _PATCH not in text:
        text = next((one for key in COMMANDS for one in texts(values, key) if _PATCH in one), "")
    _, begin, rest = text.partition(_PATCH)
    return begin + rest


def pretty(json: str) -> str:
    """Return *json* with one value to a line; as it stands if it is no JSON."""
    try:
        return orjson.dumps(orjson.loads(json), option=orjson.OPT_INDENT_2).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return json


def parsed(json: str) -> JsonObject:
    """Return *json* as an object; empty if it is none."""
    return _remembered(json) if len(json) < _MOST_CACHED else mapped(_read(json))


@lru_cache(maxsize=128)
def _remembered(json: str) -> JsonObject:
    return mapped(_read(json))


def _plain(json: str) -> str:
    value = _read(json)
    return value if isinstance(value, str) else ""


def _read(json: str) -> object:
    if not json:
        return None
    try:
        return cast("object", orjson.loads(json))
    except orjson.JSONDecodeError:
        return None


def _items(values: JsonObject, key: str) -> list[object]:
    value = values.get(key)
    return cast("list[object]", value) if isinstance(value, list) else []
