"""What the named queries cost: ``python -m tests.bench.queries LIBRARY [--runs N]``.

Calls what the window and the doors ask of a library, with its longest conversation, one in the
middle of the list and its busiest project, and prints the times in ms, the slowest first. Left out
is what reads a whole library because that is what it is for: exports, checks, the lists of every
file and of every problem's group, and findings, which are folded for one person's question.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from pathlib import Path
from sqlite3 import Connection

from core.queries import (
    agents,
    archive,
    behind,
    branch_costs,
    census,
    conversations,
    costs,
    dashboard,
    filling,
    formats,
    insights,
    jobs,
    journal,
    lacking,
    lane_costs,
    lines,
    live,
    locating,
    pieces,
    problems,
    relations,
    rollups,
    search,
    spending,
    structure,
    threads,
    totals,
    transcript,
    turns,
    within,
)
from core.queries.conversations import ConversationRow, Sort
from core.queries.periods import Period, period
from core.queries.rollups import Scope
from core.store.connection import open_reader
from core.store.timing import at_share
from tests.bench.engine import SEARCHES

_GOAL_MS = 50.0
_NOW = 1_900_000_000_000  # ms: behind all that any library says, so its own newest day is taken
_AT_ONCE = 40  # rows of a transcript that a window shows

Query = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Times:
    """How long a query took, in ms: at first, and then sorted."""

    name: str
    first: float
    later: tuple[float, ...]

    def at(self, share: float) -> float:
        """Return the time that this *share* of the later runs did not exceed."""
        return at_share(self.later, share)


def main() -> int:
    """Measure, print a table; return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("--runs", type=int, default=20)
    given = parser.parse_args()
    with closing(open_reader(given.library)) as db:
        said = totals.totals(db)
        print(f"{said.messages:,} messages, {said.conversations:,} conversations\n")
        found = [_timed(name, query, given.runs) for name, query in queries(db)]
    found.sort(key=lambda one: -one.at(0.95))
    print("| query | first | p50 | p95 | longest | goal |\n|---|---|---|---|---|---|")
    for one in found:
        p50, p95 = statistics.median(one.later), one.at(0.95)
        met = "met" if p95 <= _GOAL_MS else "missed"
        print(
            f"| {one.name} | {one.first:.1f} | {p50:.1f} | {p95:.1f} | {one.later[-1]:.1f} | {met} |"
        )
    missed = sum(one.at(0.95) > _GOAL_MS for one in found)
    print(f"\n{len(found) - missed} of {len(found)} queries within {_GOAL_MS:g} ms (p95).")
    return 0


