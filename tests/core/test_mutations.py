"""Records as real transcripts have them, with any value anywhere replaced or left out.

Whatever a record has become, it is counted, its bytes are where the library says, the import
goes on, and a second import finds nothing new.
"""

import copy
import json
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from core.queries import totals
from core.records.decode import decode
from core.records.reader import lines
from core.store.connection import open_reader
from tests import builders as b
from tests.library import dump, imports, reads, sound, writing

EXAMPLES = 120
MOST = 12  # records that one example changes

Inside: TypeAlias = dict[str, Any] | list[Any]


def result(tool: str, extra: object, said: object = "done", **more: Any) -> b.Record:
    """Return a tool result with what the tool itself gave beside it."""
    return b.answers(f"r-{tool}", f"t-{tool}", said, f"a-{tool}", toolUseResult=extra, **more)


def system(subtype: str, **more: Any) -> b.Record:
    return b.record("system", f"sys-{subtype}", "p1", subtype=subtype, level="info", **more)


def command(said: str) -> b.Record:
    return b.prompt(f"c-{said[:12]}", said, "p1")


IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": b.PNG}}
TEXT = {"type": "text", "text": "some words"}
PATCH = [{"oldStart": 1, "oldLines": 1, "newStart": 1, "newLines": 2, "lines": ["-a", "+b", "+c"]}]

