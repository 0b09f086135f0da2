"""Sessions are analysed piece by piece: an appended message costs its piece, and no more."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from sqlite3 import Connection
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis import cutting
from core.analyst import Analyst, catch_up
from core.contexts import context_of
from core.insights import insights_of, part_of
from core.pieces import Made
from core.queries import pieces as queries
from core.queries.periods import Period
from core.queries.rollups import Lane, Scope
from core.store import threads as store
from core.store.connection import transaction
from core.threads.woven import Edit, EditKind
from core.weaving.weaver import Weaver
from tests import builders as b
from tests.library import imports, reads, writing
from tests.talking import Talk

TURN = 10  # messages
STEP = 20  # seconds


def turns(number: int, first: int = 0) -> list[b.Line]:
    """Return *number* turns of ten messages each, one after the other."""
    lines: list[b.Line] = []
    last = None if not first else f"s{first - 1}"
    for turn in range(first, first + number):
        at = turn * TURN * STEP
        lines.append(b.prompt(f"p{turn}", f"look at the chart of widget{turn % 7}", last, at=at))
        last = f"p{turn}"
        for step in range(4):
            call, at = f"c{turn}.{step}", at + STEP
            lines.append(b.calls(call, f"k{call}", "Bash", {"command": "make"}, last, at=at))
            last, at = f"a{turn}.{step}", at + STEP
            lines.append(b.answers(last, f"k{call}", parent=call, at=at, error=step == 1))
        lines.append(b.says(f"s{turn}", "The widget is drawn.", last, at=at + STEP))
        last = f"s{turn}"
    return lines


@contextmanager
def counted(db: Connection) -> Iterator[list[int]]:
    """Count the statements that *db* runs, and the steps of SQLite's machine that they take."""
    found = [0, 0]

    def tell(_: str) -> None:
        found[0] += 1

    def tick() -> int:
        found[1] += 1
        return 0

    db.set_trace_callback(tell)
    db.set_progress_handler(tick, 1)
    try:
        yield found
    finally:
        db.set_trace_callback(None)
        db.set_progress_handler(None, 0)