def queries(db: Connection) -> Iterator[tuple[str, Query]]:
    """Yield what is asked of *db*, with a name for each."""
    longest = conversations.page(db, sort=Sort.LONGEST, limit=1)[0]
    listed = conversations.page(db)
    yield from _of_library(db, listed)
    for said, row in (("the longest", longest), ("a usual one", listed[len(listed) // 2])):
        for name, query in _of_conversation(db, row):
            yield f"{name}, {said}", query
    busiest = max(conversations.projects(db), key=lambda one: one.conversations).path
    for said, days in (("30 days", 30), ("all time", None)):
        time_ = period(db, days, _NOW, UTC)
        if time_ is not None:
            scopes = (("", Scope(time_)), (" of a project", Scope(time_, (busiest,))))
            for where, scope in scopes:
                for name, query in _of_scope(db, scope):
                    yield f"dashboard: {name}, {said}{where}", query
            yield f"spending, {said}", partial(_spent, db, time_, None)
            yield f"spending, {said} of a project", partial(_spent, db, time_, busiest)
    for typed in SEARCHES:
        yield f"search: {typed}", partial(search.find, db, typed)


def _of_library(db: Connection, listed: list[ConversationRow]) -> Iterator[tuple[str, Query]]:
    project = listed[0].project
    for sort in Sort:
        yield f"list: {sort}", partial(conversations.page, db, sort=sort)
        yield (
            f"list: {sort}, a project",
            partial(conversations.page, db, sort=sort, project=project),
        )
        after = conversations.key_of(listed[-1], sort)
        yield f"list: {sort}, next page", partial(conversations.page, db, sort=sort, after=after)
    yield "list: with noise", partial(conversations.page, db, noise=True)
    yield "list: noise", partial(conversations.noise, db)
    yield "list: one", partial(conversations.one, db, listed[0].key)
    for name, ask in (
        ("projects", conversations.projects), ("formats of conversations", conversations.formats),
        ("totals", totals.totals), ("status line", totals.held), ("last event", totals.last_event), ("tools", totals.tools),
        ("tokens", totals.tokens), ("days", totals.days), ("cost of all", spending.library),
        ("models", dashboard.models), ("kinds of records", census.census),
        ("formats", formats.formats), ("formats: sum", formats.total), ("files", formats.files),
        ("problems", problems.page), ("problems: count", problems.count), ("jobs", jobs.jobs),
        ("journal: oldest", journal.oldest), ("archive: figures", archive.figures),
        ("thread settings", threads.settings), ("finding marks", insights.marks),
        ("lacking: last", lacking.last),
    ):  # fmt: skip
        yield name, partial(ask, db)
    last = totals.last_event(db)
    yield "journal: after", partial(journal.after, db, max(0, last - 100), last)
    yield "analysis due", partial(pieces.due, db, 50)
    yield "lacking: following", partial(lacking.following, db, 0)


def _of_conversation(db: Connection, row: ConversationRow) -> Iterator[tuple[str, Query]]:
    spine = transcript.spine(db, row.id)
    shown = [id_ for id_ in spine.ids if id_ > 0]
    middle = len(shown) // 2
    message = db.execute("SELECT message_id FROM block WHERE id = ?", (shown[middle],)).fetchone()[
        0
    ]
    forks = lines.forks(db, row.id)
    for name, ask in (
        ("spine", transcript.spine), ("tree", structure.tree), ("usage", structure.usage),
        ("outline", structure.outline), ("tools", structure.tools), ("threads", threads.threads),
        ("cuts", threads.cuts), ("thread metrics", threads.metrics), ("edits", threads.edits),
        ("threads due", threads.is_due), ("names", threads.names), ("sessions", conversations.sessions),
        ("agents", agents.Lanes), ("costs of agents", lane_costs.agents), ("cost", costs.spend),
        ("costs of branches", branch_costs.branches), ("forks", lines.forks),
        ("relations", relations.relations), ("guessed relations", relations.guessed),
        ("problems", problems.of_conversation), ("doing", live.doing), ("failures", within.failures),
        ("git branch", within.git_branch), ("archived logs", archive.of_conversation),
    ):  # fmt: skip
        yield name, partial(ask, db, row.id)
    for name, at in (("first", 0), ("middle", middle), ("last", max(0, len(shown) - _AT_ONCE))):
        yield f"rows: {name}", partial(transcript.rows, db, shown[at : at + _AT_ONCE])
    yield "text", partial(transcript.text, db, shown[middle])
    yield "place", partial(locating.locate_block, db, shown[middle])
    yield "turn", partial(turns.turn_of, db, message)
    yield "why here", partial(threads.why, db, message)
    yield "messages of branches", partial(lines.messages, db, lines.left(forks))
    yield "find in it: first hits", lambda: next(iter(within.matches(db, row.id, "error")), None)


def _of_scope(db: Connection, scope: Scope) -> Iterator[tuple[str, Query]]:
    yield "figures", partial(rollups.tiles, db, scope)
    yield "time", partial(rollups.active, db, scope, UTC)
    yield "tools", partial(rollups.tools, db, scope)
    yield "hours", partial(rollups.hours, db, scope, UTC)
    yield "tokens", partial(rollups.use, db, scope, UTC)
    yield "failures", partial(rollups.failures, db, scope, UTC)
    yield "tools by day", partial(dashboard.tool_days, db, scope, UTC)
    yield "outliers", partial(dashboard.outliers, db, scope)
    yield "filling", partial(filling.lines, db, scope)
    yield "behind: conversations", partial(behind.conversations, db, scope, UTC, behind.Sum.CALLS)
    yield "behind: calls", partial(behind.calls, db, scope, "Bash", 100)
    yield "behind: slowest", partial(behind.slowest, db, scope, "Bash")
    yield "behind: failed", partial(behind.failed, db, scope, 100)


def _spent(db: Connection, time_: Period, project: str | None) -> object:
    return spending.spending(db, time_, UTC, project)


def _timed(name: str, query: Query, runs: int) -> Times:
    times: list[float] = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        query()
        times.append((time.perf_counter() - began) * 1000)
    return Times(name, times[0], tuple(sorted(times[1:])))


if __name__ == "__main__":
    sys.exit(main())
