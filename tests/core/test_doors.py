"""The command line: JSON on standard output, sentences on standard error, and exit codes."""

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core import __version__, doors
from core.store.connection import open_reader, open_writer
from tests import builders as b
from tests.library import imports

ROOT = Path(__file__).parents[2]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p1", "find the needle", at=1),
        b.calls("a1", "t1", parent="p1", at=2),
        b.answers("r1", "t1", "no \x1b[31m needle", "a1", error=True, at=3),
        b"garbage\n",
    )
    imports(tmp_path / "l.clew", path)
    return tmp_path / "l.clew"


def door(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    """Run a door; return its exit code and what it wrote to both outputs."""
    code = doors.main([str(part) for part in argv])
    out, err = capsys.readouterr()
    return code, out, err


def said(capsys: pytest.CaptureFixture[str], *argv: object) -> Any:
    """Run a door with ``--json``; return what it said."""
    code, out, err = door(capsys, *argv, "--json")
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    return json.loads(out)


def test_import_tells_what_it_read_and_what_the_library_holds(
    tmp_path: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = said(capsys, "import", "--library", tmp_path / "new.clew", tmp_path / "logs")
    again = said(capsys, "import", "--library", tmp_path / "new.clew", tmp_path / "logs")

    assert first.pop("seconds") >= 0
    assert first.pop("formats") == {
        "claude-code": {
            "title": "Claude Code", "files": 1, "records": 3, "understood": 3, "strange": 0,
            "broken": 1, "score": 0.75, "versions": [b.prompt("x")["version"]],
        }
    }  # fmt: skip
    assert first.pop("processing") == {
        "lines": 4, "understood": 3, "strange": 0, "broken": 1, "score": 0.75,
    }  # fmt: skip
    assert first == {
        "files": 1, "others": 0, "files_changed": 1, "records": 3, "messages": 3, "replies": 1,
        "prompts": 1, "tool_calls": 1, "conversations": 1, "problems": 1, "cancelled": False,
        "bytes_read": (tmp_path / "logs" / f"{b.SESSION}.jsonl").stat().st_size,
    }  # fmt: skip
    assert (again["files_changed"], again["bytes_read"], again["messages"]) == (0, 0, 3)


def test_list_show_and_search_say_json(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = said(capsys, "list", "--library", library)
    shown = said(capsys, "show", one["id"], "--library", library)
    found = said(capsys, "search", "needle", "--library", library, "--limit", 1)

    assert (one["id"], one["title"], one["errors"]) == (b.SESSION, "find the needle", 1)
    assert [message["id"] for message in shown["messages"]] == ["p1", "a1", "r1"]
    assert shown["problems"][0]["line"] == 4
    assert found["total"] == 2
    (hit,) = found["hits"]
    assert set(hit) == {
        "conversation", "message", "field", "snippet", "at", "title", "tool", "abandoned",
    }  # fmt: skip
    assert "[needle]" in hit["snippet"]


def test_stats_say_totals_tools_tokens_and_days(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(capsys, "stats", "--library", library)

    assert (out["messages"], out["tools"]["Bash"]["error"]) == (3, 1)
    assert out["tokens"]["claude-opus-4-6"]["output"] == 5
    assert out["formats"]["claude-code"]["files"] == 1
    assert out["cost"]["unpriced_models"] == ["claude-opus-4-6"]
    assert out["days"] == [{"date": "2026-01-01", "messages": 3, "prompts": 1, "tool_calls": 1}]


@pytest.mark.parametrize(
    "argv", [("list",), ("show", b.SESSION), ("search", "needle"), ("stats",), ("check",)]
)
def test_without_json_lines_for_people_are_printed_without_control_characters(
    argv: tuple[str, ...], library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = door(capsys, *argv, "--library", library)

    assert (code, err) == (0, "")
    assert out
    assert "\x1b" not in out


def test_check_is_content_with_a_sound_library_and_not_with_a_spoiled_one(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = said(capsys, "check", "--library", library)
    db = open_writer(library)
    db.execute("UPDATE conversation SET messages = 99")
    db.close()

    code, out, err = door(capsys, "check", "--library", library, "--json")

    assert sound["ok"]
    assert sound["counts"]["messages"] == 3
    assert {kind["kind"] for kind in sound["kinds"]} == {"user", "assistant"}
    assert {kind["kind"]: kind["count"] for kind in sound["census"]} == {"user": 2, "assistant": 1}
    (file,) = sound["files"]
    assert (file["format"], file["recognised"], file["score"]) == ("claude-code", True, 0.75)
    assert sound["formats"]["claude-code"]["title"] == "Claude Code"
    (problem,) = sound["problems"]
    assert (problem["count"], problem["first"]["line"]) == (1, 4)
    assert (code, err) == (1, "")
    spoiled = json.loads(out)
    assert not spoiled["ok"]
    assert "1 conversations whose count" in spoiled["checks"]["conversation counts"]


def test_check_of_a_library_with_broken_pages_is_a_sentence(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = bytearray(library.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    library.write_bytes(content)

    code, out, err = door(capsys, "check", "--library", library, "--json")

    assert (code, out) == (1, "")
    assert err.startswith("clew: The library is damaged")


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (("show", "nothing"), "There is no conversation 'nothing'."),
        (("show", "\udcff"), "There is no conversation '\\udcff'."),
    ],
)
def test_what_is_not_there_is_told_on_standard_error(
    argv: tuple[str, ...], sentence: str, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert door(capsys, *argv, "--library", library) == (1, "", f"clew: {sentence}\n")


@pytest.mark.parametrize("name", ["list", "stats", "check"])
def test_without_a_library_there_is_nothing_to_read(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = door(capsys, name, "--library", tmp_path / "no.clew", "--json")

    assert (code, out) == (1, "")
    assert err.startswith("clew: There is no library at")
    assert list(tmp_path.iterdir()) == []


# `evaluate` opens no library.
@pytest.mark.parametrize("name", [name for name in doors.NAMES if name != "evaluate"])
def test_another_programs_file_is_refused_by_every_door(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").mkdir()
    other = tmp_path / "notes.txt"
    other.write_text("my notes\n" * 200)
    given: dict[str, list[object]] = {
        "show": ["x"], "search": ["x"], "analyse": ["x"], "archive": ["list"],
        "remove": ["--older-than", "1d"], "restore-removed": ["all"],
    }  # fmt: skip
    argument = given.get(name, [tmp_path / "logs"] if name in {"import", "watch"} else [])

    code, out, err = door(capsys, name, *argument, "--library", other)

    assert code == 1
    assert "is not a Clew library" in out + err
    assert other.read_text() == "my notes\n" * 200


@pytest.mark.parametrize(
    "argv",
    [[], ["nonsense"], ["show"], ["search"], ["list", "--limit"], ["search", "x", "--limit", "y"]],
)
def test_a_command_line_that_is_not_understood_ends_with_2(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = door(capsys, *argv)

    assert (code, out) == (2, "")
    assert "usage:" in err


@pytest.mark.parametrize("name", ["import", "watch"])
def test_a_path_that_is_not_there_ends_with_2(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"

    code, out, err = door(capsys, name, gone, "--library", tmp_path / "l.clew")

    assert (code, out, err) == (2, "", f"clew: {gone} does not exist.\n")
    assert list(tmp_path.iterdir()) == []


def test_without_a_path_the_agents_own_folders_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "other"))
    library = ["--library", tmp_path / "l.clew"]
    code, _, err = door(capsys, "import", *library)
    assert (code, err) == (2, "clew: No transcripts were found; name a folder or file.\n")

    b.write(tmp_path / ".claude" / "projects" / "x" / "a.jsonl", *b.of("a", b.prompt("p1")))
    b.write(tmp_path / "other" / "projects" / "x" / "b.jsonl", *b.of("b", b.prompt("p2")))

    assert said(capsys, "import", *library)["messages"] == 2


def test_help_and_version_end_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert door(capsys, "--version")[:2] == (0, f"clew {__version__}\n")
    code, out, _ = door(capsys, "--help")
    assert code == 0
    assert all(name in out for name in doors.NAMES)


@pytest.mark.parametrize("limit", ["0", "-5", "1000000000000"])
def test_a_limit_may_be_any_number(
    limit: str, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = said(capsys, "search", "needle", "--library", library, f"--limit={limit}")

    assert found["total"] == 2


def test_other_languages_and_half_characters_are_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = b.write(tmp_path / "a.jsonl", b.prompt("p1", "你好 😀 x"))
    path.write_bytes(path.read_bytes().replace(b" x", b" \\ud83d"))
    imports(tmp_path / "l.clew", path)

    assert said(capsys, "list", "--library", tmp_path / "l.clew")[0]["title"] == "你好 😀 �"


@pytest.mark.skipif(os.name == "nt", reason="no SIGTERM on Windows")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_watch_tells_every_commit_until_it_is_asked_to_end(
    number: signal.Signals, tmp_path: Path
) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    script = "import sys; from core.doors import main; sys.exit(main(sys.argv[1:]))"
    argv = ["watch", "--library", str(tmp_path / "l.clew"), str(tmp_path / "logs")]
    process = subprocess.Popen(
        [sys.executable, "-c", script, *argv],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        events: list[dict[str, Any]] = []
        for line in lines:
            events.append(json.loads(line))
            if events[-1]["event"] == "ImportFinished":
                b.append(path, b.prompt("p2"))
            grown = [event for event in events if event.get("messages") == ["p2"]]
            if grown and events[-1].get("after") == grown[0]["event_id"]:
                break
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()

    assert (process.returncode, out, err) == (0, "", "")
    woven = events.pop()
    events = [event for event in events if event["event"] != "ThreadsChanged"]
    assert [event["event"] for event in events] == [
        "LibraryReady", "ConversationChanged", "ImportFinished", "ConversationChanged",
    ]  # fmt: skip
    ready, first, finished, second = events
    assert woven == {
        "event": "ThreadsChanged",
        "after": second["event_id"],
        "conversation": second["conversation"],
    }
    # A commit has a number of its own; other lines say after which commit they came.
    assert ready["after"] < first["event_id"] == finished["after"] < second["event_id"]
    assert "event_id" not in ready | finished
    assert "after" not in first | second


def test_an_import_leaves_threads_made_unless_they_are_not_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    left: list[int] = []
    for name, options in (("a", ()), ("b", ("--no-threads",))):
        library = tmp_path / f"{name}.clew"
        said(capsys, "import", *options, "--library", library, path)
        with closing(open_reader(library)) as db:
            left.append(db.execute("SELECT count(*) FROM thread_due").fetchone()[0])

    assert left == [0, 1]


@pytest.mark.skipif(os.name == "nt", reason="no SIGTERM on Windows")
def test_import_ends_at_sigterm_with_what_was_committed(tmp_path: Path) -> None:
    for session in range(12):
        lines = (b.prompt(f"{session}-{n}", "word " * 50) for n in range(1000))
        b.write(tmp_path / "logs" / f"{session}.jsonl", *b.of(str(session), *lines))
    script = "import sys; from core.doors import main; sys.exit(main(sys.argv[1:]))"
    argv = ["import", "--json", "--library", str(tmp_path / "l.clew"), str(tmp_path / "logs")]
    process = subprocess.Popen(
        [sys.executable, "-c", script, *argv], cwd=ROOT, stdout=subprocess.PIPE
    )
    wal = tmp_path / "l.clew-wal"
    while process.poll() is None and not (wal.exists() and wal.stat().st_size > 1_500_000):
        pass
    process.terminate()
    out, _ = process.communicate(timeout=20)

    assert process.returncode == 0
    told = json.loads(out)
    assert told["cancelled"] or told["messages"] == 12_000
    assert told["messages"] % 500 == 0