PROMPTS: list[b.Record] = [
    b.prompt("p1", "find it", imagePasteIds=[1], promptId="i", permissionMode="default"),
    b.prompt("p2", [TEXT, IMAGE, {"type": "document", "source": {"data": "eA=="}}, "bare"], "p1"),
    b.prompt("p3", "skill text", "p2", isMeta=True, sourceToolUseID="t-Skill"),
    b.prompt("p4", "later", "p3", origin={"kind": "task-notification"}, promptSource="sdk"),
    b.prompt("p5", "plan", "p4", planContent="1. do", thinkingMetadata={"level": "high"}, todos=[]),
    b.prompt("p6", "copied", "p5", forkedFrom={"sessionId": "other", "messageUuid": "p6"}),
    b.prompt("s1", "Dig", None, isSidechain=True, agentId="abc1234"),
    b.prompt("i1", [{"type": "text", "text": "[Request interrupted by user]"}], "p1"),
    b.prompt("e1", "<ide_selection>lines 3 to 9</ide_selection>explain this", "p1"),
    b.boundary("k1", "p5"),
    b.compacted("k2", "k1"),
    command("<command-name>/rename</command-name><command-args>New name</command-args>"),
    command("<local-command-stdout>ok</local-command-stdout>"),
    command("<bash-input>ls</bash-input>"),
    command("<bash-stdout>a.py</bash-stdout><bash-stderr></bash-stderr>"),
    command("<task-notification><task-id>x</task-id></task-notification>"),
]
REPLIES: list[b.Record] = [
    b.thinks("a1", "hm", "p1", api="m1", slug="calm-fox", effort="high"),
    b.says("a2", "Sure.", "a1", api="m1", stop="end_turn"),
    b.reply("a3", [{"type": "redacted_thinking", "data": "eA=="}, "bare"], "a2"),
    b.reply("a4", [{"type": "thinking", "thinking": "", "signature": "x" * 40}], "a3"),
    b.reply("a5", [{"type": "server_tool_use", "id": "w1", "name": "web_search", "input": {}}]),
    b.reply("a6", [{"type": "web_search_tool_result", "tool_use_id": "w1", "content": [TEXT]}]),
    b.says("a7", "API Error: 529", "a6", model="<synthetic>", isApiErrorMessage=True, error="x"),
    b.says("a8", "Yes.", "a7", request=None, usage=b.usage() | {
        "iterations": [b.usage() | {"type": "message"}], "speed": "standard",
        "server_tool_use": {"web_search_requests": 1, "web_fetch_requests": 0},
        "inference_geo": "", "service_tier": None,
    }),
    b.calls("a-bad", "t-bad", 'Task" >\n<parameter name="x', {"__unparsedToolInput": "{"}, "a8"),
    b.calls("a-mcp", "t-mcp", "mcp__db__query", {"sql": "select 1"}, "a8"),
    b.calls("a-Agent", "t-Agent", "Agent", {"prompt": "Dig", "description": "dig"}, "a8"),
]  # fmt: skip
TOOLS: list[b.Record] = [
    result("Bash", {"stdout": "a\nb\nand more", "stderr": "c", "interrupted": False}, "a"),
    result("Bash2", {"stdout": "", "stderr": "", "interrupted": True, "backgroundTaskId": "b1"}),
    result("Read", {"type": "text", "file": {"filePath": "/a", "content": "x", "numLines": 1}}),
    result("ReadImage", {"type": "image", "file": {"base64": b.PNG}}, [IMAGE]),
    result("Edit", {"filePath": "/a", "oldString": "a", "newString": "b", "replaceAll": False,
                    "originalFile": "a", "structuredPatch": PATCH, "userModified": True}),
    result("Write", {"type": "create", "filePath": "/a", "content": "b", "structuredPatch": []}),
    result("MultiEdit", {"edits": [{"old_string": "a"}], "structuredPatch": PATCH}),
    result("NotebookEdit", {"cell_number": 1, "new_source": "x", "error": ""}),
    result("Grep", {"mode": "content", "numFiles": 2, "filenames": ["a", "b"], "numLines": 3}),
    result("Glob", {"filenames": ["a"], "numFiles": 1, "durationMs": 4, "truncated": False}),
    result("TodoWrite", {"oldTodos": [], "newTodos": [{"content": "x", "status": "pending"}]}),
    result("TaskUpdate", {"success": True, "taskId": "1", "statusChange": {"from": "a"}}),
    result("TaskList", {"tasks": [{"id": "1", "subject": "x"}]}),
    result("Agent", {"agentId": "abc1234", "status": "completed", "content": [TEXT],
                     "totalDurationMs": 9, "totalTokens": 8, "usage": b.usage()}, [TEXT]),
    result("WebFetch", {"bytes": 1, "code": 200, "codeText": "OK", "durationMs": 3, "url": "u"}),
    result("WebSearch", {"query": "x", "results": ["y"], "durationSeconds": 1.5}),
    result("AskUserQuestion", {"questions": [{"question": "?"}], "answers": {"?": "yes"}}),
    result("BashOutput", {"shellId": "b1", "status": "running", "exitCode": None, "stdout": "x"}),
    result("ToolSearch", {"matches": ["x"]}, [{"type": "tool_reference", "tool_name": "x"}]),
    result("mcp", [TEXT, IMAGE], [TEXT]),
    result("Error", "Error: no such file", "no such file", error=True),
    result("Denied", "User rejected tool use", "The user doesn't want to proceed with this tool "
           "use", error=True, toolDenialKind="user"),
    result("Big", {"persistedOutputPath": "/x/tool-results/1.txt", "persistedOutputSize": 9}),
    b.answers("r-none", "t-none", None, "a1", sourceToolAssistantUUID="a1"),
]  # fmt: skip
OTHERS: list[b.Record] = [
    b.progress("g1", "a1", type="hook_progress", hookEvent="PreToolUse", hookName="x"),
    b.progress("g2", "g1", type="bash_progress", output="x", fullOutput="xy", totalLines=2),
    b.progress("g3", "g2", type="agent_progress", agentId="abc1234", call="t-Agent",
               message={"type": "user", "message": {"content": [TEXT]}}),
    b.progress("g4", "g3", type="mcp_progress", progress=0.5),
    b.attachment("h1", "p1", hookName="x", content="y", stdout="", exitCode=0, durationMs=1),
    b.attachment("h2", "h1", type="hook_additional_context", content=["x"]),
    b.attachment("h3", "h2", type="skill_listing", content="- x", skillCount=1, isInitial=True),
    b.attachment("h4", "h3", type="file", filename="/a", content={"type": "text"}),
    b.attachment("h5", "h4", type="task_reminder", content=[], itemCount=0),
    b.queued("q1", "also this", "h5", commandMode="prompt", source_uuid="u", origin={"kind": "x"}),
    b.queued("q2", [TEXT, IMAGE], "q1"),
    system("stop_hook_summary", hookCount=1, hookInfos=[{"command": "x"}], hookErrors=[]),
    system("turn_duration", durationMs=1234, isMeta=False, messageCount=2),
    system("microcompact_boundary", content="c", microcompactMetadata={"preTokens": 9}),
    system("local_command", content="<command-name>/cost</command-name>"),
    system("api_error", error={"error": {"message": "overloaded"}}, retryInMs=0.5, retryAttempt=1),
    system("away_summary", content="You were away."),
    b.summary("What it was", "p1"),
    b.title("custom-title", "Mine"),
    b.title("ai-title", "Its"),
    b.title("agent-name", "Ada"),
    {"type": "last-prompt", "lastPrompt": "find it", "leafUuid": "a8", "sessionId": b.SESSION},
    {"type": "mode", "mode": "normal", "sessionId": b.SESSION},
    {"type": "permission-mode", "permissionMode": "plan", "sessionId": b.SESSION},
    {"type": "pr-link", "prNumber": 3, "prUrl": "https://x/3", "sessionId": b.SESSION},
    {"type": "queue-operation", "operation": "enqueue", "content": "x", "sessionId": b.SESSION,
     "timestamp": b.moment(5)},
    {"type": "file-history-snapshot", "messageId": "p1", "isSnapshotUpdate": False,
     "snapshot": {"messageId": "p1", "trackedFileBackups": {"/a": {"version": 1}}}},
    {"type": "continued-in", "continuedInSessionId": "later", "sessionId": b.SESSION},
    {"type": "cost-state", "totalCostUSD": 0.25, "hasUnknownModelCost": False,
     "modelUsage": {"m": {"costUSD": 0.25, "inputTokens": 1}}, "sessionId": b.SESSION},
    {"type": "relocated", "relocatedCwd": "/b", "sessionId": b.SESSION},
    {"type": "a-kind-of-2031", "uuid": "n1", "sessionId": b.SESSION, "payload": {"k": [1]}},
]  # fmt: skip
SHAPES = [*PROMPTS, *REPLIES, *TOOLS, *OTHERS]
KNOWN = [b.prompt("known-1", "as it should be"), b.says("known-2", "Yes.", "known-1")]

