"""What holds of kept figures whatever is imported, in whatever order, and however it ends."""

import multiprocessing
import os
import signal
import threading
from contextlib import closing
from pathlib import Path

import pytest

from core.analysis.tools_effect import Effect, effects, overall
from core.analysis.tools_part import Part
from core.analyst import catch_up
from core.importing import import_files
from core.ingest import Ingest
from core.insights import insights_of
from core.pieces import pieces
from core.store.connection import open_reader, open_writer
from core.store.migrate import migrate
from core.store.replies import UNPRICED
from core.store.rollups import recount
from core.store.writer import Writer
from tests import builders as b
from tests.library import imports

DAY = 86_400
NAMES = ("one", "two", "three", "four")


def session(name: str, number: int, times: int = 1) -> list[b.Line]:
    """Return a session of some prompts with a failing, a repeated and a slow call each."""
    lines: list[b.Line] = []
    for n in range(3 * times):
        at, last = number * 3 * DAY + n * 900, f"{name}{n}p"
        lines.append(b.prompt(last, f"look at the {name} chart again", at=at, sessionId=name))
        for step, command in enumerate(("make test", "make test", "sleep 60", "ls")):
            call, key = f"{name}{n}c{step}", f"{name}{n}k{step}"
            lines += [
                b.calls(call, key, "Bash", {"command": command}, last, at=at + 1 + step * 70,
                        sessionId=name),
                b.answers(f"{call}a", key, parent=call, at=at + 61 + step * 70, sessionId=name,
                          error=command == "make test"),
            ]  # fmt: skip
            last = f"{call}a"
        lines.append(b.says(f"{name}{n}s", "It is drawn.", last, at=at + 300, sessionId=name))
    return lines


def library(root: Path, names: tuple[str, ...], times: int = 1) -> Path:
    """Import each session by itself, in the order of *names*, and analyse all."""
    for name in names:
        path = root / "logs" / f"{name}.jsonl"
        b.write(path, *session(name, NAMES.index(name), times))
        imports(root / "l.clew", path)
    with closing(open_writer(root / "l.clew")) as db:
        catch_up(db)
    return root / "l.clew"


def figures(path: Path) -> tuple[object, ...]:
    with closing(open_reader(path)) as db:
        found = insights_of(db)
    said = [
        (one.finding.key, one.finding.count, one.finding.lost_ms, one.finding.rank)
        for one in found.findings
    ]
    return said, effects(found.part.effects), overall(found.part.effects)


def test_the_order_in_which_conversations_come_changes_no_figure(tmp_path: Path) -> None:
    one = library(tmp_path / "a", NAMES)
    other = library(tmp_path / "b", NAMES[::-1])

    assert figures(one) == figures(other)


def _of(path: Path, name: str) -> list[str]:
    """Return what is kept of conversation *name*: it does not stand on the rest of the library."""
    with closing(open_reader(path)) as db:
        (id_,) = db.execute("SELECT id FROM conversation WHERE key = ?", (name,)).fetchone()
        return [
            str(text) for one in pieces(db, id_, kept=True) for text in (one.context, one.tools)
        ]


def test_unrelated_conversations_change_nothing_of_one(tmp_path: Path) -> None:
    alone = library(tmp_path / "a", ("one",))
    among = library(tmp_path / "b", ("one", "three", "two"))

    assert _of(alone, "one") == _of(among, "one")


def _rates(part: Part) -> list[tuple[object, ...]]:
    def rated(one: Effect) -> tuple[object, ...]:
        share = one.failed.hits / max(1, one.failed.n), one.retried.hits / max(1, one.retried.n)
        return one.tool, *(round(value, 6) for value in share), one.p50_ms, one.p95_ms

    return [rated(one) for one in effects(part.effects)]


@pytest.mark.parametrize("times", [2, 5])
def test_more_of_the_same_changes_no_rate(tmp_path: Path, times: int) -> None:
    found: list[list[tuple[object, ...]]] = []
    for folder, number in (("a", 1), ("b", times)):
        with closing(open_reader(library(tmp_path / folder, ("one",), number))) as db:
            found.append(_rates(insights_of(db).part))

    assert found[0] == found[1]


def test_appending_changes_only_the_conversation_that_grows(tmp_path: Path) -> None:
    path = library(tmp_path, NAMES)
    before = {name: _of(path, name) for name in NAMES}
    log = tmp_path / "logs" / "two.jsonl"
    b.append(log, *session("two", 1, 2)[len(session("two", 1)) :])
    imports(path, log)
    with closing(open_writer(path)) as db:
        assert catch_up(db) == 1

    after = {name: _of(path, name) for name in NAMES}
    assert {name for name in NAMES if after[name] != before[name]} == {"two"}


def _import_and_die(path: Path, logs: Path, moments: int) -> None:
    """Import *logs*, analysing between files, and be killed after so many moments of SQLite."""
    with closing(open_writer(path)) as db:
        migrate(db, path)
        left = [moments]

        def tick() -> int:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return 0

        db.set_progress_handler(tick, 500)  # within statements, so within transactions too
        writer = Writer(db, UNPRICED)
        for log in sorted(logs.iterdir()):
            import_files(Ingest(writer), (log,), threading.Event(), lambda _: None)
            catch_up(db)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal here")
def test_sums_are_their_rows_wherever_the_program_is_killed(tmp_path: Path) -> None:
    whole = library(tmp_path / "whole", NAMES)
    logs, path = tmp_path / "whole" / "logs", tmp_path / "l.clew"
    killed = 0
    for moments in (2, 7, 19, 31, 53, 97):
        process = multiprocessing.get_context("fork").Process(
            target=_import_and_die, args=(path, logs, moments)
        )
        process.start()
        process.join(60)
        killed += process.exitcode == -signal.SIGKILL
        if path.exists():
            with closing(open_writer(path)) as db:
                migrate(db, path)
                assert recount(db, repair=False).sound
    assert killed >= 3

    imports(path, logs)
    with closing(open_writer(path)) as db:
        catch_up(db)
        assert recount(db, repair=False).sound
    assert figures(path) == figures(whole)
