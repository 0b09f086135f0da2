"""The table of prices that is shipped says what the library it is made from says."""

from importlib.metadata import version

from core.measures import price_library
from tests.scripts import script


def test_the_table_is_the_one_the_script_writes_now() -> None:
    found = script("price_table")

    assert found.TABLE.read_bytes() == found.table()


def test_the_table_is_of_the_version_that_is_pinned() -> None:
    assert price_library.version() == version("genai-prices")
