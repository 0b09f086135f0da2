import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.tour import command
from tests import builders
from tests.desktop.shell.conftest import key

ROOT = Path(__file__).parents[3]


def test_a_tour_takes_a_picture_of_every_page(tmp_path: Path, logs: Path) -> None:
    edited = [
        builders.prompt("e-p", "edit the spindle", at=9e5),
        builders.calls(
            "e-c", "k", "Edit", {"file_path": "a.py", "old_string": "a", "new_string": "b"}, "e-p"
        ),
        builders.answers("e-a", "k", "ok", "e-c"),
    ]
    builders.write(logs / f"{key(7)}.jsonl", *builders.of(key(7), *edited), "{torn\n")
    out = tmp_path / "tour"
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    ended = subprocess.run(
        [sys.executable, "-m", "desktop", "tour", "--out", str(out), str(logs)],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )

    assert ended.returncode == 0, ended.stderr
    told = json.loads((out / "tour.json").read_text())
    names = {page["name"] for page in told["pages"]}
    assert {"welcome", "importing", "library", "transcript-edit", "search", "charts"} <= names
    assert {
        "health-formats",
        "health-files",
        "health-kinds",
        "health-problems",
        "health-import",
    } <= names
    assert {"chart-table", "record", "drop", "drop-refused", "empty-library", "keys"} <= names
    assert {
        (page["theme"], page["size"]) for page in told["pages"] if page["name"] == "library"
    } == {(theme, size) for theme in ("light", "dark") for size in ("1280x800", "2560x1440")}
    assert all((out / page["file"]).stat().st_size > 1_000 for page in told["pages"])
    assert told["import"]["files"] == 4
    assert set(told["import"]["event_loop_gap_ms"]) == {"p50", "p99", "max"}


def test_a_tour_of_nothing_is_refused_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["--out", str(tmp_path / "tour"), "--library", str(tmp_path / "l.clew")])

    assert ended.value.code == 2
    assert "PATH" in capsys.readouterr().err
    assert not (tmp_path / "tour").exists()
