"""A transcript: its spine, and rows as they are needed."""

from contextlib import closing
from pathlib import Path

import pytest

from core.model import BlockKind, Kind, Outcome
from core.queries import conversations, pictures, transcript, within
from core.queries.boundaries import Belongs
from core.store.connection import open_reader
from tests import builders as b
from tests.library import imported, reads, writing

LINES = [
    b.prompt("p1", "one\ntwo", at=1),
    b.thinks("a1", "hm", "p1", api="m1", at=2),
    b.calls("a2", "t1", parent="a1", api="m1", at=3),
    b.answers("r1", "t1", "out", "a2", at=4, toolUseResult={"exitCode": 0}),
    b.says("a3", "done", "r1", api="m2", at=5),
]


def log(root: Path, *lines: b.Line) -> Path:
    return b.write(root / "logs" / f"{b.SESSION}.jsonl", *lines)


def test_the_spine_tells_kinds_and_sizes_of_the_rows(tmp_path: Path) -> None:
    with closing(imported(tmp_path, log(tmp_path, *LINES))) as db:
        spine = transcript.spine(db, 1)

    kinds = [transcript.BLOCK_KINDS[code] for code in spine.kinds]
    assert kinds == [BlockKind.PROMPT, BlockKind.THINKING, BlockKind.CALL, BlockKind.REPLY]
    assert [transcript.KINDS[code] for code in spine.saids] == [Kind.PROMPT, *[Kind.REPLY] * 3]
    assert list(spine.sizes) == [7, 2, 2, 4]
    assert list(spine.lines) == [1, 0, 0, 0]
    assert len(spine) == 4


def test_rows_come_in_the_order_asked_for_and_unknown_ones_are_left_out(tmp_path: Path) -> None:
    with closing(imported(tmp_path, log(tmp_path, *LINES))) as db:
        ids = transcript.spine(db, 1).ids
        found = transcript.rows(db, [ids[3], 999, ids[0]])

    assert [row.text for row in found] == ["done", "one\ntwo"]
    assert [row.model for row in found] == ["claude-opus-4-6", ""]


def test_a_call_carries_its_result(tmp_path: Path) -> None:
    with closing(imported(tmp_path, log(tmp_path, *LINES))) as db:
        (call,) = (r.call for r in transcript.rows(db, transcript.spine(db, 1).ids) if r.call)

    assert (call.tool, call.input, call.outcome) == ("Bash", '{"command":"ls"}', Outcome.OK)
    assert (call.result, call.result_size, call.duration_ms) == ("out", 3, 1000)
    assert call.detail == '{"exitCode":0}'


def test_rows_of_one_reply_share_it(tmp_path: Path) -> None:
    with closing(imported(tmp_path, log(tmp_path, *LINES))) as db:
        replies = [row.reply_id for row in transcript.rows(db, transcript.spine(db, 1).ids)]

    assert replies[0] is None
    assert replies[1] == replies[2] != replies[3]


def test_a_row_carries_the_beginning_of_a_long_text_and_the_rest_is_there(tmp_path: Path) -> None:
    said = "😀" * (transcript.TEXT_LIMIT + 5)

    with closing(imported(tmp_path, log(tmp_path, b.prompt("p1", said)))) as db:
        (row,) = transcript.rows(db, transcript.spine(db, 1).ids)

        assert row.text == said[: transcript.TEXT_LIMIT]
        assert row.size == len(said)
        assert transcript.text(db, row.id) == said
        assert transcript.text(db, 999) == ""
        assert pictures.held(db, row.id) is None


def test_following_gives_the_new_rows_only(tmp_path: Path) -> None:
    path = log(tmp_path, *LINES)
    with writing(tmp_path / "l.clew") as (_, ingest):
        reads(ingest, path)
        b.append(path, b.prompt("p2", "more", "a3", at=6))
        (changed,) = reads(ingest, path)
    with closing(open_reader(tmp_path / "l.clew")) as db:
        new = transcript.spine(db, 1, after=changed.first_block - 1)

        assert [row.text for row in transcript.rows(db, new.ids)] == ["more"]


def test_each_agent_has_a_lane_of_its_own(tmp_path: Path) -> None:
    log(tmp_path, *LINES)
    b.agent_file(tmp_path / "logs", b.SESSION, "ag1", b.prompt("g1", "task"), b.says("g2", "ok"))

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        (row,) = conversations.page(db)
        lanes = {
            lane: [one.text for one in transcript.rows(db, transcript.spine(db, row.id, lane).ids)]
            for lane in ("", "ag1", "nobody")
        }

    assert lanes == {"": ["one\ntwo", "hm", "ls", "done"], "ag1": ["task", "ok"], "nobody": []}


def copied(root: Path, *more: b.Record, **first: object) -> Path:
    """Write a session and one that begins with a copy of it; return their folder."""
    b.write(root / "logs" / "old.jsonl", *b.of("old", *LINES))
    lines = [b.of("new", line)[0] | first for line in LINES]
    b.write(root / "logs" / "new.jsonl", *lines, *b.of("new", *more))
    return root / "logs"


