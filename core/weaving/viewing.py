"""The threads of one conversation for somebody who only reads: stored, or made for the moment."""

from dataclasses import dataclass
from sqlite3 import Connection

from core.queries import relations
from core.queries import threads as queries
from core.queries.relations import RelationRow
from core.queries.threads import CutRow, StretchRow, ThreadRow
from core.threads.woven import Measures, Rows
from core.weaving.conversation import Conversation
from core.weaving.learnt import fitting


@dataclass(frozen=True, slots=True)
class View:
    """All that is known of the threads of a conversation."""

    threads: tuple[ThreadRow, ...]
    cuts: tuple[CutRow, ...]
    guessed: tuple[RelationRow, ...]
    measures: Measures


def view(db: Connection, conversation: int) -> View:
    """Return the threads of *conversation* as they are now; writes nothing.

    Where they are due they are made, which reads the whole conversation.
    """
    measures = queries.metrics(db, conversation)
    if measures is not None and not queries.is_due(db, conversation):
        return View(
            queries.threads(db, conversation),
            queries.cuts(db, conversation),
            relations.guessed(db, conversation),
            measures,
        )
    _, weights = fitting(db)
    one = Conversation(conversation, weights, queries.settings(db).sensitivity)
    one.read(db)
    one.edit(queries.edits(db, conversation))
    rows = list(one.rows(db).values())
    rows.sort(key=_in_order)
    found = [thread for lane in rows for thread in lane.threads]
    parts: dict[tuple[str, str], list[StretchRow]] = {}
    for lane in rows:
        for stretch in lane.stretches:
            parts.setdefault((stretch.lane, stretch.thread), []).append(
                StretchRow(stretch.session, stretch.first, stretch.last, stretch.number)
            )
    cuts = [
        CutRow(
            cut.message, cut.lane, cut.kind, cut.confidence, cut.evidence, cut.made_by, cut.returns
        )
        for lane in rows
        for cut in lane.places
    ]
    bonds = [
        RelationRow(bond.kind, bond.source, bond.target, bond.confidence, bond.method)
        for lane in rows
        for bond in lane.bonds
    ]
    return View(
        queries.present(db, conversation, found, [parts[one.lane, one.key] for one in found]),
        tuple(sorted(cuts, key=lambda cut: cut.message)),
        tuple(sorted(bonds, key=lambda bond: (bond.source, bond.kind))),
        one.measures(),
    )


def _in_order(rows: Rows) -> tuple[int, bool, int]:
    first = rows.threads[0]
    return first.depth, first.lane != "main", first.first
