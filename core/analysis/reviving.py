"""JSON read back into the dataclasses that it was written from.

For each type a reader is made once, out of the readers of its parts.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from core.records.fields import mapping

T = TypeVar("T")
_Reader: TypeAlias = Callable[[Any], Any]


def revived(kind: type[T], told: object) -> T:
    """Return *told*, of JSON, as what `context_parts.plain` made it from, a *kind*.

    Raises:
        ValueError: it is of another shape.
    """
    try:
        return cast("T", _reader(cast("Any", kind))(told))
    except (KeyError, TypeError) as error:
        raise ValueError(f"This is no {kind}: {error!r}") from error


@cache
def _reader(kind: Any) -> _Reader:  # noqa: ANN401  a type as annotations have it
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return _optional(_reader(next(one for one in inner if one is not NoneType)))
    if origin is tuple:
        return _many(_reader(inner[0])) if inner[-1] is ... else _row(inner)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _table(_reader(inner[1]))
    if is_dataclass(kind):
        return _record(kind)
    return _NUMBERS.get(kind) or (kind if issubclass(kind, Enum) else _plain(kind))


def _optional(read: _Reader) -> _Reader:
    return lambda told: None if told is None else read(told)


def _many(read: _Reader) -> _Reader:
    return lambda told: tuple([read(one) for one in _list(told)])


def _row(inner: tuple[Any, ...]) -> _Reader:
    readers = [_reader(kind) for kind in inner]
    return lambda told: tuple([read(one) for read, one in zip(readers, _list(told), strict=True)])


def _table(read: _Reader) -> _Reader:
    return lambda told: {key: read(value) for key, value in mapping(told).items()}


def _record(kind: Any) -> _Reader:  # noqa: ANN401  a dataclass of any kind
    hints = get_type_hints(kind)
    readers = [(one.name, _reader(hints[one.name])) for one in fields(kind)]
    return lambda told: kind(*[read(told[name]) for name, read in readers])


def _plain(kind: type[object]) -> _Reader:
    def read(told: object) -> object:
        if not isinstance(told, kind):
            raise ValueError(f"{told!r} is no {kind}")  # noqa: TRY004  one error for every shape
        return told

    return read


def _float(told: object) -> float:
    if not isinstance(told, int | float):
        raise ValueError(f"{told!r} is no number")  # noqa: TRY004  one error for every shape
    return float(told)


def _list(told: object) -> list[object]:
    if not isinstance(told, list):
        raise ValueError(f"{told!r} is no list")  # noqa: TRY004  one error for every shape
    return cast("list[object]", told)


_NUMBERS: Final[dict[Any, _Reader]] = {float: _float}
