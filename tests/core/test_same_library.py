"""However a library came to be, it is the same: grown, in any order, again, after a kill."""

import json
import random
import subprocess
import sys
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.files.discover import SourceFile, find
from core.slicing import SLICE_RECORDS
from core.store.connection import open_reader
from tests import builders as b
from tests.library import dump, imports, reads, sound, writing

GENERATOR = Path(__file__).parents[3] / "shared" / "tools" / "make_corpus.py"
OLD, NEW, FORK, LATER, OTHER = "s-old", "s-new", "s-fork", "s-later", "s-other"
BACKUP = "s-backup"
CUTS = 1000


def dumped(library: Path, root: Path) -> Any:
    """Return what is in *library*, without the name of the folder *root*."""
    assert sound(library)
    with closing(open_reader(library)) as db:
        return json.loads(json.dumps(dump(db)).replace(json.dumps(str(root))[1:-1], ""))


def family(root: Path) -> list[Path]:
    """Write a corpus in which files belong together in every way there is; return the files."""
    begin = [
        b.attachment("h0"),
        b.prompt("p1", "first question", "h0", at=1),
        b.thinks("a1", "let me see", "p1", api="m1", usage=b.usage(output=1), at=2),
        b.calls("a2", "t1", parent="a1", api="m1", usage=b.usage(output=9), at=3),
        b.answers("r1", "t1", "listing", "a2", at=4),
        b.calls("a3", "t2", "Task", {"description": "look", "prompt": "Find it"}, "r1", at=5),
        b.answers("r2", "t2", "found it", "a3", at=6, toolUseResult={"agentId": "ag1"}),
        b.says("a4", "Here it is", "r2", at=7),
    ]
    copied = [one | {"forkedFrom": {"sessionId": OLD, "messageUuid": one["uuid"]}} for one in begin]
    deep = b.agent_file(
        root, NEW, "ag3", b.attachment("k0"), b.prompt("k1", "Dig", "k0", at=7), nested=False
    )
    nested = b.calls("n2", "t9", "Task", {"description": "deeper", "prompt": "Dig"}, "n1", at=6)
    return [
        b.write(root / f"{OLD}.jsonl", *b.of(OLD, *begin, b.prompt("p2", "and now", "a4", at=8))),
        # Resumed: all lines again, under the new session's id, and some of its own.
        b.write(
            root / f"{NEW}.jsonl",
            *b.of(
                NEW, *begin, b.prompt("p3", "go on", "a4", at=20), b.says("a5", "Yes", "p3", at=21)
            ),
            b.summary("What it was about", "a4"),
            b.summary("An earlier name", "p1"),
        ),
        b.write(
            root / f"{FORK}.jsonl",
            *b.of(FORK, *copied, b.prompt("p4", "or else", "a4", at=30)),
            b.title("custom-title", "The fork", FORK),
        ),
        # Continued after a compaction, in a file of its own.
        b.write(
            root / f"{LATER}.jsonl",
            *b.of(
                LATER,
                b.boundary("c1", "a5", at=40),
                b.compacted("c2", "c1", at=41),
                b.prompt("p5", "next", "c2", at=42),
            ),
            b.summary("A later name", "p1"),
        ),
        # A backup of the oldest: nothing of its own.
        b.write(root / "backup" / f"{BACKUP}.jsonl", *b.of(BACKUP, *begin)),
        b.write(root / f"{OTHER}.jsonl", *b.of(OTHER, b.prompt("q1", "unrelated", at=50))),
        b.write(root / "names.jsonl", b.summary("Said elsewhere", "q1"), b.summary("Zed", "a5")),
        b.agent_file(
            root, OLD, "ag1", b.prompt("s1", "Find it", at=5), b.says("s2", "x", "s1", at=6)
        ),
        b.agent_file(root, NEW, "ag2", b.prompt("n1", "Deeper", at=5), nested, nested=False),
        deep,
        b.agent_note(deep, agentType="Explore", description="digs", toolUseId="t9"),
    ]


def read_in_order(folder: Path, order: list[int] | None = None) -> Any:
    files = family(folder / "logs")
    with writing(folder / "library.clew") as (_, ingest):
        reads(ingest, *(files[place] for place in order or range(len(files))))
    return dumped(folder / "library.clew", folder)


