"""Why a chart has nothing to show."""

from core.queries.rollups import Lane
from desktop.look.words import translate
from desktop.views.charts import scale
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card


def say_nothing(card: Card, answer: Answer[object]) -> None:
    """Tell on *card* why *answer* holds nothing, and what would help."""
    if answer.period is None:
        card.say_empty(
            translate("charts", "Nothing to draw yet"),
            translate("charts", "Charts appear as soon as a conversation has been read."),
        )
        return
    choice = answer.choice
    narrowed = choice.projects or choice.models or choice.lane is not Lane.ALL
    where = translate("charts", " for this choice") if narrowed else ""
    if answer.period.whole:
        card.say_empty(
            translate("charts", "Nothing here"),
            translate("charts", "The logs hold nothing of this kind{0}.").format(where),
        )
        return
    card.say_empty(
        translate("charts", "Nothing in this range"),
        translate("charts", "The logs hold nothing{0} from {1}. Try a longer range.").format(
            where, scale.span_label(answer.period.first, answer.period.last)
        ),
    )
