"""The rules by which Claude Code's transcripts are read, one test each, from file to answer.

The format is written down nowhere, so these rules are: each docstring states one of them.
"""

import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.queries import census, conversations, problems, search, structure, totals, transcript
from tests import builders as b
from tests.library import imported, imports, listed, only, reads, shown, writing

OTHER = "00000000-aaaa-4bbb-8ccc-000000000002"


def main(root: Path, *lines: b.Line, key: str = b.SESSION) -> Path:
    """Write *lines* as the file of session *key*."""
    return b.write(root / "logs" / f"{key}.jsonl", *lines)


def kinds(root: Path, *lines: b.Line) -> list[str]:
    """Return the kinds of the messages that *lines* are read as."""
    with closing(imported(root, main(root, *lines))) as db:
        return [str(message["kind"]) for message in shown(db)]


def test_o1_the_project_is_the_recorded_folder(tmp_path: Path) -> None:
    """O1: the folder's name is never decoded: many names give the same one."""
    folder = tmp_path / "logs" / "-home-ada-my-app"
    b.write(folder / "a.jsonl", *b.of("a", b.prompt("p1", cwd="/home/ada/my.app")))
    b.write(folder / "b.jsonl", *b.of("b", b.prompt("p2", cwd="/home/ada/my/app")))

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert {one["project"] for one in listed(db)} == {"/home/ada/my.app", "/home/ada/my/app"}


def test_o1_a_session_that_was_moved_is_in_its_new_folder(tmp_path: Path) -> None:
    """O1: where the log says that a session was moved, its project is the new folder."""
    moved = {"type": "relocated", "relocatedCwd": "/home/ada/moved", "sessionId": b.SESSION}

    with closing(imported(tmp_path, main(tmp_path, b.prompt("p1"), moved))) as db:
        assert [one["project"] for one in listed(db)] == ["/home/ada/moved"]


def test_o2_every_line_is_kept_and_counted_whatever_it_is(tmp_path: Path) -> None:
    """O2: read loosely; unknown kinds are kept, counted by kind and version, and no error."""
    bare: b.Record = {"type": "user", "message": {"content": "only this"}}
    odd = {"type": "speech-2031", "uuid": "n1", "version": "9.9.9", "payload": {"k": [1, None]}}
    path = main(tmp_path, bare, odd, odd | {"version": "9.9.10"}, b.prompt("p1", "known"))

    with closing(imported(tmp_path, path)) as db:
        assert [message["text"] for message in shown(db)] == ["only this", "known"]
        assert {(one.kind, one.known, one.count) for one in census.census(db)} == {
            ("user", True, 2),
            ("speech-2031", False, 2),
        }
        versions = db.execute("SELECT version FROM census WHERE kind = 'speech-2031'").fetchall()
        kept = [json.loads(raw) for (raw,) in db.execute("SELECT raw FROM unread ORDER BY line")]
        places = db.execute("SELECT offset, length FROM message ORDER BY id").fetchall()
        assert problems.count(db) == 0
    assert sorted(versions) == [("9.9.10",), ("9.9.9",)]
    assert kept == [odd, odd | {"version": "9.9.10"}]
    content = path.read_bytes()
    assert [json.loads(content[at : at + size]) for at, size in places] == [
        bare,
        b.prompt("p1", "known"),
    ]


