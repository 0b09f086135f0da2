"""The context analysis as it is kept: one JSON text for each analyser.

A message is named by its row id and its uuid, so that it can be opened at once and still be
found after the library is built anew. Times are milliseconds since the epoch, UTC.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Final, cast

import orjson

from core.analysis.context import REVISIONS, Context
from core.analysis.utterances import Utterance
from core.records.fields import dump

TERMS: Final = "terms"
ANALYSERS: Final = (*REVISIONS, TERMS)


def revision(analyser: str) -> int:
    """Return the revision of *analyser*."""
    return REVISIONS.get(analyser, 1)


def parts(found: Context, said: Iterable[Utterance]) -> dict[str, str]:
    """Return *found*, and the terms of what was *said*, as one JSON text for each analyser."""
    topics = {one.name: getattr(found.topics, one.name) for one in fields(found.topics)}
    told: dict[str, object] = {
        "topics": {**topics, "threads": found.threads},
        TERMS: sorted({term for one in said for term in one.counts}),
    }
    return {name: _text(told.get(name) or getattr(found, name)) for name in REVISIONS} | {
        TERMS: _text(told[TERMS])
    }


def _text(value: object) -> str:
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
