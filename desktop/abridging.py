"""A package that is imported without the parts of it that nobody here uses."""

import contextlib
import sys
from collections.abc import Collection, Generator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import NoReturn

from typing_extensions import override


@contextlib.contextmanager
def abridged(package: str, wanted: Collection[str]) -> Generator[None]:
    """Have *package*, imported in the body, find those of its modules that are *wanted*; no others.

    For a package whose first module imports all the others. *wanted* are names below it, dots
    between them; what is below one of them has to be named too. A module that is left out is empty
    in the body: a name that somebody takes from it then can be kept, but not used. After the body
    it can be imported like any other; names that the package's first module would have taken from
    it stay away. Where the package is already imported nothing happens.
    """
    if package in sys.modules:
        yield
        return
    finder = _Finder(f"{package}.", wanted)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        finder.forget()


class LeftOut:
    """Stands for what a module that was left out would have held. Whoever uses it is told."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *_given: object, **_named: object) -> NoReturn:
        """Refuse.

        Raises:
            ImportError: always.
        """
        raise self._refusal()

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise self._refusal()

    def _refusal(self) -> ImportError:
        return ImportError(f"{self._name} was left out when its package was imported.")


class _Empty(ModuleType):
    """A module that was left out."""

    @override
    def __getattr__(self, name: str) -> LeftOut:
        if name.startswith("__"):  # it says neither what a star brings nor where its parts are
            raise AttributeError(name)
        return LeftOut(f"{self.__name__}.{name}")


class _Finder(MetaPathFinder, Loader):
    """Comes before Python's own finders, and finds nothing where something was not wanted."""

    def __init__(self, prefix: str, wanted: Collection[str]) -> None:
        self._prefix = prefix
        self._wanted = wanted
        self._empty: list[str] = []

    @override
    def find_spec(
        self, fullname: str, path: object, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        if not fullname.startswith(self._prefix):
            return None
        if fullname.removeprefix(self._prefix) in self._wanted:
            return None
        self._empty.append(fullname)
        return ModuleSpec(fullname, self)

    @override
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Empty(spec.name)

    @override
    def exec_module(self, module: ModuleType) -> None:
        pass

    def forget(self) -> None:
        """Let the modules that were left out be imported from now on."""
        for name in self._empty:
            sys.modules.pop(name, None)
            parent, _, part = name.rpartition(".")
            holder = sys.modules.get(parent)  # gone if it was left out itself
            if holder is not None and isinstance(vars(holder).get(part), _Empty):
                delattr(holder, part)
