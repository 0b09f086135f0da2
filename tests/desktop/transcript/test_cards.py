"""What the card of each tool says, closed and open, whichever agent program it is of."""

import json
from typing import Any

import pytest

from core.model import Outcome
from core.queries.transcript import CallRow
from desktop.delegates import cards, edit_cards
from desktop.delegates.sections import Section
from desktop.models import calls, tool_names
from desktop.models.call_arguments import argument

PATCH = "*** Begin Patch\n*** Update File: /p/a.py\n@@\n-old\n+new\n*** End Patch"


def call(
    tool: str, given: object, result: str = "", outcome: Outcome = Outcome.OK, **detail: Any
) -> CallRow:
    said = json.dumps(detail) if detail else ""
    asked = json.dumps(given)
    lines = result.count("\n")
    return CallRow("k", tool, asked, outcome, 1, result, len(result), lines, None, "", said)


def opened(made: CallRow) -> dict[str, Section]:
    found = cards.sections(made, made.result, "/p", lambda _: "")
    return {section.part: section for section in found}


def facts(made: CallRow) -> list[str]:
    return [fact.text for fact in calls.facts(made)]


@pytest.mark.parametrize(
    ("tool", "given", "expected"),
    [
        ("exec_command", {"cmd": "ls -l"}, "ls -l"),
        ("shell", {"command": ["bash", "-lc", "make test"]}, "make test"),
        ("shell", {"command": ["git", "commit", "-m", "a b"]}, "git commit -m 'a b'"),
        ("run_shell_command", {"command": "# why\nmake\nmake test"}, "make …"),
        ("read", {"path": "/p/a.py", "offset": 3, "limit": 4}, "a.py:3–6"),
        ("Read", {"file_path": "/p/a.py", "offset": "30", "limit": "5"}, "a.py:30–34"),
        ("view", {"path": "/p/a.py", "view_range": [5, 9]}, "a.py:5–9"),
        ("Read", {"file_path": "/home/ada/x.py", "offset": 7}, "~/x.py:7–"),
        ("grep_search", {"query": "x", "include": "*.py"}, "x  in *.py"),
        ("apply_patch", PATCH, "a.py"),
        ("apply_patch", {"patchText": PATCH}, "a.py"),
        ("update_plan", {"plan": [{"step": "Do", "status": "in_progress"}]}, "Do"),
        ("TaskUpdate", {"taskId": "3", "status": "completed"}, "#3 → done"),
        ("web_search", {"query": "locks"}, "locks"),
        ("webfetch", {"url": "https://a.org/b?c"}, "a.org/b"),
        ("AskUserQuestion", {"questions": [{"question": "Which?"}]}, "Which?"),
        ("ask_user", {"question": "Which?"}, "Which?"),
        ("NotebookEdit", {"notebook_path": "/p/a.ipynb", "cell_number": 3}, "a.ipynb, cell 3"),
        ("Skill", {"skill": "pdf", "args": "now"}, "pdf now"),
        ("LSP", {"operation": "hover", "filePath": "/p/a.py", "line": 3}, "hover a.py:3"),
        ("write_stdin", {"session_id": 12, "chars": ""}, "12"),
        ("Agent", {"subagent_type": "Explore", "description": "Look"}, "Explore: Look"),
        ("Unheard", {"flag": 5}, "5"),
        ("Unheard", {}, ""),
    ],
)
def test_a_closed_card_says_what_tells_most(tool: str, given: object, expected: str) -> None:
    assert argument(call(tool, given), "/p").replace("  ", " ") == expected.replace("  ", " ")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (call("Grep", {}, "x", numFiles=2, numLines=9), ["2 files", "9 lines"]),
        (call("Glob", {}, "x", numFiles=2, truncated=True), ["2 files", "cut"]),
        (call("grep", {}, "No matches found"), ["no hits"]),
        (call("Read", {}, "x", file={"numLines": 4, "totalLines": 90}), ["4 of 90 lines"]),
        (call("read_file", {}, "a\nb"), ["2 lines"]),
        (call("Bash", {}, "x", backgroundTaskId="b1"), ["in the background as b1"]),
        (call("Bash", {}, "x", exitCode=1), ["exit 1"]),
        (call("bash", {}, "x", exitCode=0, timedOutAfterMs=2000), ["timed out after 2 s"]),
        (call("BashOutput", {}, "x", status="running"), ["in progress"]),
        (call("ExitPlanMode", {}, "ok"), ["accepted"]),
        (call("WebFetch", {}, "x", code=404, bytes=2000), ["HTTP 404", "2 kB"]),
        (call("Task", {}, "x", totalToolUseCount=3, totalTokens=4000), ["3 steps", "4 k tokens"]),
        (call("Task", {}, "x", isAsync=True), ["in the background"]),
        (call("LSP", {}, "x", resultCount=2), ["2 results"]),
        (call("ToolSearch", {}, "", matches=["a", "b"]), ["2 tools"]),
        (call("todowrite", {"todos": [{"content": "a", "status": "completed"}]}), ["1 of 1 done"]),
        (call("TaskList", {}, "#1 [completed] a\n#2 [pending] b"), ["1 of 2 done"]),
        (call("Unheard", {}, "x"), []),
    ],
)
def test_the_end_of_a_card_counts(made: CallRow, expected: list[str]) -> None:
    assert facts(made) == expected


