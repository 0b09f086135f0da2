"""What keeping logs costs, and that every transcript there is comes out as it went in."""

import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection

import pytest

from core import packs, parsing
from core.archiving import Archiving
from core.files.cursor import Cursor
from core.files.discover import SourceFile, find
from core.ingest import Ingest
from core.queries import archive
from core.store.slices import Slice
from tests import builders as b
from tests.archives import archives, bytes_of, held, packs_of
from tests.library import imports, reads, writing

DATA = Path(__file__).parents[3] / "shared" / "data"
MANY = 16  # packs of a tier that are joined


def test_a_line_that_is_added_costs_what_the_line_costs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed: list[int] = []
    pack: Callable[..., bytes] = packs.packed

    def counted(data: bytes) -> bytes:
        packed.append(len(data))
        return pack(data)

    monkeypatch.setattr(packs, "packed", counted)
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p0", "x" * 100_000))
    lines = 150
    with writing(tmp_path / "l.clew") as (db, ingest):
        first = grow(db, ingest, path, lines, packed)
        second = grow(db, ingest, path, lines, packed)

        assert held(db, path) == [path.read_bytes()]
        assert len(packs_of(db)) < 4 * MANY
    added = sum(len(b.line(b.prompt("p000"))) for _ in range(lines))
    assert max(first, second) < 5 * added + 2 * 100_000  # each byte a handful of times


def grow(db: Connection, ingest: Ingest, path: Path, lines: int, packed: list[int]) -> int:
    """Add *lines* lines, one at a time; return how many bytes were packed for them."""
    reads(ingest, path)
    archives(db)
    packed.clear()
    begin = path.stat().st_size
    for number in range(lines):
        b.append(path, b.line(b.prompt(f"p{begin + number}")))
        reads(ingest, path)
        archives(db)
    return sum(packed)


def test_a_large_log_takes_several_steps_and_packs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "MOST", 50_000)
    told = random.Random(1)
    texts = [told.randbytes(2_000).hex() for _ in range(60)]
    path = b.write(
        tmp_path / "logs" / "a.jsonl", *(b.prompt(f"p{n}", text) for n, text in enumerate(texts))
    )
    imports(tmp_path / "l.clew", path)
    with writing(tmp_path / "l.clew") as (db, _):
        archiving = Archiving(db)
        archiving.step()
        (begun,) = archive.files(db)
        assert (begun.whole, begun.size) == (False, 50_000)
        assert archives(db) >= path.stat().st_size // 50_000

        assert held(db, path) == [path.read_bytes()]
        assert archive.files(db)[0].whole


@pytest.mark.skipif(not DATA.is_dir(), reason="the public transcripts are not here")
def test_every_public_transcript_comes_out_as_it_went_in(tmp_path: Path) -> None:
    library = tmp_path / "l.clew"
    with writing(library) as (db, ingest):
        with ingest.writer.together():
            for found in find((DATA,)):
                assert isinstance(found, SourceFile)
                # What is in them was read elsewhere; here they need only be known as logs.
                info = replace(parsing.source_info(found.path), format="claude-code")
                ingest.writer.commit(Slice(info, found.stat, 0, Cursor(), (), (), first=True))
            ingest.writer.flush()
        archives(db)
        files = archive.files(db)
        for one in files:
            assert bytes_of(db, one) == Path(os.fsdecode(one.path)).read_bytes(), one.label

        assert len(files) > 400
        assert archive.figures(db).packed < 0.14 * sum(one.size for one in files)
