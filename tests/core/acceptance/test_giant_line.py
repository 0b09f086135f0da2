"""M: one line of 30 MB, and a character of which only half was written."""

import time

from core.queries import transcript
from tests import builders as b
from tests.core.acceptance.conftest import Clew

PATIENCE = 30  # seconds; it takes about two
LINE = "one line of what a tool printed\n"
SIZE = 30_000_000


def test_a_file_with_a_giant_line_and_half_a_character_opens(clew: Clew) -> None:
    count = SIZE // len(LINE)
    half = b.line(b.says("a3", "half a smile HALF", "a2", at=5)).replace(b"HALF", b"\\ud83d")
    path = b.write(
        clew.root / f"{b.SESSION}.jsonl",
        b.prompt("p1", "print it all", at=1),
        b.calls("a1", "t1", parent="p1", at=2),
        b.answers("r1", "t1", LINE * count + "the needle", "a1", at=3),
        b.says("a2", "That was long.", "r1", at=4),
        half,
    )
    assert path.stat().st_size > SIZE
    began = time.monotonic()

    told = clew.import_()

    assert time.monotonic() - began < PATIENCE
    assert (told["messages"], told["tool_calls"], told["problems"]) == (5, 1, 1)
    with clew.reader() as db:
        rows = transcript.rows(db, transcript.spine(db, 1).ids)
        (call,) = (row.call for row in rows if row.call)
        assert call.result_id is not None
        assert len(call.result) == transcript.TEXT_LIMIT
        assert (call.result_size, call.result_lines) == (len(LINE) * count + 10, count)
        assert transcript.text(db, call.result_id).endswith("the needle")
    assert rows[-1].text == "half a smile �"
    assert clew.find('"the needle"')["total"] == 1
    assert clew.find('"half a smile"')["total"] == 1
