"""Blocks of the items of a Codex rollout: what was said, called and given back."""

import re

from core.messages.tooling import arguments, call_block, image, linked, result_block, words
from core.model import Block, BlockKind, Kind, Outcome
from core.records.fields import JsonObject, dump, flat, items, mapping, text

_MARKS: tuple[tuple[str, Kind], ...] = (  # how a user item begins, what it then is
    ("<turn_aborted>", Kind.INTERRUPT),
    ("<user_shell_command>", Kind.SHELL),
    ("<subagent_notification>", Kind.NOTICE),
    ("<user_action>", Kind.NOTICE),
    ("<environment_context>", Kind.META),
    ("<user_instructions>", Kind.META),
    ("<permissions instructions>", Kind.META),
    ("<INSTRUCTIONS>", Kind.META),
    ("<skill>", Kind.META),
    ("# AGENTS.md instructions", Kind.META),
    ("Another language model started to solve this problem", Kind.SUMMARY),
)
_EDITOR = "# Context from my IDE setup:"
_REQUEST = re.compile(r"^## My request for Codex:[ \t]*\n?", re.MULTILINE)
_EXIT = re.compile(r"^(?:Exit code: |Process exited with code )(-?\d+)", re.MULTILINE)
_HEAD = 400  # characters of an output in which its exit code stands
_ENDINGS: tuple[tuple[str, Outcome], ...] = (
    ("exec command rejected by user", Outcome.DENIED),
    ("patch rejected by user", Outcome.DENIED),
    ("rejected by user", Outcome.DENIED),
    ("user rejected", Outcome.DENIED),
    ("user cancelled", Outcome.DENIED),
    ("aborted", Outcome.INTERRUPTED),
    ("apply_patch verification failed", Outcome.ERROR),
    ("failed to parse", Outcome.ERROR),
    ("write_stdin failed", Outcome.ERROR),
    ("exec_command failed", Outcome.ERROR),
    ("execution error", Outcome.ERROR),
    ("tool call error", Outcome.ERROR),
    ("unsupported call", Outcome.ERROR),
)
_FAILED = frozenset({"failed", "incomplete"})


def kind_of(said: str) -> Kind:
    """Return what a user item that says *said* is: most are written by the program."""
    begin = said.lstrip()[:80]
    return next((kind for mark, kind in _MARKS if begin.startswith(mark)), Kind.PROMPT)


def said_in(content: object) -> str:
    """Return the text of *content*, the items of a message."""
    if isinstance(content, str):
        return content
    return "".join(text(mapping(item), "text") for item in items(content))


def typed(said: str) -> tuple[Block, ...]:
    """Return what a person typed as blocks; what their editor put before it is apart."""
    if said.startswith(_EDITOR) and (mark := _REQUEST.search(said)):
        before, asked = said[: mark.start()].strip(), said[mark.end() :].strip()
        return (Block(BlockKind.NOTE, before), Block(BlockKind.PROMPT, asked))
    return (Block(BlockKind.PROMPT, said),)


def pieces(content: object, kind: BlockKind) -> tuple[Block, ...]:
    """Return the blocks of *content*, the items of a message; its texts are of *kind*."""
    if isinstance(content, str):
        return typed(content) if kind is BlockKind.PROMPT else (Block(kind, content),)
    found: list[Block] = []
    for item in items(content):
        block = mapping(item)
        said = item if isinstance(item, str) else text(block, "text") or text(block, "refusal")
        if said:
            found.extend(typed(said) if kind is BlockKind.PROMPT else (Block(kind, said),))
        elif text(block, "type") == "input_image":
            found.append(linked(text(block, "image_url"), "image"))
        elif text(block, "type") not in {"input_text", "output_text", "encrypted_content"}:
            found.append(Block(BlockKind.OTHER, dump(item)))
    return tuple(found)


def thoughts(body: JsonObject) -> tuple[str, ...]:
    """Return the readable parts of a reasoning item; the encrypted one is not."""
    parts = [*items(body.get("summary")), *items(body.get("content"))]
    said = [part if isinstance(part, str) else text(mapping(part), "text") for part in parts]
    said += [text(body, "content"), text(body, "text")]
    return tuple(part for part in said if part)


def called(body: JsonObject, made_up: str) -> tuple[Block, ...]:
    """Return the call in *body*, and its result where the same item tells how it ended."""
    sort = text(body, "type")
    key = text(body, "call_id") or text(body, "id") or made_up
    given = next((body[name] for name in _GIVEN if body.get(name) is not None), None)
    blocks = [call_block(key, _tool(body), given)]
    if sort in _WHOLE:
        ended = Outcome.ERROR if text(body, "status") in _FAILED else Outcome.OK
        blocks.append(result_block(key, ended, ""))
    if sort == "image_generation_call" and text(body, "result"):
        blocks.append(image("image/png", text(body, "result")))
    return tuple(blocks)


_GIVEN = ("arguments", "input", "action", "revised_prompt")  # where a call's input may stand
_WHOLE = frozenset({"web_search_call", "image_generation_call"})  # run by the provider


def _tool(body: JsonObject) -> str:
    name, space = text(body, "name"), text(body, "namespace")
    if not name:
        return text(body, "type").removesuffix("_call")
    return f"{space.rstrip('_')}__{name.lstrip('_')}" if space else name


def gave_back(body: JsonObject, made_up: str) -> tuple[tuple[Block, ...], str]:
    """Return the blocks of an output item, and the agent that it says was started."""
    output = body.get("tools") if "tools" in body else body.get("output")
    parsed = mapping(arguments(output))
    facts = mapping(parsed.get("metadata"))
    inner = parsed.get("output", parsed.get("content")) if parsed else None
    content = output if inner is None else inner
    pictures = tuple(
        linked(text(mapping(item), "image_url"), "image")
        for item in items(content)
        if text(mapping(item), "image_url")
    )
    said = "\n".join(
        words([item]) for item in items(content) if not text(mapping(item), "image_url")
    )
    said = said or ("" if items(content) else words(content))
    code = _code(facts, said)
    detail = dump({"exitCode": code}) if code is not None else ""
    agent = text(parsed, "agent_id")
    key = text(body, "call_id") or text(body, "id") or made_up
    block = result_block(key, _outcome(body, parsed, said, code), said, agent, detail)
    return (block, *pictures), agent


def _code(facts: JsonObject, said: str) -> int | None:
    given = facts.get("exit_code")
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    found = _EXIT.search(said[:_HEAD])
    return int(found.group(1)[:9]) if found else None


def _outcome(body: JsonObject, parsed: JsonObject, said: str, code: int | None) -> Outcome:
    begin = said[:80].lower()
    for mark, outcome in _ENDINGS:
        if begin.startswith(mark):
            return outcome
    if code or parsed.get("success") is False or text(body, "status") in _FAILED:
        return Outcome.ERROR
    return Outcome.OK


def search(body: JsonObject) -> bool:
    """Tell whether *body* is a web search that the provider charges for."""
    action = mapping(body.get("action"))
    return text(body, "type") == "web_search_call" and text(action, "type") in {"", "search"}


def failure(body: JsonObject) -> str:
    """Return what an error event says."""
    error = mapping(body.get("error"))
    return text(body, "message") or text(error, "message") or flat(error) or "API error"
