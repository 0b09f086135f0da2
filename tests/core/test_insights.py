"""Figures about tools are kept by conversation, and only what changed is made anew."""

import json
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from core import doors
from core.analyst import catch_up
from core.errors import StoreError
from core.insights import insights_of, part_of
from core.pieces import REVISION
from core.queries import pieces
from core.queries.periods import Period
from core.queries.rollups import Lane, Scope
from core.store import finding_marks
from core.store import pieces as store
from core.store.connection import open_reader, transaction
from tests import builders as b
from tests.library import imported, imports, reads, writing

LATER = 1 << 60


def sleepy(name: str, *, days: int = 1) -> list[b.Record]:
    lines: list[b.Record] = []
    for n in range(3 * days):
        lines += [
            b.prompt(f"{name}u{n}", "wait for it", at=n * 100, sessionId=name),
            b.calls(
                f"{name}a{n}", f"{name}t{n}", "Bash", {"command": "sleep 60"}, f"{name}u{n}",
                at=n * 100 + 1, sessionId=name,
            ),
            b.answers(f"{name}r{n}", f"{name}t{n}", parent=f"{name}a{n}", at=n * 100 + 61,
                      sessionId=name),
        ]  # fmt: skip
    return lines


def logs(root: Path, *names: str) -> Path:
    for name in names:
        b.write(root / "logs" / f"{name}.jsonl", *sleepy(name))
    return root / "logs"


def scope(*projects: str, lane: Lane = Lane.ALL) -> Scope:
    day = date(2026, 1, 1)
    return Scope(Period(day, day, 0, 0, whole=True), projects, lane=lane)


def test_what_is_kept_says_the_same_as_what_is_made(tmp_path: Path) -> None:
    with closing(imported(tmp_path, logs(tmp_path, "one", "two"))) as db:
        made = insights_of(db)
    with writing(tmp_path / "library.clew") as (db, _):
        assert catch_up(db) == 2
        assert catch_up(db) == 0
        kept = insights_of(db)

    assert kept.findings == made.findings
    assert [dict(t) for t in kept.part.tallies()] == [dict(t) for t in made.part.tallies()]
    assert [(one.finding.detector, one.finding.count) for one in kept.findings] == [("sleep", 6)]


def test_an_appended_line_costs_one_conversation_however_many_there_are(tmp_path: Path) -> None:
    folder = logs(tmp_path, *(f"s{n}" for n in range(12)))
    imports(tmp_path / "l.clew", folder)
    with writing(tmp_path / "l.clew") as (db, ingest):
        assert catch_up(db) == 12
        b.append(folder / "s3.jsonl", b.prompt("more", "go on", at=1000, sessionId="s3"))
        reads(ingest, folder / "s3.jsonl")

        assert catch_up(db) == 1


