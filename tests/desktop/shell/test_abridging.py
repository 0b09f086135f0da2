"""Packages that are imported without parts of them."""

import importlib
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from desktop.abridging import abridged


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    folder = tmp_path / "spool"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from .thread import *\nfrom .needle import Needle, Eye\nfrom . import needle\n"
    )
    (folder / "thread.py").write_text("LENGTH = 3\n")
    (folder / "needle.py").write_text("class Needle: ...\nclass Eye: ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "spool"]:
        del sys.modules[name]


@pytest.mark.usefixtures("package")
def test_what_is_not_wanted_is_not_run_and_says_so_when_used() -> None:
    with abridged("spool", {"thread"}):
        spool = importlib.import_module("spool")

    assert spool.LENGTH == 3
    assert "spool.needle" not in sys.modules
    with pytest.raises(ImportError, match=r"spool\.needle\.Needle was left out"):
        spool.Needle()
    with pytest.raises(ImportError, match="left out"):
        spool.Eye.made()
    assert not hasattr(spool.Eye, "__len__")


@pytest.mark.usefixtures("package")
def test_what_was_left_out_can_be_imported_later() -> None:
    with abridged("spool", {"thread"}):
        importlib.import_module("spool")

    assert importlib.import_module("spool.needle").Needle().__class__.__name__ == "Needle"


@pytest.mark.usefixtures("package")
def test_a_package_that_is_there_already_stays_whole() -> None:
    spool = importlib.import_module("spool")
    with abridged("spool", ()):
        assert importlib.import_module("spool.needle") is spool.needle


def test_the_finder_is_gone_when_the_import_fails() -> None:
    before = list(sys.meta_path)
    with pytest.raises(ModuleNotFoundError), abridged("no_such_package", ()):
        importlib.import_module("no_such_package")

    assert sys.meta_path == before
