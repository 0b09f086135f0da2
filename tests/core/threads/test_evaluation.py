"""Predictions for a benchmark folder."""

import json
from pathlib import Path

import pytest

from core.doors import main
from core.threads.evaluation import evaluate, learnt
from core.threads.weights import shipped
from tests import builders


def test_a_folder_gets_threads_lanes_and_relations(tmp_path: Path) -> None:
    for part in ("spliced", "natural", "probes"):
        builders.write(tmp_path / part / "one.jsonl", *session())
    builders.write(tmp_path / "projects" / "p" / "a.jsonl", *session())

    found = evaluate(tmp_path, shipped())

    assert sorted(found) == [
        "natural/one.jsonl",
        "probes/one.jsonl",
        "projects/p/a.jsonl",
        "spliced/one.jsonl",
    ]
    one = found["spliced/one.jsonl"]
    assert one["threads"] == {"p": "p", "c": "p", "r": "p", "s": "p"}
    assert one["relations"] == [
        ["response", "c", "p", 1.0],
        ["tool_continuation", "r", "c", 1.0],
        ["response", "s", "p", 1.0],
    ]
    assert json.dumps(found)


def test_an_archive_too_small_to_learn_from_changes_nothing(tmp_path: Path) -> None:
    builders.write(tmp_path / "archive" / "two.jsonl", *session())

    assert learnt(tmp_path / "archive") == learnt(None)


def test_every_cut_is_explained_by_the_door(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = [builders.prompt(f"p{n}", text, at=n * 40) for n, text in enumerate(TWO_THINGS)]
    builders.write(tmp_path / "spliced" / "one.jsonl", *one)
    out, why = tmp_path / "pred.json", tmp_path / "why.json"

    code = main(
        ["evaluate", "threading", str(tmp_path), "--out", str(out), "--why", str(why), "--json"]
    )

    assert code == 0
    found = json.loads(out.read_text())["spliced/one.jsonl"]["threads"]
    cuts = json.loads(why.read_text())["spliced/one.jsonl"]
    assert json.loads(capsys.readouterr().out) == {"files": 1, "cuts": len(cuts)}
    begun = [uuid for uuid, thread in found.items() if uuid == thread]
    assert begun == ["p0", *(cut["turn"] for cut in cuts)]
    assert all(cut["evidence"] and 0 <= cut["confidence"] <= 1 for cut in cuts)


def test_a_folder_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"

    assert main(["evaluate", "threading", str(gone), "--out", str(tmp_path / "p.json")]) == 1
    assert "There is no folder" in capsys.readouterr().err


TWO_THINGS = [
    "the parser fails on empty lines in parser.py, please look",
    "now the parser drops the last line of parser.py",
    "add a test for the parser in test_parser.py",
    "Different topic: write the invoice e-mail for the customer in Lyon",
    "make the invoice e-mail for Lyon shorter and add the amount",
    "translate the invoice e-mail for the customer into French",
]


def session() -> list[builders.Record]:
    return [
        builders.prompt("p", "list the folder"),
        builders.calls("c", "k", parent="p", at=1),
        builders.answers("r", "k", parent="c", at=2),
        builders.says("s", "There is nothing.", parent="r", at=3),
    ]
