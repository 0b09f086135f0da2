"""Unrelated files of one name."""

from contextlib import closing
from pathlib import Path

from core.queries import conversations
from core.store.connection import open_reader
from tests import builders as b
from tests.library import imports


def test_unrelated_files_of_one_name_get_the_same_keys_in_any_order(tmp_path: Path) -> None:
    one = b.write(tmp_path / "a" / "talk.jsonl", b.prompt("a1", "one"))
    two = b.write(tmp_path / "b" / "talk.jsonl", b.prompt("b1", "two"))

    keys: list[dict[str, str]] = []
    for name, order in (("x", (one, two)), ("y", (two, one))):
        library = tmp_path / f"{name}.clew"
        for path in order:
            imports(library, path)
        with closing(open_reader(library)) as db:
            keys.append({row.title: row.key for row in conversations.page(db)})

    assert keys[0] == keys[1]
    assert keys[0]["one"] == "talk"
    assert keys[0]["two"].startswith("talk~")