def test_o3_usage_is_counted_once_for_each_message_and_request(tmp_path: Path) -> None:
    """O3: key (message.id, requestId or ""), all files; the most output, then the most of all."""
    use = b.usage
    main(
        tmp_path,
        b.says("a1", "one", api="m1", usage=use(output=5)),
        b.says("a2", "two", "a1", api="m1", usage=use(output=50)),
        b.says("a3", "three", "a2", api="m1", usage=use(output=7)),  # not the last one: the most
        b.says("a4", "again", "a3", api="m1", request="another", usage=use(output=100)),
        b.says("a5", "bare", "a4", api="m2", request=None, usage=use(output=1000)),
        b.says("a6", "bare", "a5", api="m2", request="", usage=use(output=999)),
        b.says("a7", "more read", "a6", api="m3", usage=use(output=3, read=100)),
        b.says("a8", "more read", "a7", api="m3", usage=use(output=3, read=900)),
    )
    copy = b.says("z1", "one", api="m1", usage=use(output=60), at=99)
    main(tmp_path, *b.of(OTHER, copy), key=OTHER)

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        (tokens,) = totals.tokens(db).values()
        assert totals.totals(db).replies == 3  # by message.id: a retry is the same reply
        assert tokens.output == 60 + 100 + 1000 + 3
        assert tokens.cache_read == 100 + 100 + 100 + 900


def test_o4_the_pieces_of_a_reply_belong_together(tmp_path: Path) -> None:
    """O4: grouped by message and request, whatever is written between; any piece is a parent."""
    path = main(
        tmp_path,
        b.prompt("p1"),
        b.thinks("a1", "hm", "p1", api="m1"),
        b.queued("q1", "and hurry", "a1"),
        b.says("a2", "Yes", "q1", api="m1"),
        b.progress("g1", "a2"),
        b.calls("a3", "t1", parent="g1", api="m1"),
        b.answers("r1", "t1", "one", "a1"),
        b.answers("r2", "t2", "two", "a3"),
    )

    with closing(imported(tmp_path, path)) as db:
        messages = {message["uuid"]: message for message in shown(db)}
        rows = transcript.rows(db, transcript.spine(db, 1).ids)
    assert [messages[uuid]["reply"] for uuid in ("a1", "a2", "a3")] == ["m1"] * 3
    assert len({row.reply_id for row in rows if row.reply_id}) == 1
    assert [messages[uuid]["parent"] for uuid in ("a2", "a3", "r1", "r2")] == [
        "q1", "a2", "a1", "a3",
    ]  # fmt: skip


def test_o5_counts_that_are_not_the_last_ones_are_told(tmp_path: Path) -> None:
    """O5: usage without a stop reason is a snapshot, and said to be."""
    path = main(
        tmp_path,
        b.says("a1", "partial", api="m1", usage=b.usage(output=1)),
        b.says("a2", "partial", "a1", api="m2", usage=b.usage(output=1)),
        b.says("a3", "final", "a2", api="m2", usage=b.usage(output=9), stop="end_turn"),
    )

    with closing(imported(tmp_path, path)) as db:
        used = {m["uuid"]: m["usage"]["final"] for m in shown(db) if m["usage"]}
    assert used == {"a1": False, "a3": True}


@pytest.mark.parametrize("first", [True, False])
def test_o6_a_copied_record_is_the_originals(first: bool, tmp_path: Path) -> None:
    """O6: one message a uuid. The file that is another's beginning owns it, not the first name."""
    begin = [b.prompt("p1", "a question", at=1), b.says("a1", "an answer", "p1", at=2)]
    paths = [
        main(tmp_path, *begin),
        main(tmp_path, *b.of(OTHER, *begin, b.prompt("p2", "more", "a1", at=3)), key=OTHER),
    ]
    assert b.SESSION > OTHER
    with writing(tmp_path / "library.clew") as (_, ingest):
        reads(ingest, *(paths if first else paths[::-1]))

    with closing(imported(tmp_path, *paths)) as db:
        (one,) = listed(db)
        assert (one["id"], one["messages"], one["prompts"]) == (b.SESSION, 3, 2)
        assert [m["session"] for m in shown(db)] == [b.SESSION, b.SESSION, OTHER]
        assert search.find(db, "question").total == 1


