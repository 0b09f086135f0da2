"""A library is the same whether its files were read whole or as they grew: on real transcripts.

A few files a run, always the same ones; all of them with ``CLEW_EXHAUSTIVE=1`` in the
environment. Skipped where the transcripts are not.
"""

import os
import random
from pathlib import Path
from typing import Any

import pytest

from tests import builders as b
from tests.core.test_same_library import dumped
from tests.library import imports, reads, writing

DATA = Path(__file__).parents[3] / "shared" / "data"
EXHAUSTIVE = bool(os.environ.get("CLEW_EXHAUSTIVE"))
FEW = 24
LARGEST = None if EXHAUSTIVE else 600_000  # bytes
CUTS = 12
# Whoever published this one gave all its calls one id, so that in line 18 an agent is started by
# the call in line 19. Read together the two meet; a reader that has seen line 18 alone finds no
# such call, and no agent program writes a start before its call. Any other cut is taken.
_TOGETHER: dict[tuple[str, ...], tuple[int, int]] = {("copilot", "small.jsonl"): (18, 19)}
_DEPTH = 3  # folders of a file's path that tell something about it


def chosen() -> list[Path]:
    """Return the transcripts to look at."""
    files = sorted(
        path
        for path in DATA.rglob("*")
        if path.suffix in {".jsonl", ".json", ".md"} and path.is_file()
    )
    if EXHAUSTIVE:
        return files
    small = [path for path in files if path.stat().st_size < (LARGEST or 0)]
    few = random.Random(11).sample(small, min(FEW, len(small)))
    return sorted({*few, *(path for path in small if path.parts[-2:] in _TOGETHER)})


def apart(source: Path, content: bytes, cut: int) -> int:
    """Return *cut*, or the end of the lines of `_TOGETHER` that it would separate."""
    first, last = _TOGETHER.get(source.parts[-2:], (0, 0))
    lines = content.splitlines(keepends=True)
    begin, end = (sum(map(len, lines[:number])) for number in (first, last))
    return end if begin <= cut < end else cut


def grown(root: Path, path: Path, content: bytes, cuts: list[int]) -> Any:
    """Return the library of a file at *path* that was read at each of *cuts*."""
    path.write_bytes(b"")
    with writing(root / "grown.clew") as (_, ingest):
        for begin, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
            b.append(path, content[begin:end])
            reads(ingest, path)
    return dumped(root / "grown.clew", root)


@pytest.mark.skipif(not DATA.is_dir(), reason="no transcripts here")
@pytest.mark.parametrize("source", chosen(), ids=lambda path: path.name[-40:])
def test_a_file_read_as_it_grew_gives_the_library_of_the_whole_one(
    source: Path, tmp_path: Path
) -> None:
    content = source.read_bytes()
    path = tmp_path.joinpath("logs", *source.parts[-_DEPTH:])
    b.write(path, content)
    imports(tmp_path / "whole.clew", path)
    whole = dumped(tmp_path / "whole.clew", tmp_path)

    draw = random.Random(f"{source.name} {len(content)}")
    cuts = sorted(apart(source, content, draw.randrange(len(content) + 1)) for _ in range(CUTS))

    assert grown(tmp_path, path, content, cuts) == whole