@pytest.mark.parametrize(
    ("tool", "shown", "icon"),
    [
        ("mcp__linear__create_issue", "linear · create_issue", "plug"),
        ("mcp__plugin_x_y__z", "x_y · z", "plug"),
        ("exec_command", "exec_command", "run"),
        ("search_replace", "search_replace", "edit"),
        ("TodoWrite", "TodoWrite", "todo"),
        ("Unheard", "Unheard", "unknown"),
    ],
)
def test_tools_keep_their_names_and_share_their_pictures(tool: str, shown: str, icon: str) -> None:
    assert (tool_names.name(tool), tool_names.icon(tool)) == (shown, icon)


def test_no_alias_stands_for_two_tools() -> None:
    aliases = [alias for each in tool_names.ALIASES.values() for alias in each]

    assert len(aliases) == len(set(aliases))


def test_a_question_shows_its_options_and_which_was_chosen() -> None:
    asked = {
        "question": "Which?", "header": "Queue",
        "options": [{"label": "One", "description": "the first"}, {"label": "Two, or so"}],
    }  # fmt: skip
    found = opened(call("AskUserQuestion", {"questions": [asked]}, "x", answers={"Which?": "One"}))

    assert found["options0"].text == "One — the first\nTwo, or so"
    assert found["options0"].gutter[0] == "icon:ok:ok"
    assert found["options0"].gutter[1] != "icon:ok:ok"
    assert found["question0"].label == "Queue"


def test_several_choices_and_own_words_are_marked() -> None:
    options = [{"label": "One"}, {"label": "Two, or so"}, {"label": "Three"}]
    asked = {"question": "Which?", "options": options}
    many = call("AskUserQuestion", {"questions": [asked]}, answers={"Which?": "One, Two, or so"})
    own = call("AskUserQuestion", {"questions": [asked]}, answers={"Which?": "None of them"})
    alone = call("ask_user", {"question": "Which?", "choices": ["a", "b"]}, "User selected: b")

    assert [mark == "icon:ok:ok" for mark in opened(many)["options0"].gutter] == [True, True, False]
    assert opened(own)["options0"].text.endswith("None of them — in their own words")
    assert [mark == "icon:ok:ok" for mark in opened(alone)["options0"].gutter] == [False, True]


def test_lists_show_states() -> None:
    todos = [{"content": "a", "status": "completed"}, {"content": "b", "status": "pending"}]
    made = call("TodoWrite", {"todos": todos}, "ok", oldTodos=[{"content": "c", "status": "x"}])

    assert opened(made)["todos"].text == "a\nb"
    assert opened(made)["todos"].gutter[0] == "icon:ok:ok"
    assert opened(made)["gone"].text == "c"
    change = call(
        "TaskUpdate", {"taskId": "3", "status": "completed"}, "ok",
        statusChange={"from": "in_progress", "to": "completed"},
    )  # fmt: skip
    assert opened(change)["todos"].text == "#3 in progress → done"
    boxes = call("update_todo_list", {"todos": "[x] a\n[ ] b\n[-] c"})
    assert opened(boxes)["todos"].text == "a\nb\nc"


def test_a_search_on_the_web_lists_what_it_found_without_obeying_it() -> None:
    links = (
        '[{"title":"A [b](x) *c*","url":"https://a.org/?q=1"},{"title":"","url":"javascript:1 2"}]'
    )
    found = opened(call("WebSearch", {"query": "q"}, f"Links: {links}\n\nSummary"))

    assert found["pages"].text.split("\n")[0] == (r"- [A \[b\]\(x\) \*c\*](<https://a.org/?q=1>)")
    assert "](" not in found["pages"].text.split("\n")[1]
    assert found["answer"].text == "Summary"


def test_patches_are_diffs_whoever_applies_them() -> None:
    shell = {"command": ["apply_patch", PATCH]}
    for made in (call("apply_patch", PATCH, "Done"), call("shell", shell, "Done")):
        found = opened(made)

        assert (found["diff0"].text, found["diff0"].label) == ("old\nnew", "a.py")
        changes = edit_cards.changes(made)
        assert changes is not None
        assert (changes.added, changes.removed) == (1, 1)


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("edit", {"path": "a", "oldText": "x", "newText": "y"}),
        ("replace", {"file_path": "a", "old_string": "x", "new_string": "y"}),
        ("edit", {"filePath": "a", "oldString": "x", "newString": "y"}),
        ("MultiEdit", {"file_path": "a", "edits": [{"old_string": "x", "new_string": "y"}]}),
        (
            "replace_in_file",
            {"path": "a", "diff": "<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE"},
        ),
    ],
)
def test_edits_are_diffs_in_every_notation(tool: str, given: object) -> None:
    changes = edit_cards.changes(call(tool, given))

    assert changes is not None
    assert [(line.sign, line.text) for line in changes.lines] == [("-", "x"), ("+", "y")]


def test_a_file_has_its_line_numbers() -> None:
    numbered = opened(call("Read", {"file_path": "a"}, "    10\tx\n    11\t  y"))["answer"]
    plain = opened(call("read", {"path": "a"}, "x\ny", file={"startLine": 5, "numLines": 2}))

    assert (numbered.text, numbered.gutter) == ("x\n  y", ("10", "11"))
    assert plain["answer"].gutter == ("5", "6")


@pytest.mark.parametrize("tool", sorted(cards.CARDS))
@pytest.mark.parametrize(
    "given", [None, 5, "text", [], {}, {"todos": 5, "questions": [1], "edits": "x", "plan": []}]
)
def test_no_card_minds_what_it_is_given(tool: str, given: object) -> None:
    for outcome in Outcome:
        made = call(tool, given, '{"a": [1]}', outcome, answers=[1], file=3, tasks={"a": 1})
        opened(made)
        facts(made)
        argument(made, "/p")
        assert edit_cards.changes(made) is None or tool_names.icon(tool) == "edit"