def test_o7_the_order_is_the_files_and_parents_only_tell_branches(tmp_path: Path) -> None:
    """O7: file order is the spine; two prompts on one message are a fork, nothing else is."""
    path = main(
        tmp_path,
        b.prompt("p1", "start", at=9),  # times out of order, as clocks are
        b.calls("a1", "t1", parent="p1", api="m1", at=2),
        b.calls("a2", "t2", parent="a1", api="m1", at=3),
        b.answers("r1", "t1", "one", "a1", at=4),  # two children of a1: parallel calls
        b.answers("r2", "t2", "two", "a2", at=4),
        b.says("a3", "Both.", "r2", at=5),
        b.prompt("p2", "first try", "a3", at=6),
        b.says("a4", "Done.", "p2", at=7),
        b.prompt("p3", "second try", "a3", at=8),
    )

    with closing(imported(tmp_path, path)) as db:
        assert [(m["uuid"], m["branch"]) for m in shown(db)] == [
            ("p1", 0), ("a1", 0), ("a2", 0), ("r1", 0), ("r2", 0), ("a3", 0),
            ("p2", 1), ("a4", 1), ("p3", 2),
        ]  # fmt: skip
        (old,) = search.find(db, "Done").hits
        assert old.abandoned


def test_o7_a_record_that_names_no_parent_hangs_on_the_one_before(tmp_path: Path) -> None:
    """O7: null is a root; no key at all is not."""
    bare = b.says("a1", "Yes.")
    del bare["parentUuid"]

    with closing(imported(tmp_path, main(tmp_path, b.prompt("p1"), bare))) as db:
        assert [m["parent"] for m in shown(db)] == [None, "p1"]


def test_o8_a_compaction_is_an_event_that_breaks_nothing(tmp_path: Path) -> None:
    """O8: trigger, sizes and duration are kept; the summary is no prompt; the thread goes on."""
    facts = {"trigger": "auto", "preTokens": 9, "postTokens": 3, "durationMs": 5}
    path = main(
        tmp_path,
        b.prompt("p1"),
        b.boundary("c1", "p1") | {"compactMetadata": facts},
        b.compacted("c2", "c1"),
        b.says("a1", "Going on.", "c2"),
    )

    with closing(imported(tmp_path, path)) as db:
        assert [(m["kind"], m["thread"]) for m in shown(db)] == [
            ("prompt", 1), ("compaction", 1), ("summary", 1), ("reply", 1),
        ]  # fmt: skip
        (mark,) = (n for n in structure.outline(db, 1) if n.kind is structure.NodeKind.COMPACTION)
        assert json.loads(mark.detail) == facts
        assert totals.totals(db).prompts == 1


CALLED = b.calls("a1", "t1", "Task", {"prompt": "Dig", "description": "dig"}, "p1", at=2)
ANSWERED = b.answers("r1", "t1", "done", "a1", at=9)


@pytest.mark.parametrize("said", ["note", "result", "progress", "inline"])
def test_o9_an_agent_hangs_under_the_call_that_started_it(said: str, tmp_path: Path) -> None:
    """O9: by its note, the result, a progress record, or the words of an inline prompt."""
    agent = [b.prompt("s1", "Dig", at=3), b.says("s2", "deep", "s1", at=4)]
    progress = b.progress("g1", "a1", type="agent_progress", agentId="ag1", call="t1")
    linked = ANSWERED | {"toolUseResult": {"agentId": "ag1"}}
    main(
        tmp_path,
        b.prompt("p1", at=1),
        CALLED,
        *([progress] if said == "progress" else []),
        *(b.lane("ag1", *agent) if said == "inline" else []),
        linked if said == "result" else ANSWERED,
    )
    if said != "inline":
        path = b.agent_file(tmp_path / "logs", b.SESSION, "ag1", *agent)
        if said == "note":
            b.agent_note(path, agentType="Explore", toolUseId="t1")

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        (one,) = listed(db)  # never a conversation of its own
        assert (one["messages"], one["prompts"]) == (5, 1)
        assert [c["agent"] for m in shown(db) for c in m["tool_calls"]] == ["ag1"]
        (session,) = structure.tree(db, conversations.page(db)[0].id)
        assert [node.agent for node in session.children[0].children] == ["ag1"]


