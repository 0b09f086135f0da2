"""`clew list`, `show`, `search` and `stats`: what the library holds."""

import argparse
import sys
import time
from contextlib import closing
from dataclasses import asdict

from core.doors import threads
from core.doors.printing import tell
from core.queries import conversations, export, formats_export, money_export, search, totals
from core.store.connection import open_reader

_MOST_HITS = 10_000


def run_list(options: argparse.Namespace) -> int:
    """Print the conversations, the newest first."""
    with closing(open_reader(options.library)) as db:
        rows = export.conversation_list(db)
    lines = [f"{row['ended_at'] or '?':26} {row['messages']:6}  {row['title']}" for row in rows]
    tell(options, rows, lines)
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Print one conversation."""
    with closing(open_reader(options.library)) as db:
        row = conversations.one(db, options.id)
        if row is None:
            print(f"clew: There is no conversation {options.id!r}.", file=sys.stderr)
            return 1
        out = export.conversation(db, row) | {"threading": threads.told(db, row.id)}
    lines = export.lines(out)
    tell(options, out, lines)
    return 0


def run_search(options: argparse.Namespace) -> int:
    """Print what the library holds of a query."""
    with closing(open_reader(options.library)) as db:
        began = time.perf_counter()
        found = search.find(db, options.query, limit=min(max(0, options.limit), _MOST_HITS))
        took = (time.perf_counter() - began) * 1000
    hits = [
        {
            "conversation": hit.conversation,
            "message": hit.uuid,
            "field": hit.field,
            "snippet": hit.snippet.replace(search.OPEN, "[").replace(search.CLOSE, "]"),
            "at": export.moment(hit.at),
            "title": hit.title,
            "tool": hit.tool,
            "abandoned": hit.abandoned,
        }
        for hit in found.hits
    ]
    out = {
        "total": found.total,
        "at_least": found.at_least,
        "took_ms": round(took, 2),
        "hits": hits,
    }
    tell(options, out, [f"{h['title']}: {h['snippet']}" for h in hits])
    return 0


def run_stats(options: argparse.Namespace) -> int:
    """Print totals, tools, tokens, days, costs and formats."""
    with closing(open_reader(options.library)) as db:
        out = {
            **asdict(totals.totals(db)),
            "tools": {tool: asdict(ends) for tool, ends in totals.tools(db).items()},
            "tokens": {model: asdict(use) for model, use in totals.tokens(db).items()},
            "days": [asdict(day) for day in totals.days(db)],
            "cost": money_export.library(db),
            "formats": formats_export.by_name(db),
        }
    tell(options, out, [f"{key}: {value}" for key, value in out.items()])
    return 0
