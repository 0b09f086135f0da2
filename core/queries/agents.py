"""The agents of one conversation, each under the agent that started it."""

from dataclasses import dataclass, replace
from sqlite3 import Connection

from core.measures.titles import short
from core.queries import lane_costs

_FILES = """
SELECT agent, agent_type, agent_title, first_prompt, tool_calls, errors, started_at,
       (SELECT min(id) FROM message WHERE session_id = session.id)
FROM session WHERE conversation_id = :id AND agent <> ''
"""
# Agents whose lane is inside the main file.
_INLINE = """
SELECT block.agent, min(block.message_id), sum(block.kind = 'call')
FROM session JOIN block INDEXED BY block_shown ON block.session_id = session.id
WHERE session.conversation_id = :id AND session.agent = ''
    AND block.shown = 1 AND block.agent > '' GROUP BY block.agent
"""
_STARTED = """
SELECT block.agent, call.agent, call.tool, json_extract(call.input, '$.description')
FROM session JOIN call ON call.session_id = session.id JOIN block ON block.id = call.id
WHERE session.conversation_id = :id AND call.counted = 1 AND call.agent <> ''
    AND block.agent <> '' ORDER BY call.id
"""


_HIDDEN = ("aprompt_suggestion-", "acompact-")  # how the ids of such agents begin
_WARM_UP = "Warmup"  # all that such an agent is asked


@dataclass(frozen=True, slots=True)
class Lane:
    """What is known of one agent. Agents without a transcript have no message and no calls."""

    agent: str
    title: str
    at: int | None = None
    message: int = 0  # its first
    calls: int = 0
    errors: int = 0
    cost: int = 0  # micro-dollars of its own replies
    total: int = 0  # the same with all agents below it
    started: tuple["Started", ...] = ()  # the agents that it started itself, in order


@dataclass(frozen=True, slots=True)
class Started:
    """An agent as the call that started it names it."""

    agent: str
    said: str  # the call's own description, if it has one
    tool: str


class Lanes:
    """The agents of a conversation, asked for by their ids."""

    def __init__(self, db: Connection, conversation: int) -> None:
        """Read what is known of the agents of *conversation*."""
        asked = {"id": conversation}
        self._known: dict[str, Lane] = {}
        self._types: dict[str, str] = {}
        self._took = {one.agent: one for one in lane_costs.agents(db, conversation)}
        self._told: set[str] = set()
        for agent, message, calls in db.execute(_INLINE, asked):
            self._known[agent] = Lane(agent, "", None, message, calls)
        for agent, kind, named, prompt, calls, errors, at, message in db.execute(_FILES, asked):
            title = named or short(prompt)
            self._known[agent] = Lane(agent, title, at, message or 0, calls, errors)
            self._types[agent] = kind
        self._started: dict[str, list[Started]] = {}
        for lane, agent, tool, said in db.execute(_STARTED, asked):
            self._started.setdefault(lane, []).append(Started(agent, str(said or ""), tool))

    def first_time(self, agent: str) -> bool:
        """Tell whether *agent* is asked about for the first time.

        What it started is shown there only: two calls of each agent would double every level.
        """
        fresh = agent not in self._told
        self._told.add(agent)
        return fresh

    def left(self) -> tuple[str, ...]:
        """Return the agents that nothing in the logs says who started, and nobody asked for yet.

        Those by which Claude Code warms up, guesses the next prompt or writes a summary are left
        out: they are no part of the work, though their tokens count.
        """
        named = {one.agent for started in self._started.values() for one in started}
        return tuple(
            agent
            for agent, lane in self._known.items()
            if agent not in self._told and agent not in named and not _is_hidden(lane)
        )

    def lane(self, call: Started) -> Lane:
        """Return what is known of the agent that *call* started."""
        known = self._known.get(call.agent) or Lane(call.agent, "")
        title = call.said or known.title or call.tool
        kind = self._types.get(call.agent)
        took = self._took.get(call.agent)
        return replace(
            known,
            cost=took.own.cost if took else 0,
            total=took.total.cost if took else 0,
            title=short(f"{kind}: {title}" if kind else title),
            started=tuple(self._started.get(call.agent, ())),
        )


def _is_hidden(lane: Lane) -> bool:
    return lane.agent.startswith(_HIDDEN) or lane.title == _WARM_UP