TAIL = "agentId: ag1 (for resuming to continue this agent's work if needed)"
XML = "<task-notification><task-id>ag1</task-id><tool-use-id>t1</tool-use-id></task-notification>"
QUEUE: dict[str, Any] = {
    "type": "queue-operation", "sessionId": b.SESSION, "timestamp": b.moment(5),
}  # fmt: skip
LINKS = {
    "json": QUEUE | {"operation": "enqueue", "content": '{"task_id":"ag1","tool_use_id":"t1"}'},
    "xml": QUEUE | {"operation": "enqueue", "content": XML},
    "notification": b.prompt("n1", XML, "r1", at=10),
}


@pytest.mark.parametrize("said", ["tail", *LINKS])
@pytest.mark.parametrize("nested", [True, False])
def test_o9_the_texts_of_records_tell_which_call_started_an_agent(
    said: str, nested: bool, tmp_path: Path
) -> None:
    """O9: by the end of the result, the queue's records, or the notification at the end."""
    result = [{"type": "text", "text": "done"}, {"type": "text", "text": TAIL}]
    main(
        tmp_path,
        b.prompt("p1", at=1),
        CALLED,
        b.answers("r1", "t1", result if said == "tail" else "done", "a1", at=9),
        *([LINKS[said]] if said in LINKS else []),
    )
    agent = [b.prompt("s1", "Other words", at=3), b.says("s2", "deep", "s1", at=4)]
    b.agent_file(tmp_path / "logs", b.SESSION, "ag1", *agent, nested=nested)

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert [c["agent"] for m in shown(db) for c in m["tool_calls"]] == ["ag1"]


def test_o9_an_agent_does_not_start_itself(tmp_path: Path) -> None:
    """O9: in an agent's file agentId is whose record it is, and no reference."""
    main(tmp_path, b.prompt("p0"))
    b.agent_file(
        tmp_path / "logs", b.SESSION, "ag1",
        b.prompt("s1", "Dig"),
        b.calls("s2", "t1", "Task", {"prompt": "x"}, "s1"),
        b.answers("s3", "t1", "x", "s2", toolUseResult={"agentId": "ag1"}),
    )  # fmt: skip

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert [c["agent"] for m in shown(db) for c in m["tool_calls"]] == [None]


def test_o9_an_agent_without_its_trunk_is_shown_by_itself(tmp_path: Path) -> None:
    """O9: orphans are promoted, not lost; and the first record may be a reply."""
    b.agent_file(tmp_path / "logs", "gone", "ag1", b.says("s1", "no prompt here"))

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        (one,) = listed(db)
        assert one["messages"] == 1


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (b.prompt("u", "do it"), "prompt"),
        (b.prompt("u", "<ide_opened_file>a.py</ide_opened_file>do it"), "prompt"),
        (b.queued("u", "do it"), "queued"),
        (b.prompt("u", "<command-name>/model</command-name>"), "command"),
        (b.prompt("u", "<local-command-stdout>set</local-command-stdout>"), "command"),
        (b.prompt("u", "<user-memory-input>x</user-memory-input>"), "command"),
        (b.prompt("u", "<bash-input>ls</bash-input>"), "shell"),
        (b.prompt("u", "<bash-stdout>a</bash-stdout><bash-stderr></bash-stderr>"), "shell"),
        (b.prompt("u", "<local-command-caveat>x</local-command-caveat>"), "meta"),
        (b.prompt("u", "skill text", isMeta=True), "meta"),
        (b.prompt("u", "<system-reminder>x</system-reminder>"), "meta"),
        (b.prompt("u", "<ide_selection>x</ide_selection>"), "meta"),
        (b.compacted("u", "x"), "summary"),
        (b.prompt("u", "<task-notification>x</task-notification>"), "notice"),
        (b.prompt("u", "Stop hook feedback:\n- x"), "notice"),
        (b.prompt("u", '<teammate-message teammate_id="x">hi</teammate-message>'), "notice"),
        (b.prompt("u", "x", origin={"kind": "task-notification"}), "notice"),
        (b.prompt("u", "x", origin={"kind": "human"}), "prompt"),
        (b.prompt("u", "Run the nightly check", promptSource="system"), "notice"),
        (b.prompt("u", "x", promptSource="sdk"), "prompt"),
        (b.prompt("u", "[Request interrupted by user for tool use]"), "interrupt"),
        (b.prompt("u", "Dig", isSidechain=True), "task"),
        (b.answers("u", "t1"), "result"),
    ],
)
def test_o10_only_what_a_person_typed_is_a_prompt(
    record: b.Record, expected: str, tmp_path: Path
) -> None:
    """O10: nine of ten user records are a machine's."""
    assert kinds(tmp_path, b.says("a0"), record) == ["reply", expected]
    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert totals.totals(db).prompts == (expected in {"prompt", "queued"})


