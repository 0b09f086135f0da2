"""The context analysis of a library: read, kept, brought up to date, counted, told."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from core import doors
from core.analysis.context import REVISIONS
from core.analysis.material import Spot
from core.analysis.terms import Frequencies
from core.analyst import catch_up
from core.contexts import context_of
from core.model import Kind, Outcome
from core.queries import pieces as queries
from core.queries.material import material
from core.store import pieces
from core.store.connection import open_reader, open_writer, transaction
from core.weaving.background import Background
from tests.builders import (
    Record,
    agent_file,
    answers,
    append,
    calls,
    lane,
    of,
    prompt,
    says,
    thinks,
    usage,
    write,
)
from tests.library import imports
from tests.weaving import woven

_FIRST = "11111111-aaaa-4bbb-8ccc-000000000001"
_OTHER = "22222222-aaaa-4bbb-8ccc-000000000002"


def _talk() -> list[Record]:
    return [
        prompt("p1", "fix the sparkline in src/chart.py", at=0),
        thinks("t1", "lexer lexer lexer", "p1", at=2, api="m1"),
        says("r1", "The sparkline is drawn.", "t1", at=3, api="m1", usage=usage(10, 50, 900, 30)),
        calls("c1", "k1", "Edit", {"file_path": "/a", "old_string": "x"}, "r1", at=4, api="m1"),
        answers("a1", "k1", "refused", "c1", at=9, error=True),
        prompt("p2", "it doesn't work", "a1", at=60),
        says("r2", "Sorry, the sparkline was cached.", "p2", at=63),
    ]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    write(tmp_path / "logs" / f"{_FIRST}.jsonl", *_talk())
    other = of(_OTHER, prompt("q1", "rename the lexer", at=5), says("s1", "Renamed.", "q1", at=7))
    write(tmp_path / "logs" / f"{_OTHER}.jsonl", *other)
    imports(tmp_path / "library.clew", tmp_path / "logs")
    return tmp_path / "library.clew"


@pytest.fixture
def db(library: Path) -> Iterator[Connection]:
    with closing(open_writer(library)) as opened:
        yield opened


def _id(db: Connection, key: str) -> int:
    found: int = db.execute("SELECT id FROM conversation WHERE key = ?", (key,)).fetchone()[0]
    return found


def _terms(db: Connection) -> dict[str, int]:
    return dict(db.execute("SELECT term, conversations FROM term").fetchall())


def test_a_conversation_is_read_turn_by_turn(db: Connection) -> None:
    found = material(db, _id(db, _FIRST))
    assert found is not None
    one, two = found.main
    assert one.prompt is not None
    assert (one.prompt.text, one.prompt.kind) == ("fix the sparkline in src/chart.py", Kind.PROMPT)
    assert [reply.text for reply in one.replies] == ["The sparkline is drawn."]
    (edit,) = one.calls
    assert (edit.tool, edit.outcome, edit.duration_ms) == ("Edit", Outcome.ERROR, 5000)
    assert (edit.result, edit.size) == ("refused", 7)
    assert edit.spot.uuid == "c1"
    assert (one.usage.output, one.usage.cache_read) == (50, 900)
    assert one.ended == edit.ended
    assert two.prompt is not None
    assert two.prompt.spot == Spot(two.prompt.spot.id, "p2")


def test_an_agent_has_its_own_lane(library: Path, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    task = lane("ag1", prompt("x1", "look", at=3), says("x2", "Found.", "x1", at=4))
    agent_file(logs, _FIRST, "ag1", *task)
    imports(library, logs)
    with closing(open_reader(library)) as db:
        found = material(db, _id(db, _FIRST))
    assert found is not None
    assert [turn.lane for turn in found.turns] == ["", "", "ag1"]
    assert len(found.main) == 2


def test_there_is_no_material_of_a_conversation_that_is_not_there(db: Connection) -> None:
    assert material(db, 999) is None
    assert context_of(db, 999) is None


def test_threads_are_the_cuts(library: Path, db: Connection) -> None:
    woven(library, ["p2"])
    rows = db.execute("SELECT conversation_id FROM thread GROUP BY 1 HAVING count(*) = 2")
    (split,) = rows.fetchone()
    found = material(db, split)
    assert found is not None
    assert len({cut.thread for cut in found.cuts}) == len(found.cuts) == 2


def test_everything_due_is_analysed_once(db: Connection) -> None:
    assert catch_up(db) == 2
    assert catch_up(db) == 0
    kept = context_of(db, _id(db, _FIRST), kept=True)
    assert kept is not None
    last = "SELECT max(id) FROM message WHERE uuid = 'r2'"
    (upto,) = db.execute(last).fetchone()
    assert kept.upto == upto
    found = kept.context
    assert [one.reading.intent.value for one in found.intents.prompts] == ["command", "feedback"]
    assert found.topics.dominant[0].topic == "sparkline"
    assert found.engagement.corrections == (found.intents.prompts[1].spot,)


def test_thinking_and_output_are_no_terms(db: Connection) -> None:
    catch_up(db)
    said = db.execute("SELECT term FROM term_said WHERE conversation_id = ?", (_id(db, _FIRST),))
    assert ("lexer",) not in said.fetchall()


def test_an_appended_message_makes_one_session_due(library: Path, tmp_path: Path) -> None:
    with closing(open_writer(library)) as db:
        catch_up(db)
    more = says("r3", "Now the lexer is cached as well.", "r2", at=70)
    append(tmp_path / "logs" / f"{_FIRST}.jsonl", more)
    imports(library, tmp_path / "logs")
    with closing(open_writer(library)) as db:
        assert len(queries.due(db, 9)) == 1
        assert catch_up(db) == 1
        assert _terms(db)["lexer"] == 2


def test_the_count_of_terms_follows_what_is_kept(library: Path, db: Connection) -> None:
    catch_up(db)
    assert (_terms(db)["sparkline"], _terms(db)["lexer"]) == (1, 1)
    with transaction(db):
        db.execute("DELETE FROM piece WHERE conversation_id = ?", (_id(db, _FIRST),))
        pieces.settle(db)
    assert "sparkline" not in _terms(db)
    assert _terms(db)["lexer"] == 1


def test_how_common_a_term_is_is_asked_of_the_library_as_it_is(db: Connection) -> None:
    catch_up(db, 1)
    assert queries.frequencies(db, {"lexer", "sparkline"}) == Frequencies(1, {"sparkline": 1})
    catch_up(db)
    both = queries.frequencies(db, {"lexer", "sparkline"})
    assert both == Frequencies(2, {"lexer": 1, "sparkline": 1})


def test_another_revision_is_made_anew(db: Connection) -> None:
    catch_up(db)
    with transaction(db):
        db.execute("UPDATE piece SET revision = 0")
    assert context_of(db, _id(db, _FIRST), kept=True) is None
    assert catch_up(db) == 2


def test_catching_up_stops_when_it_is_told_to(db: Connection) -> None:
    told = iter([True, False])
    assert catch_up(db, go_on=lambda: next(told)) == 1
    assert queries.due(db, 9)


def test_what_is_not_kept_is_made_for_a_reader(library: Path) -> None:
    with closing(open_reader(library)) as db:
        found = context_of(db, _id(db, _FIRST))
        assert found is not None
        assert found.context.intents.prompts
        assert context_of(db, _id(db, _FIRST), kept=True) is None


def test_analyse_prints_a_conversation(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doors.main(["analyse", _FIRST, "--library", str(library), "--json"]) == 0
    out = json.loads(capsys.readouterr().out)
    assert out["id"] == _FIRST
    assert set(out["revisions"]) == set(REVISIONS)
    assert out["flow"]["average"] is not None
    (edit,) = out["tools"]["calls"]
    assert (edit["tool"], edit["before"], edit["prompt"], edit["intent"]) == (
        "Edit", [], "p1", "command",
    )  # fmt: skip
    assert doors.main(["analyse", _FIRST, "--library", str(library)]) == 0
    assert "topic sparkline: 95%" in capsys.readouterr().out
    assert doors.main(["analyse", "nothing", "--library", str(library), "--json"]) == 1


def test_what_followed_what_is_added_up_over_conversations(
    library: Path, db: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    catch_up(db)
    assert doors.main(["insights", "--library", str(library), "--json"]) == 0
    out = json.loads(capsys.readouterr().out)
    assert out["intent_transitions"] == {"command": {"feedback": 1}}
    assert out["topic_transitions"] == [{"of": "chart", "to": "sparkline", "count": 1}]


def test_the_background_analyses_after_threads_are_woven(library: Path) -> None:
    with (
        closing(open_writer(library)) as db,
        closing(Background(db, library, lambda _event: None, lambda: None)) as background,
    ):
        while queries.due(db, 1):
            assert background.step()
        kept = context_of(db, _id(db, _FIRST), kept=True)
    assert kept is not None
    assert kept.context.threads != ()
