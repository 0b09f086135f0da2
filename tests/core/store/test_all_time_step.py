"""The step that sums what tools have done at all, on a library of before."""

from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

from core.queries import health, totals
from core.store import rollups
from core.store.connection import open_reader
from core.store.migrate import migrate, steps
from tests import builders as b
from tests.library import PRICES, dump, imports, writing

# Makes a library what it was before the step.
AWAY = """
DROP TABLE removed_rows;
DROP TABLE removed_session;
DROP TABLE removal;
CREATE INDEX stretch_by_place  ON stretch (session_id, lane, first_id);
DROP TABLE job_file;
ALTER TABLE job DROP COLUMN flawed;
CREATE INDEX job_running ON job (state) WHERE state = 'running';
DROP TRIGGER reply_again_added;
DROP TABLE reply_again;
DROP INDEX reply_by_tail;
DROP TRIGGER rollup_tool_added;
DROP TRIGGER rollup_tool_gone;
DROP TRIGGER rollup_tool_changed;
DROP VIEW rollup_tool_due;
DROP TABLE rollup_tool;
DROP INDEX census_by_kind;
DROP INDEX call_by_duration;
DROP INDEX call_by_tool;
CREATE INDEX call_by_tool ON call (tool, outcome, at, duration_ms) WHERE counted = 1;
CREATE INDEX reply_unpriced ON reply (at, model)
    WHERE counted = 1 AND cost IS NULL AND input + output + cache_read + cache_creation > 0;
CREATE INDEX reply_cost_by_time ON reply (at, model, cost) WHERE counted = 1;
DROP INDEX reply_by_time;
CREATE INDEX reply_by_time ON reply (at, model, input, output, cache_read, cache_creation)
    WHERE counted = 1;
PRAGMA user_version = 11;
"""


def test_a_library_of_before_says_the_same_behind_the_step(tmp_path: Path) -> None:
    logs = b.write(
        tmp_path / "logs" / "a.jsonl",
        b.prompt("p1", at=1),
        b.calls("a1", "t1", parent="p1", api="m1", at=2),
        b.answers("r1", "t1", parent="a1", error=True, at=3),
        b.calls("a2", "t2", "Read", parent="r1", api="m1", request="again", at=4),
        b.says("a3", parent="a2", api="m2", at=86_400),
    )
    library = tmp_path / "l.clew"
    imports(library, logs, pricing=PRICES)
    with closing(open_reader(library)) as db:
        before, schema = dump(db), _schema(db)
    with writing(library) as (db, _):
        db.executescript(AWAY)
        assert migrate(db, library) == max(steps()) - 11

        assert _schema(db) == schema
        assert dump(db) == before
        assert totals.totals(db).replies == 2
        assert rollups.recount(db, repair=False).sound
        assert all(one.ok for one in health.check(db))


def _schema(db: Connection) -> set[tuple[str, str]]:
    return set(db.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