def test_catching_up_can_be_bounded_and_stopped(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", logs(tmp_path, "one", "two", "three"))
    with writing(tmp_path / "l.clew") as (db, _):
        assert catch_up(db, go_on=lambda: False) == 0
        assert catch_up(db, 1) == 1
        assert catch_up(db) == 2


def test_a_dismissal_survives_that_everything_is_read_again(tmp_path: Path) -> None:
    folder = logs(tmp_path, "one")
    library = tmp_path / "l.clew"
    imports(library, folder)
    with writing(library) as (db, ingest):
        (told,) = insights_of(db).findings
        finding_marks.dismiss(db, told.finding.key, LATER, told.finding.count)
        b.write(folder / "one.jsonl", *sleepy("one", days=2))
        reads(ingest, folder / "one.jsonl")
        found = insights_of(db)
        assert found.findings == ()
        (gone,) = found.dismissed
        assert (gone.finding.key, gone.finding.count) == (told.finding.key, 6)

        finding_marks.dismiss(db, told.finding.key, None)
        assert len(insights_of(db).findings) == 1


def test_a_dismissed_finding_comes_back_when_it_has_doubled_since(tmp_path: Path) -> None:
    folder, library = logs(tmp_path, "one"), tmp_path / "l.clew"
    imports(library, folder)
    with writing(library) as (db, ingest):
        (told,) = insights_of(db).findings
        since = (told.finding.last_at or 0) + 1
        finding_marks.dismiss(db, told.finding.key, since, told.finding.count)
        assert insights_of(db).findings == ()

        b.write(folder / "two.jsonl", *sleepy("two"))  # at the same hours: nothing since
        reads(ingest, folder / "two.jsonl")
        assert insights_of(db).findings == ()

        b.write(folder / "three.jsonl", *sleepy("three", days=3)[9:])
        reads(ingest, folder / "three.jsonl")
        (again,) = insights_of(db).findings
        assert (again.finding.key, again.finding.count) == (told.finding.key, 12)


def test_what_was_done_about_a_finding_splits_its_history(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", logs(tmp_path, "one", "two"))
    with writing(tmp_path / "l.clew") as (db, _):
        (told,) = insights_of(db).findings
        finding_marks.acted(db, told.finding.key, LATER)
        (again,) = insights_of(db).findings

    assert again.trend is not None
    assert (again.trend.before, again.trend.after) == (6, 0)


def test_a_scope_leaves_out_other_projects_and_days(tmp_path: Path) -> None:
    with closing(imported(tmp_path, logs(tmp_path, "one"))) as db:
        assert insights_of(db, scope(b.CWD)).part.conversations == 1
        assert insights_of(db, scope("/elsewhere")).part.conversations == 0


def test_a_rule_that_is_new_makes_every_part_anew(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", logs(tmp_path, "one", "two"))
    with writing(tmp_path / "l.clew") as (db, _):
        catch_up(db)

        with transaction(db):
            store.outdated(db, REVISION + 1)
        assert len(pieces.due(db, 10)) == 2


def test_the_door_prints_every_figure_and_takes_a_dismissal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "l.clew"
    imports(library, logs(tmp_path, "one", "two"))
    asked = ["insights", "--library", str(library), "--json", "--zone", "Asia/Kolkata"]

    assert doors.main(asked) == 0
    out = json.loads(capsys.readouterr().out)
    key = out["findings"][0]["key"]
    assert out["totals"]["calls"] == 6
    assert out["findings"][0]["evidence"][0]["uuid"].startswith("onea")
    assert out["tools"][0]["failed"] == {
        "hits": 0, "n": 6, "share": None, "low": 0.0, "high": pytest.approx(0.39, abs=0.01),
    }  # fmt: skip
    assert out["habits"]["peak"] == "05:00–06:00"  # midnight in UTC
    assert doors.main([*asked, "--dismiss", key]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []
    assert doors.main([*asked, "--restore", key, "--project", "/x"]) == 0
    assert json.loads(capsys.readouterr().out)["scope"]["conversations"] == 0
    assert doors.main([*asked[:-1], "Nowhere/Land"]) == 1


def test_the_door_says_it_in_lines_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = tmp_path / "l.clew"
    imports(library, logs(tmp_path, "one"))

    assert doors.main(["insights", "--library", str(library)]) == 0
    assert "3 commands slept in the foreground" in capsys.readouterr().out
    with closing(open_reader(library)) as db:
        assert insights_of(db, kept=True).part.conversations == 1


def test_the_check_counts_the_sums_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = tmp_path / "l.clew"
    imports(library, logs(tmp_path, "one"))

    assert doors.main(["check", "--library", str(library)]) == 0
    with writing(library) as (db, _):
        db.execute("UPDATE rollup_call SET calls = 0")
    assert doors.main(["check", "--library", str(library)]) == 1
    assert "chart sums: 1 sessions whose chart sums" in capsys.readouterr().out


def test_one_conversation_has_figures_of_its_own(tmp_path: Path) -> None:
    with closing(imported(tmp_path, logs(tmp_path, "one", "two"))) as db:
        ids = [id_ for (id_,) in db.execute("SELECT id FROM conversation")]
        found = [part_of(db, id_) for id_ in ids]

    assert [one.conversations for one in found] == [1, 1]
    assert [[told.sighting.count for told in one.seen] for one in found] == [[3], [3]]


def test_you_and_agents_are_told_apart(tmp_path: Path) -> None:
    folder = logs(tmp_path, "one")
    own: b.Record = {"isSidechain": True, "agentId": "ag1", "sessionId": "one"}
    agent = [{**line, **own} for line in sleepy("ag", days=2)]
    b.agent_file(folder, "one", "ag1", *agent)
    with closing(imported(tmp_path, folder)) as db:
        told = {lane: insights_of(db, scope(lane=lane)) for lane in Lane}

    counts = {lane: [one.finding.count for one in found.findings] for lane, found in told.items()}
    assert counts == {Lane.ALL: [9], Lane.YOU: [3], Lane.AGENTS: [6]}
    calls = {lane: found.part.effects.ends["Bash", "ok"] for lane, found in told.items()}
    assert calls == {Lane.ALL: 9, Lane.YOU: 3, Lane.AGENTS: 6}


def test_a_library_that_somebody_writes_to_is_told_of_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "l.clew"
    imports(library, logs(tmp_path, "one"))

    def busy(*_asked: object, **_how: object) -> None:
        raise StoreError("Another program is writing to the library.")

    monkeypatch.setattr("core.doors.insights.open_writer", busy)
    monkeypatch.setattr("core.doors.analysing.open_writer", busy)

    assert doors.main(["insights", "--library", str(library), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"][0]["detector"] == "sleep"
    assert doors.main(["analyse", "one", "--library", str(library), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["engagement"]["prompts"] == 3
    assert doors.main(["insights", "--library", str(library), "--dismiss", "sleep-1"]) == 1
