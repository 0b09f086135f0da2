"""The command line of a library, asked as a script asks it: what it says is what people get."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest

from core import doors
from core.store.connection import open_reader


@dataclass(frozen=True, slots=True)
class Clew:
    """One library and its doors."""

    root: Path  # where transcripts are written
    library: Path
    door: Callable[..., Any]

    def import_(self, *paths: Path) -> dict[str, Any]:
        """Import *paths*, or all of the root, and check the library; return what was told."""
        told: dict[str, Any] = self.door("import", *(paths or (self.root,)))
        checked = self.door("check")
        assert checked["ok"], checked["checks"]
        return told

    def list(self) -> list[dict[str, Any]]:
        """Return the conversations."""
        listed: list[dict[str, Any]] = self.door("list")
        return listed

    def show(self, key: str = "") -> dict[str, Any]:
        """Return conversation *key*, or the only one."""
        if not key:
            (one,) = self.list()
            key = one["id"]
        shown: dict[str, Any] = self.door("show", key)
        return shown

    def find(self, words: str) -> dict[str, Any]:
        """Search for *words*."""
        found: dict[str, Any] = self.door("search", words)
        return found

    def stats(self) -> dict[str, Any]:
        """Return the totals."""
        told: dict[str, Any] = self.door("stats")
        return told

    def output(self) -> int:
        """Return the output tokens of the whole library."""
        return sum(model["output"] for model in self.stats()["tokens"].values())

    def reader(self) -> "closing[Connection]":
        """Open the library for queries that no door asks."""
        return closing(open_reader(self.library))


@pytest.fixture
def clew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Clew:
    library = tmp_path / "l.clew"

    def door(name: str, *rest: object) -> Any:
        argv = [name, *map(str, rest), "--library", str(library), "--json"]
        code = doors.main(argv)
        out, err = capsys.readouterr()
        assert (code, err) == (0, ""), (argv, out, err)
        return json.loads(out)

    (tmp_path / "projects").mkdir()
    return Clew(tmp_path / "projects", library, door)
