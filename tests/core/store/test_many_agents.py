"""A session may have thousands of agents: each costs what it brings, however many there are."""

from contextlib import closing
from pathlib import Path

import pytest

from core.store.connection import open_reader
from tests import builders as b
from tests.library import reads, sound, steps_of, writing


def delegating(root: Path, agents: int, *, named: bool) -> list[Path]:
    """Write a session that starts *agents*, each given a prompt of its own, and their files."""
    records = [b.prompt("p", "go")]
    last = "p"
    for one in range(agents):
        told = {"toolUseResult": {"agentId": f"a{one:05}"}} if named else {}
        given = {"prompt": f"do {one}", "description": "work"}
        records += [
            b.calls(f"c{one}", f"t{one}", "Task", given, last, at=one * 3),
            b.answers(f"r{one}", f"t{one}", "ok", f"c{one}", at=one * 3 + 2, **told),
        ]
        last = f"r{one}"
    return [
        b.write(root / f"{b.SESSION}.jsonl", *records),
        *(
            b.agent_file(
                root, b.SESSION, f"a{one:05}",
                b.prompt(f"x{one}", f"do {one}", at=one * 3),
                b.says(f"y{one}", "done", f"x{one}", at=one * 3 + 1),
            )
            for one in range(agents)
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("named", [True, False])
def test_twice_as_many_agents_are_twice_the_work(tmp_path: Path, *, named: bool) -> None:
    few, many = (
        steps_of(tmp_path / f"{count}.clew", delegating(tmp_path / str(count), count, named=named))
        for count in (60, 120)
    )

    assert many < 2.5 * few


@pytest.mark.parametrize("turned", [False, True])
def test_every_agent_is_found_by_its_prompt_whichever_file_comes_first(
    tmp_path: Path, *, turned: bool
) -> None:
    paths = delegating(tmp_path, 6, named=False)
    library = tmp_path / "l.clew"
    with writing(library) as (_, ingest), ingest.writer.together():
        for path in paths[::-1] if turned else paths:
            reads(ingest, path)
            ingest.writer.flush()

    with closing(open_reader(library)) as db:
        started = db.execute("SELECT key, agent FROM call ORDER BY id").fetchall()
    assert started == [(f"t{one}", f"a{one:05}") for one in range(6)]
    assert sound(library)