def appended(root: Path, messages: int) -> tuple[int, int, int]:
    """Return the statements, machine steps and messages of an analysis of one more message."""
    log, library = root / "logs" / "one.jsonl", root / "l.clew"
    b.write(log, *turns(messages // TURN))
    imports(library, log)
    with writing(library) as (db, ingest):
        catch_up(db)
        analyst = Analyst(db)
        assert analyst.next() is None
        more = b.prompt("more", "and the legend?", f"s{messages // TURN - 1}", at=messages * STEP)
        b.append(log, more)
        reads(ingest, log)
        with counted(db) as found:
            session = analyst.next()
            assert session is not None
            made = analyst.made(session)
            assert made is not None
            analyst.keep(made)
        assert analyst.next() is None
        return found[0], found[1], made.messages


def test_an_appended_message_costs_the_same_after_a_thousand_and_after_twenty_thousand(
    tmp_path: Path,
) -> None:
    few = appended(tmp_path / "small", 1_000)
    many = appended(tmp_path / "large", 20_000)

    assert many == few  # statements, steps of SQLite's machine, messages
    assert few[2] <= 2 * cutting.LEAST


def test_a_result_that_comes_late_costs_the_piece_of_its_call(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "one.jsonl"
    lines = turns(100)
    late = lines.pop(102)  # the answer to a call of turn 10
    b.write(log, *lines)
    imports(tmp_path / "l.clew", log)
    with writing(tmp_path / "l.clew") as (db, ingest):
        catch_up(db)
        (first,) = insights_of(db, kept=True).findings or (None,)
        before = part_of(db, 1, kept=True).effects.ends["Bash", "none"]
        b.append(log, late)
        reads(ingest, log)
        made = Analyst(db).made(1)
        assert made is not None
        assert made.messages < 4 * cutting.LEAST
        catch_up(db)

        assert (before, part_of(db, 1, kept=True).effects.ends["Bash", "none"]) == (1, 0)
        assert figures(db) == anew(db)
        assert first is None or first.finding.count


def scope(lane: Lane) -> Scope:
    day = date(2026, 1, 1)
    return Scope(Period(day, day, 0, 0, whole=True), lane=lane)


def figures(db: Connection) -> list[object]:
    """Return all that is told of the only conversation of *db*, as it is kept."""
    found = context_of(db, 1, kept=True)
    assert found is not None
    told: list[object] = [found.context, found.upto]
    for lane in Lane:
        kept = insights_of(db, scope(lane), kept=True)
        told += [one.finding for one in kept.findings]
        told += [[tally.rows() for tally in kept.part.tallies()]]
        told += [kept.part.effects.times, kept.part.effects.quotes, kept.part.seen]
    return [*told, db.execute("SELECT * FROM term ORDER BY term").fetchall()]


def anew(db: Connection) -> list[object]:
    """Return the same after everything was analysed from nothing."""
    with transaction(db):
        db.execute("DELETE FROM piece")
        db.execute("DELETE FROM term_due")
        db.execute("DELETE FROM term_said")
        db.execute("INSERT OR IGNORE INTO piece_due SELECT id, -2, 0 FROM session")
    catch_up(db)
    return figures(db)


def weave(db: Connection, edit: Edit | None) -> None:
    """Bring threads up to date, with what a person changes of them."""
    (key,) = db.execute("SELECT key FROM conversation").fetchone()
    if edit is not None:
        with transaction(db):
            store.edit(db, key, edit.prompt, edit)
            store.mark(db, [1], anew=True)
    weaver = Weaver(db)
    while weaver.step() is not None:
        pass


@given(seed=st.integers(0, 10**9), cuts=st.lists(st.integers(1, 25), min_size=2, max_size=9))
@settings(max_examples=25, deadline=None)
def test_pieces_that_grew_say_the_same_as_an_analysis_from_nothing(
    seed: int, cuts: list[int]
) -> None:
    talk = Talk(random.Random(seed))
    draw = random.Random(seed + 1)
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(cutting, "LEAST", 6),
        mock.patch.object(cutting, "AFTER", 3),
    ):
        log = Path(folder, "logs", "one.jsonl")
        b.write(log, talk.line())
        with writing(Path(folder, "l.clew")) as (db, ingest):
            for number in cuts:
                b.append(log, *(talk.line() for _ in range(number)))
                reads(ingest, log)
                catch_up(db)
                prompt, _ = draw.choice(talk.prompts)
                kind = draw.choice((EditKind.SPLIT, EditKind.MERGE, None))
                weave(db, Edit(prompt, kind) if kind else None)
            assert queries.due(db, 9) == []
            assert figures(db) == anew(db)


def test_what_changed_meanwhile_is_made_again(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "one.jsonl"
    b.write(log, *turns(3))
    imports(tmp_path / "l.clew", log)
    with writing(tmp_path / "l.clew") as (db, ingest):
        analyst = Analyst(db)
        made = analyst.made(1)
        assert isinstance(made, Made)
        analyst.keep(made)
        b.append(log, *turns(1, 3))
        reads(ingest, log)
        assert analyst.next() == 1
        catch_up(db)
        assert figures(db) == anew(db)


@pytest.mark.parametrize("lane", ["", "ag1"])
def test_a_cut_waits_for_what_reaches_over_it(tmp_path: Path, lane: str) -> None:
    own = {"isSidechain": True, "agentId": lane} if lane else {}
    log = tmp_path / "logs" / "one.jsonl"
    lines = turns(30)
    task = b.prompt("task", "look into it", None, at=1, **own)
    end = b.says("end", "Nothing found.", "task", at=250 * STEP, **own)
    b.write(log, *lines[:5], task, *lines[5:250], end, *lines[250:])
    imports(tmp_path / "l.clew", log)
    with writing(tmp_path / "l.clew") as (db, _):
        catch_up(db)
        kept = db.execute("SELECT messages FROM piece ORDER BY first_id").fetchall()

    assert (kept[0][0] > 240) is bool(lane)
