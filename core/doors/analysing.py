"""`clew analyse`: what one conversation was about, how it went, and what made each figure."""

import argparse
import sqlite3
import sys
from contextlib import closing, suppress
from sqlite3 import Connection

from core.analysis.context_parts import parts, plain
from core.analysis.findings.finding import findings
from core.analysis.tools_effect import effects, overall
from core.analysis.tools_part import Part
from core.analysis.tools_patterns import recoveries, sequences
from core.analysis.tools_work import neighbours, work
from core.analyst import catch_up
from core.contexts import Analysis, context_of
from core.doors.printing import tell
from core.errors import CoreError
from core.insights import part_of
from core.queries import conversations
from core.queries.export import moment
from core.queries.material import material
from core.records.fields import JsonObject, items, mapping, text
from core.store import analysis_problems
from core.store.connection import open_reader, open_writer
from core.store.migrate import migrate
from core.weaving.weaver import Weaver


def run(options: argparse.Namespace) -> int:
    """Bring the analysis up to date and print that of one conversation."""
    with closing(open_reader(options.library)) as db:
        row = conversations.one(db, options.id)
    if row is None:
        print(f"clew: There is no conversation {options.id!r}.", file=sys.stderr)
        return 1
    _catch_up(options)
    with closing(open_reader(options.library)) as db:
        found = context_of(db, row.id)
        tools = {**_tools(part_of(db, row.id)), "calls": _calls(db, row.id, found)}
        failed = analysis_problems.of(db, row.id)
    out: dict[str, object] = {"id": row.key, "title": row.title, **_told(found), "tools": tools}
    out["problems"] = [
        {"analysis": name, "at": moment(at), "error": said} for name, at, said in failed
    ]
    tell(options, out, _lines(out))
    return 0


def _catch_up(options: argparse.Namespace) -> None:
    """Weave and analyse what is due, and keep it.

    A library that cannot be written to, or that somebody writes to just now, is only read: what
    is due is then made for this once, with the threads that there are.
    """
    with (
        suppress(CoreError, sqlite3.OperationalError),
        closing(open_writer(options.library, what="analyse", patience=0)) as db,
    ):
        migrate(db, options.library)
        weaver = Weaver(db)
        while weaver.step() is not None:
            pass
        catch_up(db)


def _told(found: Analysis | None) -> dict[str, object]:
    if found is None:
        return {"computed_at": None, "revisions": {}}
    return {
        "computed_at": moment(found.computed_at),
        "revisions": dict(found.revisions),
        **parts(found.context),
    }


def _tools(part: Part) -> dict[str, object]:
    """Return what `clew insights` tells of tools, for the one conversation."""
    told = {
        "effects": effects(part.effects),
        "overall": overall(part.effects),
        "sequences": sequences(part.grams),
        "after_failures": recoveries(part.recoveries),
        "findings": findings(part.seen),
    }
    return {name: plain(one) for name, one in told.items()}


def _calls(db: Connection, conversation: int, found: Analysis | None) -> list[dict[str, object]]:
    """Return each call with what stands next to it, and the intent of the prompt before it."""
    asked = found.context.intents.prompts if found else ()
    wanted = {one.spot.uuid: one.reading.intent.value for one in asked}
    held = material(db, conversation)
    return [
        {
            "message": use.call.spot.uuid,
            "tool": use.tool,
            "before": around.before,
            "after": around.after,
            "since_previous_ms": around.since_ms,
            "prompt": around.prompt.uuid if around.prompt else None,
            "intent": wanted.get(around.prompt.uuid) if around.prompt else None,
        }
        for use, around in neighbours(work(held.turns if held else ()))
    ]


def _lines(out: JsonObject) -> list[str]:
    """Return the figures in a few words."""
    topics, engagement = mapping(out.get("topics")), mapping(out.get("engagement"))
    lines = [str(out["title"])]
    for share in items(topics.get("dominant"))[:5]:
        one = mapping(share)
        lines.append(f"  topic {text(one, 'topic')}: {float(str(one.get('share'))):.0%}")
    for count in items(mapping(out.get("intents")).get("counts")):
        name, number = items(count)
        lines.append(f"  {name}: {number}")
    lines += [f"  {name.replace('_', ' ')}: {engagement.get(name)}" for name in _FIGURES]
    return lines


_FIGURES = ("prompts", "steps", "longest_run", "edits_offered", "edits_taken", "rewinds")
