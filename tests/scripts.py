"""Scripts of the folder packaging, which is no package, as modules."""

import importlib.util
from types import ModuleType

from tests.apart import ROOT


def script(name: str) -> ModuleType:
    """Return the script called *name*, without its ending; it is not run as a program."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "packaging" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
