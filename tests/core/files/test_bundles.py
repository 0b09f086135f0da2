"""Which files are one session together."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.files import bundles
from core.files.bundles import is_member, main_of, members


def put(path: Path, data: Any = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data or {}))
    return path


def names(main: Path, root: Path) -> list[tuple[str, str]]:
    return [(one.path.relative_to(root).as_posix(), one.section) for one in members(main)]


def test_parts_come_before_their_message_and_messages_in_the_order_of_their_ids(
    tmp_path: Path,
) -> None:
    put(tmp_path / "part" / "msg_2" / "prt_3.json")
    put(tmp_path / "message" / "ses_a" / "msg_2.json")
    put(tmp_path / "part" / "msg_1" / "prt_2.json")
    put(tmp_path / "part" / "msg_1" / "prt_1.json")
    put(tmp_path / "message" / "ses_a" / "msg_1.json")
    put(tmp_path / "message" / "ses_b" / "msg_9.json")
    main = put(tmp_path / "session" / "project" / "ses_a.json")

    assert names(main, tmp_path) == [
        ("session/project/ses_a.json", "session"),
        ("part/msg_1/prt_1.json", "part"),
        ("part/msg_1/prt_2.json", "part"),
        ("message/ses_a/msg_1.json", "message"),
        ("part/msg_2/prt_3.json", "part"),
        ("message/ses_a/msg_2.json", "message"),
    ]


def test_every_file_of_a_tree_leads_to_its_session(tmp_path: Path) -> None:
    main = put(tmp_path / "session" / "project" / "ses_a.json")
    put(tmp_path / "message" / "ses_0" / "msg_0.json")
    message = put(tmp_path / "message" / "ses_a" / "msg_1.json")
    part = put(tmp_path / "part" / "msg_1" / "prt_1.json")
    todo = put(tmp_path / "todo" / "ses_a.json")
    stray = put(tmp_path / "part" / "msg_x" / "prt_9.json")

    assert [main_of(path) for path in (main, message, part, todo)] == [main] * 4
    assert main_of(stray) is None
    assert not is_member(main)
    assert all(is_member(path) for path in (message, part, todo, stray))


def test_a_tree_whose_folders_are_named_after_ids_inside_the_files_is_found(
    tmp_path: Path,
) -> None:
    main = put(tmp_path / "session" / "project" / "ses_s1.json")
    put(tmp_path / "message" / "s1" / "msg_0001.json", {"id": "m_one"})
    put(tmp_path / "message" / "s1" / "msg_0002.json", {"id": "../session"})
    put(tmp_path / "message" / "s1" / "msg_0003.json", [])
    part = put(tmp_path / "part" / "m_one" / "001.json", {"sessionID": "s1"})
    loose = put(tmp_path / "part" / "prt_1.json")

    assert names(main, tmp_path)[1:4] == [
        ("part/prt_1.json", "part"),
        ("part/m_one/001.json", "part"),
        ("message/s1/msg_0001.json", "message"),
    ]
    assert len(members(main)) == 6
    assert main_of(part) == main
    assert is_member(loose)
    assert main_of(loose) is None


def test_a_file_that_is_too_large_or_broken_tells_no_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "session" / "project" / "ses_s1.json")
    broken = put(tmp_path / "part" / "m_one" / "001.json")
    broken.write_text('{"sessionID": "s1"')
    large = put(tmp_path / "part" / "m_one" / "002.json", {"sessionID": "s1"})

    assert main_of(broken) is None
    assert main_of(large) is not None
    monkeypatch.setattr(bundles, "_MOST_BYTES", 3)
    assert main_of(large) is None
    assert main_of(large.with_name("gone.json")) is None


def test_a_task_reads_times_and_costs_before_its_messages(tmp_path: Path) -> None:
    main = put(tmp_path / "api_conversation_history.json")
    shown = put(tmp_path / "ui_messages.json")
    about = put(tmp_path / "task_metadata.json")
    kept = put(tmp_path / "context_history.json")

    assert [one.section for one in members(main)] == [
        "task_metadata", "ui_messages", "api_conversation_history",
    ]  # fmt: skip
    assert [main_of(path) for path in (main, shown, about)] == [main] * 3
    assert [is_member(path) for path in (main, shown, about, kept)] == [False, True, True, True]

    main.unlink()
    assert main_of(shown) is None
    assert not is_member(shown)


def test_an_fx_session_is_a_head_a_title_and_a_checkpoint(tmp_path: Path) -> None:
    main = put(tmp_path / "session.json")
    assert members(main) == ()
    assert main_of(main) is None

    checkpoint = put(tmp_path / "checkpoint.json")
    title = put(tmp_path / "display.json")
    assert [one.section for one in members(main)] == ["session", "display", "checkpoint"]
    assert [main_of(path) for path in (main, checkpoint, title)] == [main] * 3
    assert is_member(checkpoint)

    main.unlink()
    assert main_of(checkpoint) is None


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "session/x/a.json", "message/x/a.txt"])
def test_other_files_are_in_no_bundle(tmp_path: Path, name: str) -> None:
    path = put(tmp_path / name)

    assert members(path) == ()
    assert main_of(path) is None
    assert not is_member(path)


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside" / "msg_7.json").parent
    tree = tmp_path / "tree"
    main = put(tree / "session" / "project" / "ses_a.json")
    put(tree / "message" / "ses_a" / "msg_1.json")
    try:
        (tree / "message" / "ses_a" / "msg_2.json").symlink_to(outside / "msg_7.json")
        (tree / "part").mkdir()
        (tree / "part" / "msg_1").symlink_to(outside)
    except OSError:
        pytest.skip("links are not allowed here")

    assert [name for name, _ in names(main, tree)] == [
        "session/project/ses_a.json", "message/ses_a/msg_1.json",
    ]  # fmt: skip


def test_a_bundle_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main = put(tmp_path / "session" / "project" / "ses_a.json")
    for number in range(9):
        put(tmp_path / "message" / "ses_a" / f"msg_{number}.json")
    monkeypatch.setattr(bundles, "MOST_MEMBERS", 5)

    assert len(members(main)) == 5
