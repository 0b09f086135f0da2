"""Places worth a picture are found where there are any."""

from contextlib import closing
from pathlib import Path

from core.queries import conversations, samples
from tests import builders as b
from tests.library import imported

OTHER = "00000002-aaaa-4bbb-8ccc-000000000000"


def edited(key: str, tool: str, **more: object) -> list[b.Record]:
    return [
        b.prompt(f"p-{key}"),
        b.calls(f"c-{key}", key, tool, {"file_path": "a.py"}, f"p-{key}"),
        b.answers(f"a-{key}", key, "ok", f"c-{key}", **more),
    ]


def test_an_edit_of_the_wanted_conversation_comes_first(tmp_path: Path) -> None:
    b.write(tmp_path / "l" / f"{b.SESSION}.jsonl", *edited("k1", "Write"))
    b.write(tmp_path / "l" / f"{OTHER}.jsonl", *b.of(OTHER, *edited("k2", "Edit")))
    with closing(imported(tmp_path, tmp_path / "l")) as db:
        for row in conversations.page(db):
            found = samples.edit(db, row.id)
            assert found is not None
            assert found.conversation == row.id
        elsewhere = samples.edit(db, 0)
        other = conversations.one(db, OTHER)

    assert elsewhere is not None
    assert other is not None
    assert elsewhere.conversation == other.id  # an edit shows more than a file written anew


def test_without_edits_and_agents_there_is_nothing_to_show(tmp_path: Path) -> None:
    path = b.write(tmp_path / "l.jsonl", *edited("k1", "Edit", error=True))
    with closing(imported(tmp_path, path)) as db:
        assert samples.edit(db, 1) is None
        assert samples.agent(db) is None


def test_the_agent_that_called_most_tools_is_found(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    started = [
        b.prompt("p1"),
        *[
            line
            for agent in ("ag1", "ag2")
            for line in (
                b.calls(f"c-{agent}", f"t-{agent}", "Agent", {"prompt": "look"}, "p1"),
                b.answers(
                    f"r-{agent}",
                    f"t-{agent}",
                    parent=f"c-{agent}",
                    toolUseResult={"agentId": agent},
                ),
            )
        ],
    ]
    b.write(logs / f"{b.SESSION}.jsonl", *started)
    for agent, calls in (("ag1", 1), ("ag2", 2)):
        lines = [b.calls(f"{agent}-{n}", f"{agent}-k{n}") for n in range(calls)]
        b.agent_file(logs, b.SESSION, agent, b.prompt(f"{agent}-p"), *lines)
    with closing(imported(tmp_path, logs)) as db:
        found = samples.agent(db)

    assert found is not None
    assert found.agent == "ag2"