MORE = b.prompt("p2", "more", "a3", at=9)


def test_copies_are_shown_in_their_original_only(tmp_path: Path) -> None:
    with closing(imported(tmp_path, copied(tmp_path, MORE))) as db:
        (row,) = conversations.page(db)
        found = transcript.rows(db, transcript.spine(db, row.id).ids)

    said = [one.text for one in found if one.boundary is None]
    assert said == ["one\ntwo", "hm", "ls", "done", "more"]


def test_a_session_that_inherits_begins_with_a_row_that_says_so(tmp_path: Path) -> None:
    with closing(imported(tmp_path, copied(tmp_path, MORE))) as db:
        (row,) = conversations.page(db)
        spine = transcript.spine(db, row.id)
        (found,) = (one for one in transcript.rows(db, spine.ids) if one.boundary)
        at = list(spine.ids).index(found.id)

        assert (spine.saids[at], spine.sizes[at]) == (transcript.BOUNDARY, 5)
        assert spine.messages[at] == spine.messages[at + 1] != spine.messages[at - 1]
        assert transcript.rows(db, [-99]) == []

    told = found.boundary
    assert told is not None
    assert (told.key, told.belongs, told.inherited) == ("new", Belongs.RESUMED, 5)
    assert [owner.key for owner in told.owners] == ["old"]
    assert told.at == found.at
    assert not told.first


def test_what_a_session_inherits_can_be_unfolded(tmp_path: Path) -> None:
    with closing(imported(tmp_path, copied(tmp_path, MORE))) as db:
        (row,) = conversations.page(db)
        spine = transcript.spine(db, row.id)
        (boundary,) = (id_ for id_ in spine.ids if id_ < 0)
        rows = transcript.rows(db, transcript.inherited(db, -boundary).ids)

        assert [one.text for one in rows] == ["one\ntwo", "hm", "ls", "done"]
        assert all(one.inherited for one in rows)
        assert not any(one.inherited for one in transcript.rows(db, spine.ids))
        assert len(transcript.inherited(db, 99)) == 0
        assert sorted(hit for hits in within.matches(db, row.id, "out") for hit in hits) == [
            one.id for one in transcript.rows(db, spine.ids) if one.call
        ]


def test_the_log_says_why_a_session_belongs_to_the_one_before(tmp_path: Path) -> None:
    fork = {"forkedFrom": {"sessionId": "old", "messageUuid": "p1"}}
    with closing(imported(tmp_path, copied(tmp_path, MORE, **fork))) as db:
        (row,) = conversations.page(db)
        spine = transcript.spine(db, row.id)
        (told,) = (one.boundary for one in transcript.rows(db, spine.ids) if one.boundary)

    assert told.belongs is Belongs.FORKED
    assert told.source is not None
    assert (told.source.key, told.source.title) == ("old", "one two")


def test_a_session_that_is_handed_over_goes_on_in_the_background(tmp_path: Path) -> None:
    done = {"type": "continued-in", "sessionId": "old", "continuedInSessionId": "new"}
    b.write(tmp_path / "logs" / "old.jsonl", *b.of("old", *LINES), done)
    b.write(tmp_path / "logs" / "new.jsonl", *b.of("new", MORE))
    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        (row,) = conversations.page(db)
        spine = transcript.spine(db, row.id)
        (told,) = (one.boundary for one in transcript.rows(db, spine.ids) if one.boundary)

    assert (told.belongs, told.inherited, told.owners) == (Belongs.BACKGROUND, 0, ())


def test_a_session_that_joins_while_one_follows_brings_its_row(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    old = b.write(folder / "old.jsonl", *b.of("old", *LINES))
    with writing(tmp_path / "l.clew") as (_, ingest):
        reads(ingest, old)
        last = ingest_last(tmp_path)
        new = b.write(folder / "new.jsonl", *b.of("new", *LINES, MORE))
        reads(ingest, new)
        b.append(new, *b.of("new", b.says("a4", "yes", "p2", at=10)))
    with closing(open_reader(tmp_path / "l.clew")) as db:
        (row,) = conversations.page(db)
        added = transcript.spine(db, row.id, after=last)
        again = transcript.spine(db, row.id, after=max(added.ids))

    assert [id_ < 0 for id_ in added.ids] == [True, False]
    assert len(again) == 0


def ingest_last(root: Path) -> int:
    with closing(open_reader(root / "l.clew")) as db:
        return max(transcript.spine(db, 1).ids)


@pytest.mark.parametrize(("last", "amid"), [(LINES[:3], True), (LINES[:4], True), (LINES, False)])
def test_a_compaction_tells_whether_it_came_amid_a_task(
    tmp_path: Path, last: list[b.Line], amid: bool
) -> None:
    with closing(imported(tmp_path, log(tmp_path, *last, b.boundary("c1", "a3", at=7)))) as db:
        (found,) = (
            one
            for one in transcript.rows(db, transcript.spine(db, 1).ids)
            if one.said is Kind.COMPACTION
        )

    assert found.amid is amid
