"""Twenty agents that write at once: nothing is lost, and every commit has a number of its own."""

from contextlib import closing
from pathlib import Path

from core.engine import AddRoots
from core.queries import totals
from core.store.connection import open_reader
from tests import builders as b
from tests.core.test_engine import changes, running
from tests.library import dump, imported, sound

FILES, LINES = 20, 60


def test_a_flood_into_twenty_files_loses_nothing(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    paths = [
        b.write(logs / f"s{n}.jsonl", *b.of(f"s{n}", b.prompt(f"s{n}-0"))) for n in range(FILES)
    ]
    with running(tmp_path / "l.clew") as (engine, heard):
        engine.submit(AddRoots((logs,)))
        heard.finished()

        for line in range(1, LINES + 1):
            for path in paths:
                key = path.stem
                said = b.prompt(f"{key}-{line}", f"word {line}", f"{key}-{line - 1}", at=line)
                b.append(path, *b.of(key, said))
        last = {f"s{n}-{LINES}" for n in range(FILES)}
        heard.wait(lambda events: last <= {m for one in changes(events) for m in one.messages})
        told = [message for one in changes(heard.events) for message in one.messages]

    assert len(told) == len(set(told)) == FILES * (LINES + 1)
    numbers = [one.event_id for one in changes(heard.events)]
    assert numbers == sorted(set(numbers))
    with (
        closing(open_reader(tmp_path / "l.clew")) as db,
        closing(imported(tmp_path / "whole.clew", logs)) as whole,
    ):
        assert totals.totals(db).messages == FILES * (LINES + 1)
        assert dump(db) == dump(whole)
    assert sound(tmp_path / "l.clew")
