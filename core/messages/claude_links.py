"""Which agent a tool call started, as the texts of Claude Code's records tell it.

Ids of background tasks are told the same way as those of agents; shells have ids that begin
with ``b``, or say of themselves that they are shells. Source: measured on public transcripts.
"""

import re

from core.model import AgentLink
from core.records.fields import JsonObject, items, load, mapping, text

_TASK = re.compile(r"<task-id>\s*([\w-]{1,80})\s*</task-id>")
_CALL = re.compile(r"<tool-use-id>\s*([\w-]{1,120})\s*</tool-use-id>")
_TAIL = re.compile(r"(?:Async agent launched[^\n]*\n)?agentId: ([\w-]{1,80})(?=[\s(]|$)")
_HEAD = 4000  # characters of a notification in which its ids stand
_LONGEST = 20_000  # characters of a queue record's JSON that is looked into


def of_notice(said: str) -> tuple[AgentLink, ...]:
    """Return the link that a ``<task-notification>`` tells."""
    task, call = _TASK.search(said, 0, _HEAD), _CALL.search(said, 0, _HEAD)
    if task is None or call is None:
        return ()
    return _link(call.group(1), task.group(1))


def of_queue(said: str) -> tuple[AgentLink, ...]:
    """Return the link that the text of a queue record tells, which is JSON or a notification."""
    if not said.startswith("{"):
        return of_notice(said)
    data = status(said)
    kind = text(data, "task_type")
    if kind and "agent" not in kind:
        return ()
    return _link(text(data, "tool_use_id"), text(data, "task_id"))


def status(said: str) -> JsonObject:
    """Return what a queue record says of a task in JSON; nothing if it is anything else."""
    if not said.startswith("{") or len(said) > _LONGEST or '"task_id"' not in said:
        return {}
    try:
        return mapping(load(said))
    except ValueError:
        return {}


def of_result(content: object) -> str:
    """Return the agent that the last text of a tool result names; "" if there is none.

    Only a text of its own counts: in the output of any other tool the words mean nothing.
    """
    for item in reversed(items(content)):
        said = text(mapping(item), "text")
        if said:
            found = _TAIL.match(said)
            return found.group(1) if found else ""
    return ""


def _link(call: str, task: str) -> tuple[AgentLink, ...]:
    return (AgentLink(call, task),) if call and task and not task.startswith("b") else ()
