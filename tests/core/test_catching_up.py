"""Who is read first: what is written now before an import, and nobody waits for a long file."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from core.catching_up import CatchingUp
from core.events import ConversationChanged, EngineEvent
from core.files.live import LivePoll
from core.files.patience import Patience
from core.files.touched import Touched
from core.importing import import_files
from core.ingest import Ingest
from core.slicing import SLICE_RECORDS
from core.store import merging
from core.store.connection import open_reader
from core.store.writer import FULL_RECORDS
from tests import builders as b
from tests.library import dump, imported, writing

SLICES = 2 + FULL_RECORDS // SLICE_RECORDS  # of a file that takes two transactions


class Desk:
    """What catches up with files, and what came of it."""

    def __init__(self, ingest: Ingest, live: LivePoll) -> None:
        self.ingest = ingest
        self.events: list[EngineEvent] = []
        self.done: list[str] = []
        self.ended = False
        self.touched = Touched(lambda: None)
        self.catching_up = CatchingUp(
            ingest, self.touched, self.publish, live=live,
            done=lambda path: self.done.append(path.name), ended=lambda: self.ended,
        )  # fmt: skip

    def publish(self, event: EngineEvent, /) -> None:
        self.events.append(event)

    @property
    def sessions(self) -> list[str]:
        """The sessions of the changes, in the order in which they were told."""
        return [one.session for one in self.events if isinstance(one, ConversationChanged)]


@contextmanager
def desk(library: Path) -> Iterator[Desk]:
    with writing(library) as (_, ingest), closing(LivePoll(lambda _path: None)) as live:
        yield Desk(ingest, live)


def long(path: Path, slices: int) -> Path:
    session = path.stem
    lines = (b.prompt(f"{session}{n}", f"word {n}", at=n) for n in range(SLICE_RECORDS * slices))
    return b.write(path, *b.of(session, *lines))


def short(path: Path) -> Path:
    return b.write(path, *b.of(path.stem, b.prompt(f"{path.stem}-p", "hello")))


def test_a_short_file_does_not_wait_for_a_long_one(tmp_path: Path) -> None:
    with desk(tmp_path / "l.clew") as at:
        at.touched.add(long(tmp_path / "long.jsonl", 3))
        at.touched.add(short(tmp_path / "short.jsonl"))
        at.catching_up.serve()

    assert at.sessions[:2] == ["long", "short"]
    assert at.done == ["short.jsonl", "long.jsonl"]
    assert at.sessions.count("long") == 3


def test_what_grows_without_a_pause_behind_an_import_leaves_few_pieces_of_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "MANY", 6)
    with desk(tmp_path / "l.clew") as at:
        at.ingest.writer.put_off_merging()
        for number in range(40):
            at.touched.add(short(tmp_path / f"{number}.jsonl"))
            at.catching_up.serve()

    with closing(open_reader(tmp_path / "l.clew")) as db:
        (pieces,) = db.execute("SELECT count(DISTINCT segid) FROM search_idx").fetchone()
        assert merging.is_put_off(db)
    assert pieces <= 10


def test_what_is_touched_while_a_long_file_is_read_is_read_at_once(tmp_path: Path) -> None:
    new = short(tmp_path / "new.jsonl")
    with desk(tmp_path / "l.clew") as at:
        at.touched.add(long(tmp_path / "long.jsonl", 4))
        publish = at.events.append

        def note(event: EngineEvent, /) -> None:
            publish(event)
            if len(at.events) == 1:
                at.touched.add(new)

        at.catching_up._publish = note
        at.catching_up.serve()

    assert at.sessions[:3] == ["long", "new", "long"]


def test_an_import_lets_what_is_written_now_go_first(tmp_path: Path) -> None:
    history = long(tmp_path / "history" / "history.jsonl", SLICES)
    now = short(tmp_path / "now.jsonl")
    with desk(tmp_path / "l.clew") as at:

        def publish(event: EngineEvent, /) -> None:
            at.publish(event)
            if at.sessions == ["history"]:
                at.touched.add(now)

        import_files(at.ingest, [history.parent], threading.Event(), publish, at.catching_up)

    told = at.sessions
    assert told.index("now") < len(told) - 1, "it came before the import's end"
    assert at.done == ["now.jsonl"]


def test_the_file_that_an_import_has_in_hand_is_read_by_the_import(tmp_path: Path) -> None:
    history = long(tmp_path / "history" / "history.jsonl", SLICES)
    with desk(tmp_path / "l.clew") as at:

        def publish(event: EngineEvent, /) -> None:
            at.publish(event)
            if at.sessions == ["history"]:
                at.touched.add(history.resolve())

        end = import_files(at.ingest, [history.parent], threading.Event(), publish, at.catching_up)

    assert (end.problems, end.files_changed) == (0, 1)
    assert not at.touched
    with (
        closing(open_reader(tmp_path / "l.clew")) as db,
        closing(imported(tmp_path / "whole.clew", history)) as whole,
    ):
        assert dump(db) == dump(whole)


def test_transactions_are_short_while_something_is_written(tmp_path: Path) -> None:
    def biggest(library: Path, *, busy: bool) -> int:
        with desk(library) as at:
            if busy:
                at.touched.add(short(tmp_path / "now.jsonl"))
            import_files(at.ingest, [history.parent], threading.Event(), at.publish, at.catching_up)
            changes = (one for one in at.events if isinstance(one, ConversationChanged))
            return max(len(one.messages) for one in changes)

    history = long(tmp_path / "history" / "history.jsonl", 4)

    assert biggest(tmp_path / "calm.clew", busy=False) >= SLICE_RECORDS
    assert biggest(tmp_path / "busy.clew", busy=True) < SLICE_RECORDS


def test_an_end_keeps_what_was_committed_and_the_rest_waits(tmp_path: Path) -> None:
    path = long(tmp_path / "long.jsonl", 3)
    with desk(tmp_path / "l.clew") as at:

        def end(event: EngineEvent, /) -> None:
            at.publish(event)
            at.ended = True

        at.catching_up._publish = end
        at.touched.add(path)
        at.catching_up.serve()
        assert (at.sessions, at.done) == (["long"], [])
        assert at.touched.take() == (path,)

        at.ended = False
        at.touched.add(path)
        at.catching_up._publish = at.publish
        at.catching_up.serve()

    with (
        closing(open_reader(tmp_path / "l.clew")) as db,
        closing(imported(tmp_path / "whole.clew", path)) as whole,
    ):
        assert dump(db) == dump(whole)


def test_looking_through_a_root_reads_what_is_new_and_nothing_else(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    paths = [short(logs / f"s{n}.jsonl") for n in range(4)]
    with desk(tmp_path / "l.clew") as at:
        at.catching_up.look_through([logs])
        before = at.ingest.tally.read
        b.append(paths[2], *b.of("s2", b.prompt("more", "more", "s2-p")))
        size = paths[2].stat().st_size
        at.catching_up.look_through([logs])

    assert sorted(at.sessions[:4]) == ["s0", "s1", "s2", "s3"]
    assert at.sessions[4:] == ["s2"]
    assert at.ingest.tally.read - before < 3 * size


def test_what_may_not_answer_is_read_behind_what_does(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    far, near = short(root / "far" / "f.jsonl"), short(root / "near" / "n.jsonl")
    with desk(tmp_path / "l.clew") as at:
        at.ingest.patience = Patience(mounts=lambda: (root / "far",))
        for path in (far, near):
            at.touched.add(path)
        at.catching_up.serve()

        assert at.sessions == ["n", "f"]
