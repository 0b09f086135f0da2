"""Typed looks into JSON objects of any shape: each returns a safe value, never raises.

A log is not trusted to hold the types it should, so nothing else in the core
indexes a record directly.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast

import orjson

JsonObject: TypeAlias = Mapping[str, object]

MAX_COUNT = 2**53  # beyond it a JSON number is no count of anything
_EARLIEST = 946_684_800_000  # 2000-01-01, milliseconds
_LATEST = 4_102_444_800_000  # 2100-01-01, milliseconds
_EMPTY: JsonObject = {}


def text(record: JsonObject, key: str) -> str:
    """Return the string at *key*, or an empty one when it is anything else."""
    value = record.get(key)
    return value if isinstance(value, str) else ""


def mapping(value: object) -> JsonObject:
    """Return *value* if it is an object, else an empty one."""
    return cast("JsonObject", value) if isinstance(value, dict) else _EMPTY


def items(value: object) -> Sequence[object]:
    """Return *value* if it is an array, else an empty one."""
    return cast("Sequence[object]", value) if isinstance(value, list) else ()


def count(record: JsonObject, key: str) -> int:
    """Return the whole number at *key* if it can count something, else 0."""
    value = record.get(key)
    if isinstance(value, bool):
        return 0
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and 0 <= value <= MAX_COUNT else 0


def truth(record: JsonObject, key: str) -> bool:
    """Return whether *key* holds ``true`` and nothing that merely looks like it."""
    return record.get(key) is True


def moment(value: object) -> int | None:
    """Return *value* as milliseconds since the epoch, UTC.

    Takes ISO 8601 text (without a zone it is read as UTC) and whole seconds or
    milliseconds. None for everything else and for times outside 2000 to 2100.
    """
    at: int | None = None
    if isinstance(value, str):
        try:
            when = datetime.fromisoformat(value)
            at = int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000 + 0.5)
        except (ValueError, OverflowError):
            return None
    elif isinstance(value, int) and not isinstance(value, bool):
        at = value if value > 10**11 else value * 1000
    return at if at is not None and _EARLIEST <= at < _LATEST else None


def dump(value: object) -> str:
    """Return *value* as compact JSON text; integers of any size are allowed."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return "".join(_written(value))


def _written(value: object) -> Iterator[str]:
    """Yield the pieces of *value* as JSON, iteratively: nesting may be of any depth."""
    todo: list[tuple[bool, object]] = [(False, value)]  # (written as it is, what)
    while todo:
        ready, item = todo.pop()
        if ready:
            yield str(item)
        elif isinstance(item, dict):
            todo.append((True, "}"))
            pairs = list(cast("dict[str, object]", item).items())
            for place in reversed(range(len(pairs))):
                key, inner = pairs[place]
                todo.append((False, inner))
                todo.append((True, ("," if place else "") + json.dumps(key) + ":"))
            yield "{"
        elif isinstance(item, list):
            todo.append((True, "]"))
            inners = cast("list[object]", item)
            for place in reversed(range(len(inners))):
                todo.append((False, inners[place]))
                if place:
                    todo.append((True, ","))
            yield "["
        else:
            yield json.dumps(item, ensure_ascii=False)


def load(data: str) -> Any:  # noqa: ANN401  JSON of any shape; callers narrow it
    """Return the value of *data*, JSON text that `dump` wrote; the text itself if too deep."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        try:
            return json.loads(data)
        except RecursionError:
            return data


def flat(value: object) -> str:
    """Return the strings and numbers inside *value*, one a line, in order.

    This is what a search over a tool's input should see: no keys, no escapes.
    Iterative, so that deep nesting cannot exhaust the stack.
    """
    found: list[str] = []
    todo: list[object] = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, dict):
            todo.extend(reversed(cast("dict[str, object]", item).values()))
        elif isinstance(item, list):
            todo.extend(reversed(cast("list[object]", item)))
        elif isinstance(item, int | float) and not isinstance(item, bool):
            found.append(str(item))
    return "\n".join(found)
