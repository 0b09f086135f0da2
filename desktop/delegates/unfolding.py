"""Whether a row is open: what the user chose, or else what is worth seeing at once."""

from core.model import Outcome
from core.queries.transcript import BlockRow
from desktop.delegates import edit_cards
from desktop.delegates.folding import Around, Density


def is_open(row: BlockRow, around: Around) -> bool:
    """Return whether *row* is open."""
    if row.boundary is not None:
        return around.lane_open
    if around.toggled is not None:
        return around.toggled
    if around.everything is not None:
        return around.everything
    return opens_by_itself(row, around.density)


def opens_by_itself(row: BlockRow, density: Density) -> bool:
    """Return whether *row* is open until the user closes it."""
    call = row.call
    if call is None or density is not Density.COMFORTABLE:
        return False
    if call.outcome is Outcome.ERROR:
        return True
    made = edit_cards.changes(call)
    return made is not None and 0 < len(made.lines) <= edit_cards.SHORT
