"""The context analysis as JSON.

A message is named by its row id and its uuid, so that it can be opened at once and still be
found after the library is built anew. Times are milliseconds since the epoch, UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import cast

import orjson

from core.analysis.context import REVISIONS, Context
from core.records.fields import dump


def parts(found: Context) -> dict[str, object]:
    """Return *found* by analyser, made of what JSON knows."""
    told: dict[str, object] = {
        "topics": {one.name: getattr(found.topics, one.name) for one in fields(found.topics)}
        | {"threads": found.threads}
    }
    return {name: plain(told.get(name) or getattr(found, name)) for name in REVISIONS}


def text(value: object) -> str:
    """Return *value* as JSON text: by the library that knows dataclasses, if it can.

    It cannot where a text holds half of a surrogate pair.
    """
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return dump(plain(value))


def plain(value: object) -> object:
    """Return *value* made of what JSON knows. Dataclasses become objects."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, dict):
        table = cast("Mapping[object, object]", value)
        return {str(key): plain(one) for key, one in table.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in cast("Sequence[object]", value)]
    return round(value, 6) if isinstance(value, float) else value


def _fields(value: object) -> dict[str, object]:
    assert is_dataclass(value)
    return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
