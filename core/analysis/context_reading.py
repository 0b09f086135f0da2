"""A kept context analysis, read back into the dataclasses that it was written from."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from core.analysis.coherence import Coherence
from core.analysis.complexity import Complexity
from core.analysis.context import Context, ThreadTopic
from core.analysis.engagement import Engagement
from core.analysis.flow import Flow
from core.analysis.progression import Progression
from core.analysis.switches import Switches
from core.analysis.topics import Evolution
from core.records.fields import load, mapping

T = TypeVar("T")


def read(parts: Mapping[str, str]) -> Context:
    """Return the analysis whose *parts* are JSON texts by analyser. Linear in their length.

    Raises:
        ValueError: a part is missing or is of another shape.
    """
    told = {name: mapping(load(part)) for name, part in parts.items() if name in _PARTS}
    if told.keys() != _PARTS.keys():
        raise ValueError("The analysis is not complete.")
    found = {name: revived(kind, told[name]) for name, kind in _PARTS.items()}
    threads = revived(tuple[ThreadTopic, ...], told["topics"].get("threads"))
    return Context(threads=threads, **found)


_PARTS: dict[str, Any] = {
    "topics": Evolution,
    "flow": Flow,
    "intents": Progression,
    "complexity": Complexity,
    "switches": Switches,
    "coherence": Coherence,
    "engagement": Engagement,
}


def revived(kind: type[T], told: object) -> T:
    """Return *told*, of JSON, as what `context_parts.plain` made it from, a *kind*.

    Raises:
        ValueError: it is of another shape.
    """
    return cast("T", _revived(kind, told))


def _revived(kind: Any, told: object) -> object:  # noqa: ANN401  a type as annotations have it
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        if told is None and NoneType in inner:
            return None
        return _revived(next(one for one in inner if one is not NoneType), told)
    if origin is tuple:
        return _row(inner, told)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _revived(inner[1], value) for key, value in mapping(told).items()}
    return _record(kind, told) if is_dataclass(kind) else _value(kind, told)


def _value(kind: type[object], told: object) -> object:
    if issubclass(kind, Enum):
        return kind(told)
    if kind is float and isinstance(told, int | float):
        return float(told)
    if not isinstance(told, kind):
        raise ValueError(f"{told!r} is no {kind}")  # noqa: TRY004  one error for every shape
    return told


def _row(inner: tuple[Any, ...], told: object) -> tuple[object, ...]:
    if not isinstance(told, list):
        raise ValueError(f"{told!r} is no list")  # noqa: TRY004  one error for every shape
    values = cast("list[object]", told)
    if inner[-1] is ...:
        return tuple(_revived(inner[0], one) for one in values)
    return tuple(_revived(kind, one) for kind, one in zip(inner, values, strict=True))


def _record(kind: Any, told: object) -> object:  # noqa: ANN401  a dataclass of any kind
    if not isinstance(told, dict):
        raise ValueError(f"{told!r} is no {kind.__name__}")  # noqa: TRY004  one error for every shape
    values = cast("dict[str, object]", told)
    try:
        return kind(**{name: _revived(hint, values[name]) for name, hint in _hints(kind)})
    except KeyError as error:
        raise ValueError(f"{kind.__name__} lacks {error}") from error


@cache
def _hints(kind: Any) -> tuple[tuple[str, Any], ...]:  # noqa: ANN401  a dataclass of any kind
    hints = get_type_hints(kind)
    return tuple((one.name, hints[one.name]) for one in fields(kind))
