"""The shape of one conversation: its prompts, branches, agents and compactions."""

from dataclasses import dataclass, replace
from enum import StrEnum
from sqlite3 import Connection

from core.measures.titles import short
from core.model import Kind
from core.queries.agents import Lanes, Started
from core.queries.branch_costs import branches
from core.queries.order import IN_ORDER


class NodeKind(StrEnum):
    """What a node of the thread tree stands for."""

    SESSION = "session"
    THREAD = "thread"  # a guess, so never in `tree`: see core.queries.threads
    PROMPT = "prompt"
    BRANCH = "branch"
    AGENT = "agent"
    COMPACTION = "compaction"


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the thread tree. *children* are in the order of the transcript."""

    kind: NodeKind
    title: str
    at: int | None
    message: int  # row id of the message to jump to; 0: none is recorded
    agent: str = ""  # lane to open, for agents
    branch: int = 0
    active: bool = True  # False: a branch that was left behind
    calls: int = 0  # tool calls until the next node of its kind
    errors: int = 0
    detail: str = ""  # JSON: a compaction's trigger and token counts
    children: tuple["Node", ...] = ()
    cost: int = 0  # micro-dollars: an agent's own, or a branch's
    total: int = 0  # micro-dollars: an agent's with all agents below it


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one model, counted once per API reply."""

    model: str
    replies: int
    input: int
    output: int
    cache_read: int
    cache_creation: int


@dataclass(frozen=True, slots=True)
class ToolUse:
    """How often a tool was called in one conversation, and how often that failed."""

    tool: str
    calls: int
    errors: int


_LANES = f"""
SELECT id, key, started_at FROM session WHERE conversation_id = :id AND agent = ''
ORDER BY {IN_ORDER}
"""  # noqa: S608  a constant
MARKS = """
SELECT message.id, message.kind, message.at, message.branch, message.detail,
       substr(body.text, 1, 400)
FROM message JOIN block ON block.message_id = message.id JOIN body ON body.id = block.id
WHERE message.session_id = :session AND message.agent = '' AND message.counted = 1
    AND message.kind IN ('prompt', 'queued', 'command', 'shell', 'compaction', 'summary')
    AND block.kind IN ('prompt', 'note') AND block.size > 0
GROUP BY message.id ORDER BY message.id
"""
_CALLS = """
SELECT call.message_id, call.outcome = 'error', call.agent, call.tool,
       json_extract(call.input, '$.description')
FROM call JOIN block ON block.id = call.id
WHERE call.session_id = :session AND call.counted = 1 AND block.agent = '' ORDER BY call.id
"""
_BRANCHES = """
SELECT number, above, forked_at, first_id, active FROM branch WHERE session_id = :session
"""
_USAGE = """
SELECT model, count(*), sum(input), sum(output), sum(cache_read), sum(cache_creation)
FROM session CROSS JOIN reply ON reply.session_id = session.id AND reply.counted = 1
WHERE session.conversation_id = :id
GROUP BY model ORDER BY sum(output) DESC
"""
_TOOLS = """
SELECT tool, count(*), sum(outcome = 'error')
FROM session CROSS JOIN call ON call.session_id = session.id AND call.counted = 1
WHERE session.conversation_id = :id
GROUP BY tool ORDER BY count(*) DESC, tool
"""
_DEEPEST = 100  # agents below agents that are shown; 79 have been seen
_OUTLINED = {Kind.PROMPT, Kind.QUEUED, Kind.COMMAND, Kind.SHELL}


def tree(db: Connection, conversation: int) -> tuple[Node, ...]:
    """Return the thread tree of *conversation*: recorded structure, nothing guessed.

    One top node for each session. Prompts are its children; agents hang under the prompt
    whose turn started them, or under the agent that did; prompts of a branch under it.
    """
    agents = Lanes(db, conversation)
    costs = {(one.session_id, one.number): one.took.cost for one in branches(db, conversation)}
    nodes: list[Node] = []
    for session, key, at in db.execute(_LANES, {"id": conversation}).fetchall():
        children = _session(db, session, agents, costs)
        first = children[0].message if children else 0
        nodes.append(Node(NodeKind.SESSION, key, at, first, children=children))
    lost = tuple(_agent(agents, Started(agent, "", ""), frozenset()) for agent in agents.left())
    if lost and nodes:
        nodes[-1] = replace(nodes[-1], children=(*nodes[-1].children, *lost))
    return tuple(nodes)


def outline(db: Connection, conversation: int) -> tuple[Node, ...]:
    """Return the prompts and compactions of *conversation* in order, without nesting."""
    found: list[Node] = []
    todo = list(reversed(tree(db, conversation)))
    while todo:
        node = todo.pop()
        if node.kind in {NodeKind.PROMPT, NodeKind.COMPACTION}:
            found.append(node)
        todo.extend(reversed(node.children))
    return tuple(found)


