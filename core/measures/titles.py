"""What a conversation is called."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

TITLE = 200  # characters a title has at most
UNTITLED = "Untitled conversation"


@dataclass(frozen=True, slots=True)
class Names:
    """Everything that a session is called somewhere in the logs; empty where nothing is."""

    custom_title: str = ""
    agent_name: str = ""
    ai_title: str = ""
    renamed: str = ""
    summary_title: str = ""
    first_prompt: str = ""
    agent_title: str = ""


_HANDED_OVER = "Implement the following plan:"  # put there when a plan is accepted
_HEADING = re.compile(r"^#+\s*(?:Plan:\s*)?(.+?)\s*#*$", re.MULTILINE)
_PRECEDENCE = (
    "custom_title",
    "agent_name",
    "ai_title",
    "renamed",
    "summary_title",
    "first_prompt",
    "agent_title",
)


def title(sessions: Sequence[Names]) -> str:
    """Return the title of a conversation from its sessions, the first one first."""
    for field in _PRECEDENCE:
        for names in sessions:
            said: str = getattr(names, field)
            if said:
                return short(said)
    return UNTITLED


def of_prompt(text: str) -> str:
    """Return what a prompt is about: a plan that was handed over is named by its heading."""
    said = text.lstrip()
    if said.startswith(_HANDED_OVER):
        heading = _HEADING.search(said)
        if heading:
            return short(heading.group(1))
    return short(said)


def short(text: str) -> str:
    """Return *text* on one line, at most `TITLE` characters of it."""
    line = " ".join(text[: TITLE * 20].split())
    return line if len(line) <= TITLE else line[: TITLE - 1] + "…"