_KEYS = ("type", "text", "content", "id", "uuid", "input", "usage", "message", "data", "x", "")
_WORDS = st.sampled_from(
    ["user", "text", "tool_use", "tool_result", "p1", "a1", "t-Bash", "\ud83d"]
)
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=6)
    | _WORDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=3)
    ),
    max_leaves=6,
)
_CHANGE = st.tuples(st.integers(0, 2**30), st.none() | _JSON, st.booleans())
_MUTANT = st.tuples(st.sampled_from(SHAPES), st.lists(_CHANGE, min_size=1, max_size=4))


@settings(max_examples=EXAMPLES, deadline=None)
@given(mutants=st.lists(_MUTANT, min_size=1, max_size=MOST))
def test_a_record_with_anything_in_it_is_counted_kept_and_read_once(
    mutants: list[tuple[b.Record, list[tuple[int, Any, bool]]]],
    tmp_path_factory: Any,
) -> None:
    folder: Path = tmp_path_factory.mktemp("mutants")
    records = [*KNOWN, *(changed(record, changes) for record, changes in mutants)]
    path = b.write(folder / "s.jsonl", *(json.dumps(one).encode() + b"\n" for one in records))

    imports(folder / "l.clew", path)

    assert sound(folder / "l.clew")
    all_counted(folder / "l.clew", records)
    all_in_place(folder / "l.clew", path, records)
    nothing_new(folder / "l.clew", path)


