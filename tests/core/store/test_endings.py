"""What a person who comes back to a session would find."""

from contextlib import closing
from pathlib import Path

import pytest

from tests import builders as b
from tests.library import imported, imports

ASK = b.prompt("u1", "go")
CALL = b.calls("a1", "t1", "Bash", {"command": "ls"}, "u1")
ANSWER = b.answers("r1", "t1", "a.py", "a1")
SAY = b.says("a2", "Done.", "r1")


@pytest.mark.parametrize(
    ("lines", "ending"),
    [
        ([{"type": "mode", "mode": "plan", "sessionId": b.SESSION}], ""),
        ([ASK], "cut off"),
        ([ASK, CALL], "pending"),
        ([ASK, CALL, ANSWER], "cut off"),
        ([ASK, CALL, ANSWER, SAY], "waiting"),
        ([ASK, b.calls("a1", "t1", "AskUserQuestion", {"questions": []}, "u1")], "waiting"),
        ([ASK, b.prompt("i", "[Request interrupted by user]", "u1")], "waiting"),
        ([ASK, CALL, ANSWER, SAY, b.prompt("c", "<command-name>/exit</command-name>")], "clean"),
        ([ASK, b.says("e", "API Error: 529", "u1", isApiErrorMessage=True)], "errored"),
    ],
)
def test_a_session_ends_as_its_last_messages_say(
    lines: list[b.Line], ending: str, tmp_path: Path
) -> None:
    b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *lines)

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert db.execute("SELECT ending FROM session").fetchone()[0] == ending
        assert db.execute("SELECT ending FROM conversation").fetchone()[0] == ending


def test_an_open_call_beside_an_answered_one_leaves_the_session_waiting_for_it(
    tmp_path: Path,
) -> None:
    two = b.calls("a1", "t1", "Bash", {}, "u1"), b.calls("a2", "t2", "Bash", {}, "a1")
    path = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", ASK, *two, ANSWER)

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert db.execute("SELECT ending FROM session").fetchone()[0] == "pending"

    b.append(path, b.answers("r2", "t2", "b.py", "a2"), b.says("a3", "Done.", "r2"))
    imports(tmp_path / "library.clew", path)
    with closing(imported(tmp_path, path)) as db:
        assert db.execute("SELECT ending FROM session").fetchone()[0] == "waiting"
