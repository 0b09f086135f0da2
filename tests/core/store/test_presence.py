"""A library that was taken away is missed; one that is where it was is not."""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import StoreError
from core.store.connection import open_writer
from core.store.presence import Presence
from tests import builders as b
from tests.library import imports

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="an open file cannot be taken away there"
)


def test_a_library_is_there_until_it_is_taken_away(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "l.clew")) as db:
        presence = Presence(db)
        presence.check()
        (tmp_path / "l.clew").rename(tmp_path / "other")
        with pytest.raises(StoreError, match=r"l\.clew was taken away while Clew used it"):
            presence.check()
        (tmp_path / "other").rename(tmp_path / "l.clew")
        presence.check()


def test_another_file_of_its_name_is_not_the_library(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "l.clew")) as db:
        presence = Presence(db)
        shutil.copy(tmp_path / "l.clew", tmp_path / "copy")
        (tmp_path / "copy").replace(tmp_path / "l.clew")
        with pytest.raises(StoreError, match="was taken away"):
            presence.check()


def test_a_library_in_memory_is_always_there() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        Presence(db).check()


def test_a_library_whose_folder_has_a_name_in_no_encoding_is_found(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("the file system takes no such name")
    with closing(open_writer(folder / "l.clew")) as db:
        Presence(db).check()


def test_a_library_that_is_reached_by_a_link_is_there(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    library = tmp_path / "link" / "l.clew"
    log = b.write(tmp_path / "a.jsonl", b.prompt("p1"))
    assert imports(library, log).files_changed == 1