def test_every_shape_as_it_should_be_is_counted_kept_and_read_once(tmp_path: Path) -> None:
    path = b.write(tmp_path / "s.jsonl", *SHAPES)

    imports(tmp_path / "l.clew", path)

    assert sound(tmp_path / "l.clew")
    all_counted(tmp_path / "l.clew", SHAPES)
    all_in_place(tmp_path / "l.clew", path, SHAPES)
    nothing_new(tmp_path / "l.clew", path)


def changed(record: b.Record, changes: list[tuple[int, Any, bool]]) -> b.Record:
    """Return a copy of *record* in which some values are replaced or, if asked, left out."""
    made = copy.deepcopy(record)
    for number, other, drop in changes:
        places = list(nodes(made))
        if not places:
            break
        holder, key = places[number % len(places)]
        if drop:
            del holder[key]
        else:
            holder[key] = other
    return made


def nodes(record: b.Record) -> "list[tuple[Any, Any]]":
    """Return where every value inside *record* stands."""
    found: list[tuple[Any, Any]] = []
    todo: list[Inside] = [record]
    while todo:
        node = todo.pop()
        pairs = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
        found += [(node, key) for key, _ in pairs]
        todo += [value for _, value in pairs if isinstance(value, dict | list)]
    return found


def all_counted(library: Path, records: list[b.Record]) -> None:
    """Check that the census holds every record once, the unknown ones with their content."""
    with closing(open_reader(library)) as db:
        unknown = db.execute("SELECT coalesce(sum(count), 0) FROM census WHERE NOT known")
        kept = db.execute("SELECT count(*) FROM unread")
        assert totals.totals(db).records == len(records)
        assert unknown.fetchone() == kept.fetchone()
        dump(db)


def all_in_place(library: Path, path: Path, records: list[b.Record]) -> None:
    """Check that the places of the library and of the reader hold the records themselves."""
    content = path.read_bytes()
    with path.open("rb") as stream:
        places = [r.place for line in lines(stream, 0, 0) for r in decode(line).records]
    assert [at(content, one.offset, one.length) for one in places] == records
    begins = {place.offset: place for place in places}
    with closing(open_reader(library)) as db:
        shown = {
            offset: (line, length, uuid)
            for offset, line, length, uuid in db.execute(
                "SELECT offset, line, length, uuid FROM message"
            )
        }
        unread = db.execute("SELECT offset, line FROM unread").fetchall()
    for offset, (line, length, _) in shown.items():
        assert (begins[offset].line, begins[offset].length) == (line, length)
    assert all(begins[offset].line == line for offset, line in unread)
    stored = {uuid for _, _, uuid in shown.values()}
    stored |= {uuid.rpartition("~")[0] for uuid in stored}
    for place, record in zip(places, records, strict=True):
        if record.get("type") in ("user", "assistant") and place.offset not in shown:
            # The very same was said before.
            assert (
                record["uuid"].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
                in stored
            )


def at(content: bytes, offset: int, length: int) -> object:
    value: object = json.loads(content[offset : offset + length])
    return value


def nothing_new(library: Path, path: Path) -> None:
    """Check that reading *path* again writes nothing, even when its time has changed."""
    with writing(library) as (db, ingest):
        before = db.total_changes
        assert reads(ingest, path) == []
        assert (db.total_changes, ingest.tally.read) == (before, 0)
    with closing(open_reader(library)) as db:
        whole = dump(db)
    b.older(path, 1)
    with writing(library) as (_, ingest):
        assert reads(ingest, path) == []
        assert ingest.tally.parsed == 0
    with closing(open_reader(library)) as db:
        assert dump(db) == whole
