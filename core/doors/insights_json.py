"""The figures of `clew insights` as JSON, and the most telling of them as lines."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, tzinfo
from sqlite3 import Connection
from typing import Final, TypeAlias

from core import contexts
from core.analysis.progression import matrix, transitions
from core.analysis.tools_effect import Effect, Overall, effects, overall
from core.analysis.tools_patterns import clusters, files, recoveries, runs, sequences
from core.analysis.tools_rates import Rate
from core.analysis.tools_registry import server, tool_class
from core.analysis.tools_times import habits
from core.analysis.topics import Transition
from core.insights import Insights, Told
from core.queries import rollups
from core.queries.export import moment
from core.queries.rollups import Scope
from core.records.fields import items, mapping

Json: TypeAlias = dict[str, object]
APPLIES: Final = {
    "sums": "totals, tools, week, habits, active, use, weeks: range, projects, models and lane, "
    "message by message",
    "patterns": "effects, overall, said_next, sequences, after_failures, substitutions, files, "
    "steps_per_prompt, clusters, findings: whole conversations that reach into the range, of the "
    "projects, in which one of the models replied; of these the part of the lane",
    "transitions": "intent_transitions, topic_transitions: the same whole conversations, as far as "
    "they are analysed; main lane only",
}
MOST: Final = 100  # sequences, recoveries and substitutions that are listed


def as_json(db: Connection, scope: Scope, zone: tzinfo | None, found: Insights) -> Json:
    """Return everything of *scope*: sums by day and tool, patterns, effects and findings."""
    sums = found.part.effects
    hours = rollups.hours(db, scope, zone)
    return {
        "scope": {
            "first": scope.within.first.isoformat(),
            "last": scope.within.last.isoformat(),
            "all": scope.within.whole,
            "projects": list(scope.projects),
            "models": list(scope.models),
            "lane": scope.lane.value,
            "zone": str(zone) if zone is not None else "local",
            "conversations": found.part.conversations,
            "failed": found.failed,
            "applies": APPLIES,
        },
        "totals": asdict(rollups.tiles(db, scope)),
        "tools": [_tool(row) for row in rollups.tools(db, scope)],
        "effects": [_effect(one) for one in effects(sums)],
        "overall": _overall(overall(sums)),
        "said_next": [asdict(quote) for quote in sums.quotes],
        "sequences": [asdict(one) for one in sequences(found.part.grams)[:MOST]],
        "after_failures": [asdict(one) for one in recoveries(found.part.recoveries)[:MOST]],
        "substitutions": [
            {"failed": failed, "went_well": other, "command": command, "count": count}
            for (failed, other, command), count in found.part.substitutions.under()[:MOST]
        ],
        "files": [asdict(one) for one in files(found.part.files)[:MOST]],
        "steps_per_prompt": runs(found.part.runs),
        "clusters": [asdict(one) for one in clusters(found.part.company)],
        "intent_transitions": matrix(transitions(wants) for wants in contexts.intents(db, scope)),
        "topic_transitions": _topics(contexts.topics(db, scope))[:MOST],
        "week": {"calls": hours.calls, "active_ms": hours.active_ms},
        "habits": asdict(
            habits(
                hours.calls,
                [(day, calls) for day, calls, _ in hours.days],
                str(zone) if zone is not None else "local",
                first=None if scope.within.whole else scope.within.first,
                last=None if scope.within.whole else scope.within.last,
            )
        ),
        "active": [_dated(asdict(row)) for row in rollups.active(db, scope, zone)],
        "use": [_dated(asdict(row)) for row in rollups.use(db, scope, zone)],
        "weeks": [
            {"monday": row.monday.isoformat(), "failed": _rate(row.failed)}
            for row in rollups.failures(db, scope, zone)
        ],
        "findings": [_told(one) for one in found.findings],
        "dismissed": [_told(one) for one in found.dismissed],
    }


def _topics(changes: Iterable[tuple[Transition, ...]]) -> list[Json]:
    """Return which topic followed which, over many conversations, the most frequent first."""
    sums: Counter[tuple[str, str]] = Counter()
    for found in changes:
        sums.update((one.of, one.to) for one in found)
    ordered = sorted(sums.items(), key=lambda one: (-one[1], one[0]))
    return [{"of": of, "to": to, "count": count} for (of, to), count in ordered]


def lines(out: Json) -> list[str]:
    """Return the findings of *out*, for people."""
    found = [mapping(one) for one in items(out["findings"])]
    if not found:
        return ["Nothing was found that is worth changing."]
    return [
        f"{one['priority']:6} {one['minutes']:6} min {one['tokens']:>9} tokens  {one['title']}"
        for one in found
    ]


def _tool(row: rollups.ToolSpread) -> Json:
    name, tool = server(row.tool)
    return {
        **asdict(row),
        "failed": _rate(row.failed),
        "class": tool_class(row.tool).value,
        "server": name,
        "name": tool,
    }


def _effect(one: Effect) -> Json:
    return {**asdict(one), "failed": _rate(one.failed), "retried": _rate(one.retried)}


def _overall(one: Overall) -> Json:
    return {
        "score": one.score,
        "went_well": _rate(one.went_well),
        "not_retried": _rate(one.not_retried),
        "verified": _rate(one.verified),
        "not_reworked": _rate(one.not_reworked),
        "liked": _rate(one.liked),
    }


def _rate(rate: Rate) -> Json:
    low, high = rate.interval
    return {"hits": rate.hits, "n": rate.n, "share": rate.share, "low": low, "high": high}


def _told(one: Told) -> Json:
    found, mark = one.finding, one.mark
    return {
        "key": found.key,
        "type": found.advice.value,
        "detector": found.detector,
        "priority": found.priority,
        "confidence": round(found.confidence, 2),
        "title": found.title,
        "project": found.project,
        "count": found.count,
        "conversations": found.conversations,
        "minutes": round(found.lost_ms / 60_000, 1),
        "tokens": found.lost_tokens,
        "estimated": found.basis,
        "act": found.act,
        "example": found.note,
        "first": moment(found.first_at),
        "last": moment(found.last_at),
        "evidence": [asdict(piece) for piece in found.evidence],
        "dismissed": None if mark is None else moment(mark.dismissed_at),
        "acted": None if mark is None else moment(mark.acted_at),
        "trend": None if one.trend is None else asdict(one.trend),
    }


def _dated(row: dict[str, object]) -> Json:
    day = row["day"]
    assert isinstance(day, date)
    return {**row, "day": day.isoformat()}