def test_o10_a_prompt_typed_while_the_agent_worked_is_there_once(tmp_path: Path) -> None:
    """O10: the queue's own records repeat what the attachment or the prompt says."""
    queue = {"type": "queue-operation", "sessionId": b.SESSION, "timestamp": b.moment(2)}
    steer = queue | {"content": "steer left"}
    found = kinds(
        tmp_path,
        b.prompt("p1", "go", at=1),
        steer | {"operation": "enqueue"},
        steer | {"operation": "remove"},
        b.queued("q1", "steer left", "p1", at=3),
        queue | {"operation": "enqueue", "content": "then stop"},
        queue | {"operation": "dequeue"},
        b.prompt("p2", "then stop", "q1", at=4),
    )

    assert found == ["prompt", "queued", "prompt"]


@pytest.mark.parametrize("told", [{}, {"content": "steer left"}])
def test_o10_a_queued_prompt_without_an_attachment_is_not_lost(
    told: dict[str, Any], tmp_path: Path
) -> None:
    """O10: up to 2.1.95 nothing but the queue's own records holds it."""
    path = main(
        tmp_path,
        b.prompt("p1", "go", at=1),
        QUEUE | {"operation": "enqueue", "content": "steer left"},
        QUEUE | {"operation": "remove"} | told,
        b.says("a1", "Left.", "p1", at=9),
    )

    with closing(imported(tmp_path, path)) as db:
        assert [(m["kind"], m["text"]) for m in shown(db)] == [
            ("prompt", "go"), ("queued", "steer left"), ("reply", "Left."),
        ]  # fmt: skip
        assert search.find(db, "steer").total == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (b.answers("r1", "t1", "fine", "a1"), "ok"),
        (b.answers("r1", "t1", "fine", "a1", error=False), "ok"),
        (b.answers("r1", "t1", "exit code 1", "a1", error=True), "error"),
        (b.answers("r1", "t1", "The user doesn't want to proceed with this tool use. x", "a1",
                   error=True, toolUseResult="User rejected tool use"), "denied"),
        (b.answers("r1", "t1", "[Request interrupted by user for tool use]", "a1",
                   error=True), "interrupted"),
        (b.answers("r1", "other", "fine", "a1"), "none"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("later", [True, False])
def test_o11_how_a_call_ended_is_one_of_five(
    given: b.Record, expected: str, later: bool, tmp_path: Path
) -> None:
    """O11: ok, error, denied, interrupted or none; the result may come in a later append."""
    call = b.calls("a1", "t1", given={"__unparsedToolInput": "{"})
    path = main(tmp_path, call, *([] if later else [given]))
    if later:
        imports(tmp_path / "library.clew", path)
        b.append(path, given)

    with closing(imported(tmp_path, path)) as db:
        ((found,),) = (m["tool_calls"] for m in shown(db) if m["tool_calls"])
    assert (found["outcome"], found["input"]) == (expected, {"__unparsedToolInput": "{"})


def test_o11_output_in_a_file_of_its_own_is_found(tmp_path: Path) -> None:
    """O11: only the file's name counts: the folders are those of the machine it ran on."""
    b.write(tmp_path / "logs" / b.SESSION / "tool-results" / "t1.txt", b"the whole zebra")
    gone = f"/home/ada/.claude/projects/x/{b.SESSION}/tool-results/t1.txt"  # moved since
    facts = {"persistedOutputPath": gone}
    main(tmp_path, b.calls("a1", "t1"), b.answers("r1", "t1", "cut", "a1", toolUseResult=facts))

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert search.find(db, "zebra").total == 1


def test_o12_what_is_still_being_written_waits(tmp_path: Path) -> None:
    """O12: the offset never lies inside a record."""
    whole = b.data([b.prompt("p1"), b.says("a1", "Yes.", "p1")])
    begin = len(b.line(b.prompt("p1")))
    path = main(tmp_path)
    for end in (*range(begin, len(whole), 40), len(whole) - 2, len(whole)):
        path.write_bytes(whole[:end])
        with closing(imported(tmp_path, path)) as db:
            (offset,) = db.execute("SELECT offset FROM source").fetchone()
            assert offset in ({begin} if end < len(whole) - 1 else {end})
            assert problems.count(db) == 0

    with closing(imported(tmp_path, path)) as db:
        assert [m["uuid"] for m in shown(db)] == ["p1", "a1"]


@pytest.mark.parametrize("grown", [True, False])
def test_o13_a_rewritten_beginning_is_read_again(grown: bool, tmp_path: Path) -> None:
    """O13: hashes of the first and the last bytes tell a rewrite, at any size and time."""
    path = main(tmp_path, b.prompt("p1", "red"), b.prompt("p2", "two", "p1"))
    imports(tmp_path / "library.clew", path)
    facts = path.stat()

    more = [b.prompt("p3", "three", "p2")] if grown else []
    b.write(path, b.prompt("p1", "tan"), b.prompt("p2", "two", "p1"), *more)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))

    with closing(imported(tmp_path, path)) as db:
        said = {m["uuid"]: m["text"] for m in shown(db)}
    assert said == {"p1": "tan", "p2": "two"} | ({"p3": "three"} if grown else {})


