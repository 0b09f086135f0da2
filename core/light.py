"""Makes frozen dataclasses as cheap to build as plain ones, for those that records are made of.

The `__init__` of a frozen dataclass goes around its own ban on assignment field by field, which
takes five times as long as assigning. An import builds a dozen objects for each record: that was
a ninth of all it took. To pickle one takes a tenth of the time likewise. The classes stay frozen
for the type checkers, which see every line here and in the tests; only the check at run time goes.
"""

from dataclasses import MISSING, Field, fields
from operator import attrgetter
from typing import Any, Final, TypeVar

_T = TypeVar("_T")
_NOT_GIVEN: Final = object()


def light(cls: type[_T]) -> type[_T]:
    """Give the frozen dataclass *cls* an `__init__` that assigns, and let it.

    All of its fields are given to it, by place or by name.
    """
    own = fields(cls)  # type: ignore[arg-type]  # a dataclass, as all that are decorated with this
    cls.__init__ = _initial(own)  # type: ignore[method-assign]  # of the same fields, in order
    del cls.__setattr__, cls.__delattr__
    values = attrgetter(*(one.name for one in own))  # a tuple: each of these has several fields

    def reduced(self: object) -> tuple[type[_T], tuple[object, ...]]:
        return cls, values(self)

    cls.__reduce__ = reduced  # type: ignore[method-assign]  # read by pickle alone
    return cls


def _initial(own: "tuple[Field[Any], ...]") -> Any:  # noqa: ANN401  a method
    """Return an `__init__` that takes and assigns *own*, fields of a dataclass.

    A class made only to have one, by dataclasses themselves, takes four times as long.
    """
    known: dict[str, Any] = {"_NOT_GIVEN": _NOT_GIVEN}
    head: list[str] = ["self"]
    body: list[str] = []
    for one in own:
        value, given = one.name, one.name
        if one.default is not MISSING:
            known[f"_{one.name}"] = one.default
            given += f"=_{one.name}"
        elif one.default_factory is not MISSING:
            known[f"_{one.name}"] = one.default_factory
            given += "=_NOT_GIVEN"
            value = f"_{one.name}() if {one.name} is _NOT_GIVEN else {one.name}"
        head.append(given)
        body.append(f"    self.{one.name} = {value}")
    source = f"def __init__({', '.join(head)}):\n" + "\n".join(body)
    exec(source, known)  # noqa: S102  names of fields in our own code, as dataclasses does it
    return known["__init__"]
