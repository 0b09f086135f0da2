"""Every statement of the queries, as SQLite runs it over a filled library.

A new statement that reads a large table from end to end, or sorts, fails here until it is made
better or stands in one of the tables below with its reason.
"""

import ast
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

import core.queries
from core.queries.statements import names, plan, statements
from core.store import optimising, packing
from tests.bench import corpus
from tests.library import imports, writing

_MESSAGES = 3_000  # of the library: enough for the planner to prefer an index

# Tables with a row for each message or piece of one: these grow into the millions.
_LARGE = {
    "message", "block", "body_kept", "call", "reply", "hop", "unread", "coloured_kept", "image",
    "orphan", "mention", "reference", "text",
}  # fmt: skip
# What is read from end to end all the same, and why that is right.
_WHOLE = {
    "the tour looks for something to show, once": {"samples.edit"},
    "newest first from an index of its own, until there are enough": {
        "listing.calls", "listing.count", "candidates.calls",
    },
    "some rows from either end": {"beginnings.first_blocks", "beginnings.last_blocks"},
    "a check reads everything": {
        "health.twice", "health.never", "health.replies", "health.textless",
        "health.sum_checks[2][1]", "health.sum_checks[3][1]", "health.sum_checks[4][1]",
        "health.sum_checks[5][1]", "health.unlisted",
    },
    "a sum over the whole library, for an export": {"money_export.tokens"},
}  # fmt: skip
# What is sorted or grouped in memory, and why that is little.
_SORTED = {
    "the rows of one conversation": {
        "agents.inline", "agents.started", "boundaries.lane", "boundaries.inherited",
        "boundaries.first", "boundaries.links", "boundaries.owners", "branch_costs.forked",
        "branch_costs.on_branch", "branch_costs.prompts",
        "conversations.sessions", "costs.models", "costs.stated",
        "costs.stated_models", "export.messages", "export.blocks", "export.calls",
        "lane_costs.files", "lane_costs.inline", "lane_costs.links", "lane_costs.lanes",
        "material.calls", "material.sessions", "material.texts",
        "problems.of_sessions", "structure.lanes", "structure.calls", "structure.usage",
        "structure.tools", "within.sessions", "within.slice", "within.call_of", "within.branch",
        "within.failed", "agents.files",
        "threads.costs", "threads.edits", "threads.messages", "relations.outward",
        "relations.relations", "threads.stretches", "threads.threads", "live.doing",
        "filling.sessions",
        "spots.beginnings", "spots.compactions",
        "journal.answered",
    },
    "one row for each session that is due, fifty at a time": {"pieces.due"},
    "what a person removes or has removed, when he looks at it": {
        "removals.logs", "removals.removals",
    },
    "one row for each file, format, kind or project": {
        "census.by_format", "conversations.formats", "conversations.projects",
        "formats.formats", "formats.versions", "formats.page", "problems.groups",
        "samples.agent", "samples.edit",
    },
    "groups of a chart's period or of the library: as many as it has bars": {
        "spending.costs", "spending.costs_of_moments", "spending.unpriced",
        "spending.unpriced_of_moments", "spending.all", "spending.all_unpriced",
        "totals.totals", "totals.tools", "totals.tokens", "totals.days", "money_export.tokens",
        "rollups.tools", "rollups.use", "rollups.conversations",
        "dashboard.tool_days", "dashboard.tools_of_part", "dashboard.prompts", "dashboard.tokens",
        "dashboard.used_models", "filling.largest",
    },
}  # fmt: skip
_SCAN = re.compile(r"SCAN (\S+)")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    corpus.write(folder / "logs", _MESSAGES)
    imports(folder / "library.clew", folder / "logs")
    return folder / "library.clew"


@pytest.fixture(scope="module", params=["as it was imported", "with statistics"])
def db(
    request: pytest.FixtureRequest, library: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    """The library, and the same after an upkeep whose statistics the planner goes by."""
    path = tmp_path_factory.mktemp("asked") / "library.clew"
    shutil.copy(library, path)
    if request.param == "with statistics":
        with writing(path) as (writer, _):
            for _step in optimising.statistics(writer):
                pass
    with closing(sqlite3.connect(path)) as found:
        packing.register(found)
        yield found


def every() -> dict[str, str]:
    """Return all statements by name: constants, and those that stand where they are asked."""
    found = {name: sql for sql, name in names().items()}
    (folder,) = core.queries.__path__
    for file in sorted(Path(folder).glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="execute"),
                    args=[ast.Constant(value=str(sql)), *_],
                ) if sql.startswith("SELECT"):
                    found[f"{file.stem}:{node.lineno}"] = sql
    return found


EVERY = every()


def table(reasons: dict[str, set[str]]) -> set[str]:
    return {name for listed in reasons.values() for name in listed}


def test_there_are_statements() -> None:
    assert len(statements()) > 100
    assert statements()["conversations.pages[recent, False, False]"].startswith("SELECT id, key")


@pytest.mark.parametrize("name", EVERY)
def test_it_is_understood_and_makes_no_index_of_its_own(db: Connection, name: str) -> None:
    steps = plan(db, EVERY[name])

    assert steps
    assert [step for step in steps if "AUTOMATIC" in step] == []


@pytest.mark.parametrize("name", sorted(EVERY.keys() - table(_WHOLE)))
def test_no_large_table_is_read_from_end_to_end(db: Connection, name: str) -> None:
    scans = [found[1] for step in plan(db, EVERY[name]) if (found := _SCAN.match(step))]

    assert _LARGE.isdisjoint(scans)


@pytest.mark.parametrize("name", sorted(EVERY.keys() - table(_SORTED)))
def test_nothing_is_sorted_that_an_index_has_in_order(db: Connection, name: str) -> None:
    assert [step for step in plan(db, EVERY[name]) if "TEMP B-TREE" in step] == []