def test_o14_odd_bytes_cost_a_character_and_not_a_record(tmp_path: Path) -> None:
    """O14: half characters, NUL, invalid UTF-8, line ends of DOS, a byte order mark."""
    said = ["plain", "half HERE", "nul HERE", "bytes HERE"]
    odd = [b"", b"\\ud83d", b"\\u0000", b"\xff"]
    lines = [
        b.line(b.prompt(f"p{number}", words)).replace(b"HERE", piece).replace(b"\n", b"\r\n")
        for number, (words, piece) in enumerate(zip(said, odd, strict=True))
    ]
    path = main(tmp_path, b"\xef\xbb\xbf", *lines)

    with closing(imported(tmp_path, path)) as db:
        texts: list[Any] = [message["text"] for message in only(db)["messages"]]
        severities = {problem.severity for problem in problems.page(db)}
        assert all(search.find(db, word).total for word in ("plain", "half", "nul", "bytes"))
    assert [text.split()[0] for text in texts] == ["plain", "half", "nul", "bytes"]
    assert texts[1] == "half �"
    assert severities <= {"info"}


def test_o15_nothing_is_filtered_by_how_it_is_spelled(tmp_path: Path) -> None:
    """O15: ``"usage":{`` with blanks in it, or with escapes, is the same."""
    record = b.says("a1", "Yes.", usage=b.usage(output=33))
    spelled = json.dumps(record, indent=1).replace("\n", "\t") + "\n"
    escaped = spelled.replace('"usage"', '"\\u0075sage"').replace('"type"', '"t\\u0079pe"')
    path = main(tmp_path, escaped.replace('"a1"', '"a2"').replace("msg_a1", "m2"), spelled)

    with closing(imported(tmp_path, path)) as db:
        (tokens,) = totals.tokens(db).values()
        assert tokens.output == 66
