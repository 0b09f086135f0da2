"""What tools read and listed is kept whole, and found by search."""

import pytest

from core.queries import transcript
from tests import builders as b
from tests.core.acceptance.conftest import Clew

READ = "".join(f"{n}\tvalue_{n} = {n}\n" for n in range(1, 500)) + "500\tquagmire = True\n"
GLOB = "\n".join(f"/home/ada/clew/src/module_{n}.py" for n in range(300)) + "\n/etc/zymurgy.conf"
OUTPUTS = {
    "Read": (
        {"file_path": "/home/ada/a.py"}, READ, "quagmire",
        {"type": "text", "file": {"filePath": "/home/ada/a.py", "content": "x", "numLines": 500}},
    ),
    "Glob": (
        {"pattern": "**/*.py"}, GLOB, "zymurgy",
        {"filenames": ["/etc/zymurgy.conf"], "numFiles": 301, "durationMs": 4, "truncated": False},
    ),
    "Grep": ({"pattern": "x"}, "a.py:3:xylophone", "xylophone", {"mode": "content", "numFiles": 1}),
    "Bash": ({"command": "ls"}, "wombat", "wombat", {"stdout": "wombat", "stderr": ""}),
    "mcp__db__query": ({"sql": "select"}, "okapi", "okapi", [{"type": "text", "text": "okapi"}]),
}  # fmt: skip


@pytest.mark.parametrize("tool", OUTPUTS)
@pytest.mark.parametrize("facts", [True, False])
def test_the_output_of_a_tool_is_kept_and_found(tool: str, facts: bool, clew: Clew) -> None:
    given, output, word, extra = OUTPUTS[tool]
    more = {"toolUseResult": extra} if facts else {}
    b.write(
        clew.root / f"{b.SESSION}.jsonl",
        b.prompt("p1", "look", at=1),
        b.calls("a1", "t1", tool, given, "p1", at=2),
        b.answers("r1", "t1", output, "a1", at=3, **more),
    )
    clew.import_()

    (hit,) = clew.find(word)["hits"]
    assert (hit["field"], hit["message"], hit["tool"]) == ("output", "r1", tool)
    assert f"[{word}]" in hit["snippet"]
    ((call,),) = (m["tool_calls"] for m in clew.show()["messages"] if m["tool_calls"])
    assert (call["outcome"], call["result"], call["input"]) == ("ok", output, given)
    with clew.reader() as db:
        rows = transcript.rows(db, transcript.spine(db, 1).ids)
        (row,) = (row.call for row in rows if row.call)
        assert row.result_id is not None
        assert transcript.text(db, row.result_id) == output


def test_an_output_is_found_by_its_tool(clew: Clew) -> None:
    for number, (tool, (given, output, _, _)) in enumerate(OUTPUTS.items()):
        key = f"t{number}"
        b.write(
            clew.root / f"{number}.jsonl",
            *b.of(
                str(number),
                b.calls(f"a{number}", key, tool, given, at=1),
                b.answers(f"r{number}", key, f"{output}\ncommonword", f"a{number}", at=2),
            ),
        )
    clew.import_()

    assert clew.find("commonword")["total"] == len(OUTPUTS)
    assert [h["tool"] for h in clew.find("tool:read commonword")["hits"]] == ["Read"]
    assert [h["tool"] for h in clew.find("tool:glob commonword")["hits"]] == ["Glob"]
