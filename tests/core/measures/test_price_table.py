"""The table of prices that is shipped says what the library it is made from says."""

import importlib.util
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from core.measures import price_library

ROOT = Path(__file__).parents[3]


def script() -> ModuleType:
    path = ROOT / "packaging" / "price_table.py"
    spec = importlib.util.spec_from_file_location("price_table", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_the_one_the_script_writes_now() -> None:
    found = script()

    assert found.TABLE.read_bytes() == found.table()


def test_the_table_is_of_the_version_that_is_pinned() -> None:
    assert price_library.version() == version("genai-prices")