def usage(db: Connection, conversation: int) -> list[Usage]:
    """Return the tokens of *conversation* by model, its agents included."""
    return [Usage(*row) for row in db.execute(_USAGE, {"id": conversation})]


def tools(db: Connection, conversation: int) -> list[ToolUse]:
    """Return the tools of *conversation*, the most used first, its agents' included."""
    return [ToolUse(*row) for row in db.execute(_TOOLS, {"id": conversation})]


@dataclass(slots=True)
class _Draft:
    """A node while its children are still being found."""

    kind: NodeKind
    title: str
    at: int | None
    message: int
    branch: int
    active: bool
    detail: str
    calls: int
    errors: int
    children: "list[_Draft | Node]"
    cost: int = 0

    def done(self) -> Node:
        children = tuple(c.done() if isinstance(c, _Draft) else c for c in self.children)
        return Node(
            self.kind, self.title, self.at, self.message, "", self.branch, self.active,
            self.calls, self.errors, self.detail, children, self.cost,
        )  # fmt: skip


def _session(
    db: Connection, session: int, agents: Lanes, costs: dict[tuple[int, int], int]
) -> tuple[Node, ...]:
    asked = {"session": session}
    found = db.execute(_BRANCHES, asked).fetchall()
    active = {0: True} | {row[0]: bool(row[4]) for row in found}
    above = {row[0]: row[1] for row in found}
    marks = _marks([_mark(row, active) for row in db.execute(MARKS, asked)])
    top = _count_calls(db.execute(_CALLS, asked).fetchall(), marks, agents)
    levels: dict[int, list[_Draft | Node]] = {0: top}
    for mark in marks:
        if mark.branch not in levels:
            level = levels.get(above.get(mark.branch, 0), top)
            words = "current version" if mark.active else "left behind"
            branch = _Draft(
                NodeKind.BRANCH, f"Version of this prompt, {words}", mark.at, mark.message,
                mark.branch, mark.active, "", 0, 0, [], costs.get((session, mark.branch), 0),
            )  # fmt: skip
            level.append(branch)
            levels[mark.branch] = branch.children
        levels[mark.branch].append(mark)
    return tuple(node.done() if isinstance(node, _Draft) else node for node in top)


def _mark(row: tuple[int, str, int | None, int, str, str], active: dict[int, bool]) -> _Draft:
    message, kind, at, branch, detail, said = row
    sort = NodeKind.PROMPT if Kind(kind) in _OUTLINED else NodeKind.COMPACTION
    title = short(said) or "(empty)"
    return _Draft(sort, title, at, message, branch, active.get(branch, True), detail, 0, 0, [])


def _marks(found: list[_Draft]) -> list[_Draft]:
    """Return *found* without the summaries that follow the mark of their compaction.

    Old versions wrote no such mark: there the summary stands for the compaction.
    """
    before = [None, *found]
    return [
        mark
        for mark, last in zip(found, before, strict=False)
        if not (
            mark.kind is NodeKind.COMPACTION
            and not mark.detail
            and last is not None
            and last.kind is NodeKind.COMPACTION
            and last.branch == mark.branch
        )
    ]


def _count_calls(
    calls: list[tuple[int, int, str, str, str | None]], marks: list[_Draft], agents: Lanes
) -> "list[_Draft | Node]":
    """Give every mark the calls and agents up to the next one. Both lists are in file order.

    Returns the agents that were started before the first mark.
    """
    at = -1
    before: list[_Draft | Node] = []
    for message, failed, agent, tool, said in calls:
        while at + 1 < len(marks) and marks[at + 1].message <= message:
            at += 1
        if at >= 0:
            marks[at].calls += 1
            marks[at].errors += failed
        if agent:
            started = _agent(agents, Started(agent, str(said or ""), tool), frozenset())
            (marks[at].children if at >= 0 else before).append(started)
    return before


def _agent(agents: Lanes, call: Started, above: frozenset[str]) -> Node:
    """Return the node of the agent that *call* started and of those it started itself.

    *above* are the agents that led to it.
    """
    lane = agents.lane(call)
    line = above | {lane.agent}
    deeper = agents.first_time(lane.agent) and len(line) < _DEEPEST
    children = tuple(
        _agent(agents, one, line) for one in lane.started if deeper and one.agent not in line
    )
    return Node(
        NodeKind.AGENT, lane.title, lane.at, lane.message, agent=lane.agent, calls=lane.calls,
        errors=lane.errors, children=children, cost=lane.cost, total=lane.total,
    )  # fmt: skip
