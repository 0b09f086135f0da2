"""How a session ended, as far as its log tells: what a person who comes back would find."""

from enum import StrEnum

from core.model import Kind

_ASKS = frozenset(  # tools whose calls wait for the person
    {"AskUserQuestion", "ExitPlanMode", "request_user_input", "ask_followup_question"}
)
_LEFT = ("/exit", "/quit", "/logout")


class Ending(StrEnum):
    """What stands at the end of a session's main line."""

    NONE = ""  # nothing was said
    WAITING = "waiting"  # the agent has said its word, asked, or was stopped: the person's turn
    PENDING = "pending"  # a tool call has no result
    CUT_OFF = "cut off"  # a prompt or a result that no reply follows
    CLEAN = "clean"  # the person left by a command
    ERRORED = "errored"  # the API failed, and nothing came after


_BY_KIND = {
    Kind.PROMPT: Ending.CUT_OFF,
    Kind.QUEUED: Ending.CUT_OFF,
    Kind.TASK: Ending.CUT_OFF,
    Kind.RESULT: Ending.CUT_OFF,
    Kind.REPLY: Ending.WAITING,
    Kind.INTERRUPT: Ending.WAITING,
    Kind.FAILURE: Ending.ERRORED,
}


def ending(kind: Kind, text: str, open_tools: list[str]) -> Ending | None:
    """Return how a session ended whose last message is of *kind*; None: look at the one before.

    *text* is what the message says, *open_tools* the tools whose calls in it have no result.
    """
    if kind is Kind.COMMAND and text.startswith(_LEFT):
        return Ending.CLEAN
    if open_tools:
        return Ending.WAITING if _ASKS.intersection(open_tools) else Ending.PENDING
    return _BY_KIND.get(kind)
