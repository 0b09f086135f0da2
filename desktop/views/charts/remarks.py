"""What is said of a chart that leaves conversations out."""

from core.insights import Insights
from desktop.look import words
from desktop.look.words import translate
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.nothing import say_nothing


def of_patterns(caption: str, answer: Answer[Insights]) -> str:
    """Return *caption* with what is not in a chart that is made of whole conversations."""
    said = [caption]
    if answer.rows.missing:
        said.append(_left(answer.rows.missing))
    return " · ".join(said)


def say_no_pattern(card: Card, answer: Answer[Insights], sentence: str) -> None:
    """Tell on *card* why there is no pattern; *sentence* is said if everything was looked at."""
    if answer.rows.missing:
        card.say_empty(
            translate("charts", "Still being analysed"), f"{_left(answer.rows.missing)}."
        )
    elif answer.rows.part.conversations:
        card.say_empty(translate("charts", "Nothing to show"), sentence)
    else:
        say_nothing(card, answer)


def _left(number: int) -> str:
    one = translate("charts", "{0} conversation is still to be analysed")
    many = translate("charts", "{0} conversations are still to be analysed")
    return (one if number == 1 else many).format(words.count(number))
