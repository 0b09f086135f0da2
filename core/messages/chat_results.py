"""Tool results among role messages: what came back, and how the call ended."""

from core.messages import api_blocks, chat_shapes
from core.messages.tooling import arguments, result_block, words
from core.model import Block, BlockKind, Outcome
from core.records.fields import JsonObject, count, dump, items, mapping, text

GIVEN = ("arguments", "input", "args", "parameters")  # where a call has what it was given
_STATES = {  # what a log says of a call, in lower case
    "error": Outcome.ERROR,
    "failed": Outcome.ERROR,
    "failure": Outcome.ERROR,
    "timeout": Outcome.ERROR,
    "denied": Outcome.DENIED,
    "rejected": Outcome.DENIED,
    "cancelled": Outcome.INTERRUPTED,
    "canceled": Outcome.INTERRUPTED,
    "aborted": Outcome.INTERRUPTED,
    "interrupted": Outcome.INTERRUPTED,
}
_WAITING = frozenset({"pending", "running", "in_progress", "queued"})
_CODES = ("exit_code", "exitCode", "returncode", "return_code")


def results(data: JsonObject, waiting: str) -> tuple[Block, ...]:
    """Return the result that *data* is. Without an id it answers the call that is *waiting*."""
    content = _content(data)
    given = api_blocks.blocks(content, BlockKind.NOTE) if items(content) else ()
    pictures = tuple(block for block in given if block.kind is BlockKind.IMAGE)
    said = words(content)
    if given:
        said = "\n".join(block.text for block in given if block.kind is not BlockKind.IMAGE)
    key = chat_shapes.answered(data) or waiting
    block = result_block(key, outcome(data), said or _cause(data), detail=_detail(data))
    return (block, *pictures)


def beside(data: JsonObject, key: str) -> Block | None:
    """Return the result that is written on the call *data* itself; None if there is none."""
    told = any(data.get(name) is not None for name in ("output", "result", "error"))
    state = text(data, "status").lower()
    if state in _WAITING or not (told or state):
        return None
    return result_block(
        key, outcome(data), words(_content(data)) or _cause(data), "", _detail(data)
    )


def outcome(data: JsonObject) -> Outcome:
    """Return how a call ended, by any of the signs that logs give."""
    told = _STATES.get(text(data, "status").lower())
    if told:
        return told
    failed = (
        data.get("error") not in (None, False, "", {}, [])
        or data.get("is_error") is True
        or data.get("isError") is True
        or data.get("success") is False
        or any(_is_bad(data.get(key)) for key in _CODES)
    )
    return Outcome.ERROR if failed else Outcome.OK


def parsed(said: str) -> object:
    """Return the JSON value that *said* is, else *said*."""
    return arguments(said)


def _is_bad(code: object) -> bool:
    return isinstance(code, int) and not isinstance(code, bool) and code != 0


def _content(data: JsonObject) -> object:
    for key in ("content", "output", "result", "value", "text"):
        if data.get(key) is not None:
            return data[key]
    given = data.get("function_call_result")
    inner = mapping(given)
    return next((inner[key] for key in ("output", "content", "result") if key in inner), given)


def _cause(data: JsonObject) -> str:
    """Return the words of an error, for a result that has no others."""
    given = data.get("error")
    return text(mapping(given), "message") or words(given) if given else ""


def _detail(data: JsonObject) -> str:
    kept: dict[str, object] = {}
    code = next((data[key] for key in _CODES if isinstance(data.get(key), int)), None)
    if code is not None:
        kept["exitCode"] = code
    for key in ("execution_time", "executionTime", "duration_ms"):
        if count(data, key):
            kept["durationMs"] = count(data, key)
    return dump(kept) if kept else ""
