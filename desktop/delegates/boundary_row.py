"""What there is to see where a session begins: how it belongs, and what it inherits."""

from core.queries.boundaries import Boundary
from desktop.delegates.folding import Around
from desktop.delegates.sections import Heading, Row, Shape
from desktop.look import words
from desktop.models import boundary_words


def described(told: Boundary, around: Around) -> Row:
    """Return the rule of *told*, and under it the row that unfolds what the session inherits."""
    when = ""
    if told.at is not None:
        when = f"{words.day(told.at, around.today)}, {words.clock(told.at)}"
    rule = boundary_words.rule(told, when)
    if not told.inherited:
        return Row(Shape.RULE, Heading(rule, tone="muted", strong=False))
    heading = Heading(
        boundary_words.inherited(told), boundary_words.icon(told), "muted", strong=False,
        tip=boundary_words.meaning(),
    )  # fmt: skip
    return Row(Shape.CARD, heading, lead=rule, foldable=True, open=around.lane_open)
