"""Methods that all dataclasses have in common, made once and not once for each of them.

For each class Python writes and compiles how it is shown and that it does not change: a thousand
functions here that do the same, 2 MB, and a tenth of a second of every start.
"""

import dataclasses
import inspect
import sys
from reprlib import recursive_repr
from types import FunctionType, ModuleType
from typing import Any, Final

_REPLACED: Final = ("_repr_fn", "_frozen_get_del_attr", "inspect")


def share_methods() -> None:
    """Have the dataclasses that are made from now on share what is the same for all of them.

    Private names of the standard library, that are others from Python 3.13 on; nothing happens
    there, nor where one of them is missing.
    """
    if sys.version_info < (3, 13) and all(hasattr(dataclasses, name) for name in _REPLACED):
        for name, shared in zip(_REPLACED, (_showing, _refusing, _unsigned()), strict=True):
            setattr(dataclasses, name, shared)


def _unsigned() -> ModuleType:
    """Return the module `inspect`, by which each class without a docstring is described.

    Here without its fields: where there are no docstrings, a start took 3 % less without them.
    """
    same = ModuleType(inspect.__name__)
    vars(same).update(vars(inspect), signature=_unknown)
    return same


def _unknown(_made: type) -> str:
    return ""  # behind its name, which is what is left then


def _showing(*_told: object) -> FunctionType:
    return _another(_shown)


def _refusing(*_told: object) -> tuple[FunctionType, FunctionType]:
    return _another(_not_set, "__setattr__"), _another(_not_deleted, "__delattr__")


def _another(shared: Any, name: str = "__repr__") -> FunctionType:  # noqa: ANN401  a function
    """Return a function called *name* that is *shared*: a class gives each of its own a name."""
    return FunctionType(shared.__code__, shared.__globals__, name, None, shared.__closure__)


@recursive_repr()
def _shown(self: Any) -> str:  # noqa: ANN401  of any dataclass
    told = (f"{one.name}={getattr(self, one.name)!r}" for one in _fields(self) if one.repr)
    return f"{type(self).__qualname__}({', '.join(told)})"


def _not_set(self: object, name: str, value: object) -> None:
    if _is_fixed(self, name):
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(self, name, value)


def _not_deleted(self: object, name: str) -> None:
    if _is_fixed(self, name):
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
    object.__delattr__(self, name)


def _is_fixed(self: object, name: str) -> bool:
    """Tell whether *name* stays as it is: only a class below a frozen one may have others."""
    return "__dataclass_fields__" in vars(type(self)) or name in {one.name for one in _fields(self)}


def _fields(self: Any) -> tuple["dataclasses.Field[Any]", ...]:  # noqa: ANN401  as above
    return dataclasses.fields(self)