@pytest.fixture(scope="module")
def expected_family(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return read_in_order(tmp_path_factory.mktemp("expected"))


@settings(max_examples=80, deadline=None)
@given(order=st.permutations(range(11)))
def test_files_in_any_order_give_the_same_library(
    order: list[int], expected_family: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert read_in_order(tmp_path_factory.mktemp("any"), order) == expected_family


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_files_that_grow_side_by_side_give_the_same_library(
    seed: int, expected_family: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    draw = random.Random(seed)
    folder = tmp_path_factory.mktemp("grown")
    files = family(folder / "logs")
    rest = {path: path.read_bytes() for path in files}
    for path in files:
        path.write_bytes(b"")

    with writing(folder / "library.clew") as (_, ingest):
        while rest:
            path = draw.choice(sorted(rest))
            size = draw.randint(1, 400)
            whole = path.name.endswith(".meta.json")  # written at once, being tiny
            piece = rest[path] if whole else rest[path][:size]
            b.append(path, piece)
            rest[path] = rest[path][len(piece) :]
            if not rest[path]:
                del rest[path]
            reads(ingest, path)

    assert dumped(folder / "library.clew", folder) == expected_family


def damaged() -> bytes:
    """Return a transcript with a little of every kind of damage that real ones have."""
    turns: list[b.Line] = [b"\xef\xbb\xbf"]
    above = None
    for turn in range(12):
        ask, think, call, answer = (f"{kind}{turn}" for kind in "pacr")
        turns += [
            b.prompt(ask, f"question {turn} naïve 你好", above, at=turn * 10),
            b.thinks(think, "hm", ask, api=f"m{turn}", usage=b.usage(output=1), at=turn * 10 + 1),
            b.calls(call, f"t{turn % 5}", parent=think, api=f"m{turn}", at=turn * 10 + 2),
            b.answers(answer, f"t{turn % 5}", "out " * turn, call, at=turn * 10 + 3),
        ]
        above = answer
    again = [b.prompt("v1", "once more", "r3", at=200), b.says("v2", "yes", "v1", at=201)]
    turns += [*again, b.attachment("h1"), b.prompt("v3", "after a hook", "h1", at=202)]
    odd = [
        b.line(b.prompt("x1", "spliced"))[:90] + b.line(b.prompt("x2", "whole")),
        b.line(b.prompt("x3", "glued"))[:-1] + b.line(b.prompt("x4", "to this")),
        b"\0" * 40 + b.line(b.prompt("x5", "after NULs")),
        b.line(b.prompt("x6", "windows"))[:-1] + b"\r\n",
        b.line(b.prompt("x7", "bad")).replace(b"bad", b"b\xffd"),
        b"\n", b"  \n", b"not json\n", b"[1, 2\n", b"null\n", b'{"type":"user",}\n',
        b.line({"type": "brand-new", "sessionId": b.SESSION, "x": [1]}),
        b.line(b.prompt("p3", "the same uuid, other words", "r2", at=30)),
        b.line(b.title("ai-title", "A title")),
        b.line(b.prompt("x8", "torn"))[:60],
    ]  # fmt: skip
    return b.data([*turns, *odd])


def corpus(root: Path) -> list[Path]:
    """Write a generated corpus below *root*, or one of our own; return its files."""
    if GENERATOR.exists():
        args = ["--messages", "150", "--sessions", "2", "--bytes-scale", "0.02", "--inject-all"]
        args += ["--giant-bytes", "20000", "--seed", "5", "--era", "mixed", "--out", str(root)]
        subprocess.run([sys.executable, str(GENERATOR), *args], check=True, capture_output=True)
    b.write(root / "projects" / "own" / f"{b.SESSION}.jsonl", damaged())
    return sorted(path for path in (root / "projects").rglob("*") if path.is_file())


@pytest.mark.parametrize("seed", [1, 2])
def test_files_grown_in_a_thousand_pieces_give_the_library_of_whole_ones(
    seed: int, tmp_path: Path
) -> None:
    draw = random.Random(seed)
    logs = tmp_path / "logs"
    files = corpus(logs)
    imports(tmp_path / "whole.clew", logs)
    contents = {path: path.read_bytes() for path in files}
    total = sum(map(len, contents.values()))

    with writing(tmp_path / "grown.clew") as (_, ingest):
        for path, content in contents.items():
            path.write_bytes(b"")
            pieces = max(1, CUTS * len(content) // total)
            whole = path.name.endswith(".meta.json")
            cuts = [] if whole else sorted(draw.randrange(len(content)) for _ in range(pieces))
            for begin, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
                b.append(path, content[begin:end])
                reads(ingest, path)

    assert dumped(tmp_path / "grown.clew", logs) == dumped(tmp_path / "whole.clew", logs)


def test_a_file_cut_at_every_single_byte_gives_the_library_of_the_whole_one(
    tmp_path: Path,
) -> None:
    content = damaged()
    path = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", content)
    imports(tmp_path / "whole.clew", path)

    path.write_bytes(b"")
    with writing(tmp_path / "grown.clew") as (_, ingest):
        # The damaged end byte by byte, the sound beginning in steps that are no line's length.
        cuts = [*range(0, len(content) - 2400, 97), *range(len(content) - 2400, len(content))]
        for begin, end in zip(cuts, [*cuts[1:], len(content)], strict=True):
            b.append(path, content[begin:end])
            reads(ingest, path)

    assert dumped(tmp_path / "grown.clew", tmp_path) == dumped(tmp_path / "whole.clew", tmp_path)


def test_a_second_import_changes_nothing(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    corpus(logs)
    family(logs / "projects" / "family")
    imports(tmp_path / "library.clew", logs)
    before = dumped(tmp_path / "library.clew", logs)

    with writing(tmp_path / "library.clew") as (db, ingest):
        began = db.total_changes
        paths = sorted(p for p in logs.rglob("*.json*") if p.name != "ground_truth.json")
        changed = reads(ingest, *paths)
        rows = db.total_changes - began

    assert (changed, rows, ingest.writer.rows, ingest.tally.read) == ([], 0, 0, 0)
    assert dumped(tmp_path / "library.clew", logs) == before


def test_a_second_import_of_the_same_files_elsewhere_counts_nothing_twice(tmp_path: Path) -> None:
    family(tmp_path / "one")
    family(tmp_path / "two")
    imports(tmp_path / "once.clew", tmp_path / "one")
    imports(tmp_path / "twice.clew", tmp_path / "one", tmp_path / "two")

    once, twice = (dumped(tmp_path / f"{name}.clew", tmp_path) for name in ("once", "twice"))

    for counted in ("messages", "prompts", "replies", "tool_calls", "errors", "conversations"):
        assert once["totals"][counted] == twice["totals"][counted], counted
    assert once["tokens"] == twice["tokens"]
    assert once["days"] == twice["days"]


@pytest.mark.parametrize("commits", [1, 2, 3, 5])
def test_an_import_that_was_killed_goes_on_where_it_was(commits: int, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    long = b.write(
        logs / "long.jsonl",
        *(b.prompt(f"u{n}", f"message {n}", f"u{n - 1}", at=n) for n in range(SLICE_RECORDS * 2)),
        b"no record\n",
    )
    paths = [long, *family(logs / "family")]
    imports(tmp_path / "whole.clew", logs)

    left = commits
    with writing(tmp_path / "killed.clew") as (_, ingest):
        for path in paths:
            for file in find((path,)):
                assert isinstance(file, SourceFile)
                # What a kill leaves: commits, and nothing of the next slice.
                left -= len(list(islice(ingest.file(file), left)))
    imports(tmp_path / "killed.clew", logs)

    assert dumped(tmp_path / "killed.clew", logs) == dumped(tmp_path / "whole.clew", logs)


def test_a_killed_process_leaves_a_library_that_the_next_one_finishes(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    for session in range(6):
        lines = (b.prompt(f"{session}-{n}", f"message {n}", at=n) for n in range(1500))
        b.write(logs / f"s{session}.jsonl", *b.of(f"s{session}", *lines))
    script = (
        "import sys; from core.doors import main; "
        "main(['import', '--library', sys.argv[1], sys.argv[2]])"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "killed.clew"), str(logs)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as process:
        wal = tmp_path / "killed.clew-wal"
        while process.poll() is None and not (wal.exists() and wal.stat().st_size > 2_000_000):
            pass
        process.kill()
    imports(tmp_path / "whole.clew", logs)

    imports(tmp_path / "killed.clew", logs)

    assert dumped(tmp_path / "killed.clew", logs) == dumped(tmp_path / "whole.clew", logs)


def test_reading_changes_no_source(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    paths = [*corpus(logs), *family(logs / "projects" / "family")]
    before = [(p.stat().st_mtime_ns, p.stat().st_mode, p.read_bytes()) for p in paths]
    names = sorted(logs.rglob("*"))

    imports(tmp_path / "library.clew", logs)
    imports(tmp_path / "library.clew", logs)

    assert [(p.stat().st_mtime_ns, p.stat().st_mode, p.read_bytes()) for p in paths] == before
    assert sorted(logs.rglob("*")) == names
