"""The texts of a Cline conversation: what a person said in them, and calls written as XML.

A user's message is made of texts that the program put together: the words of a person in tags,
the results of tools after a line that names them, and the state of the editor. Older versions
had the model write its calls into its text.
"""

import re
from collections.abc import Iterator, Sequence

from core.messages.tooling import call_block, result_block
from core.model import Block, BlockKind, Outcome
from core.records.fields import items, mapping, text

_TOOLS = (
    "access_mcp_resource", "apply_diff", "ask_followup_question", "attempt_completion",
    "browser_action", "codebase_search", "condense", "execute_command", "fetch_instructions",
    "insert_content", "list_code_definition_names", "list_files", "load_mcp_documentation",
    "new_rule", "new_task", "plan_mode_respond", "read_file", "replace_in_file", "report_bug",
    "run_slash_command", "search_and_replace", "search_files", "switch_mode",
    "update_todo_list", "use_mcp_tool", "web_fetch", "write_to_file",
)  # fmt: skip
_CALL = re.compile(rf"<({'|'.join(_TOOLS)})>(.*?)</\1>", re.DOTALL)
_ARGUMENT = re.compile(r"<([a-z_]+)>(.*?)</\1>", re.DOTALL)
_SAID = re.compile(r"<(task|feedback|answer|user_message)>\s*(.*?)\s*</\1>", re.DOTALL)
_RESULT = re.compile(rf"\[({'|'.join(_TOOLS)})(?:\]| for ).{{0,2000}}?Result:\s*", re.DOTALL)
_STATE = re.compile(r"<environment_details>.*?(?:</environment_details>|\Z)", re.DOTALL)
_FOLDER = re.compile(r"# Current (?:Working|Workspace) Directory \(([^\n]+?)\) Files")
_THINKING = re.compile(r"<thinking>\s*(.*?)\s*</thinking>\s*", re.DOTALL)
_PROGRAM = ("[ERROR]", "[TASK RESUMPTION]", "[Response interrupted", "# ")
_ENDS: tuple[tuple[str, Outcome], ...] = (  # what a result says of how its call ended
    ("The user denied this operation", Outcome.DENIED),
    ("The tool execution failed with the following error", Outcome.ERROR),
    ("[Response interrupted by a tool use result", Outcome.INTERRUPTED),
    ("Task was interrupted before this tool call", Outcome.INTERRUPTED),
)


def folder(content: object) -> str:
    """Return the working folder that the state of the editor in *content* names."""
    for item in items(content) or (content,):
        said = item if isinstance(item, str) else text(mapping(item), "text")
        if found := _FOLDER.search(said):
            return found.group(1)
    return ""


def prompts(found: Sequence[Block], waiting: Sequence[str]) -> tuple[tuple[Block, ...], list[str]]:
    """Return the blocks of a user's message, and which of the calls *waiting* it leaves so.

    A call that was written as XML has no id of its own: its key ends with its tool's name.
    """
    left = list(waiting)
    made: list[Block] = []
    answered = ""  # the call whose output is the text that follows
    for block in found:
        if block.result is not None:
            made += _answer(block)
            continue
        if block.kind is not BlockKind.PROMPT:
            made.append(block)
            continue
        said = _STATE.sub("", block.text).strip()
        head = _RESULT.match(said)
        if head:
            if answered:
                made.append(result_block(answered, Outcome.OK, ""))
            answered = _claim(left, head.group(1))
            said = said[head.end() :]
        if said and answered:
            made += _ended(answered, said)
            answered = ""
        elif said:
            made += _typed(said)
        made += [Block(BlockKind.NOTE, state) for state in _STATE.findall(block.text)]
    if answered:
        made.append(result_block(answered, Outcome.OK, ""))
    return tuple(made), left


def _claim(waiting: list[str], tool: str) -> str:
    """Return the first call of *tool* that has no result, or a key that answers none."""
    key = next((key for key in waiting if key.endswith(f":{tool}")), "")
    if key:
        waiting.remove(key)
    return key or f"?:{tool}"


def _answer(block: Block) -> Iterator[Block]:
    if block.result is None or block.result.outcome not in {Outcome.OK, Outcome.ERROR}:
        yield block
        return
    yield from _ended(block.result.key, block.text, block.result.outcome)


def _ended(key: str, said: str, outcome: Outcome = Outcome.OK) -> Iterator[Block]:
    """Yield a result, and what a person said with it."""
    for mark, how in _ENDS:
        if mark in said[:400]:
            outcome = how
            break
    yield result_block(key, outcome, said)
    for spoken in _SAID.finditer(said):
        if spoken.group(1) == "feedback":
            yield Block(BlockKind.PROMPT, spoken.group(2))


def _typed(said: str) -> Iterator[Block]:
    spoken = [match.group(2) for match in _SAID.finditer(said)]
    if spoken:
        yield from (Block(BlockKind.PROMPT, one) for one in spoken)
        rest = _SAID.sub("", said).strip()
        if rest:
            yield Block(BlockKind.NOTE, rest)
        return
    program = said.startswith(_PROGRAM)
    yield Block(BlockKind.NOTE if program else BlockKind.PROMPT, said)


def replies(found: Sequence[Block], index: int) -> tuple[tuple[Block, ...], list[str]]:
    """Return the blocks of reply number *index*, and the keys of its calls written as XML."""
    made: list[Block] = []
    opened: list[str] = []
    for block in found:
        if block.kind is not BlockKind.REPLY:
            made.append(block)
            continue
        begin = 0
        for match in _CALL.finditer(block.text):
            made += _spoken(block.text[begin : match.start()])
            begin = match.end()
            key = f"{index}.{len(opened)}:{match.group(1)}"
            opened.append(key)
            given = {name: value.strip() for name, value in _ARGUMENT.findall(match.group(2))}
            made.append(call_block(key, match.group(1), given or match.group(2).strip()))
        made += _spoken(block.text[begin:])
    return tuple(made), opened


def _spoken(said: str) -> Iterator[Block]:
    for thought in _THINKING.finditer(said):
        yield Block(BlockKind.THINKING, thought.group(1))
    rest = _THINKING.sub("", said).strip()
    if rest:
        yield Block(BlockKind.REPLY, rest)
