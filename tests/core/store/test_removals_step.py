"""The step that makes room for what is removed, on a library of before."""

from pathlib import Path

from core.queries import removals
from core.store.migrate import migrate, steps
from core.store.removals import remove, restore
from tests import builders as b
from tests.library import dump, imports, sound, writing

_AWAY = """
DROP TABLE removed_rows;
DROP TABLE removed_session;
DROP TABLE removal;
PRAGMA user_version = 13;
"""


def test_a_library_of_before_is_as_it_was_and_takes_orders(tmp_path: Path) -> None:
    library = tmp_path / "l.clew"
    imports(library, b.write(tmp_path / "logs" / "one.jsonl", b.prompt("p1", sessionId="one")))
    with writing(library) as (db, _):
        before = dump(db)
        db.executescript(_AWAY)
        assert migrate(db, library) == max(steps()) - 13

        assert dump(db) == before
        assert removals.removed(db) == []
        done = remove(db, "one", 0)
        assert done is not None
        restore(db, done)
        assert dump(db) == before
    assert sound(library)
