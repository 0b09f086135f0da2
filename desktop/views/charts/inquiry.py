"""What the charts show is asked here, and kept until the card that shows it has been made."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from sqlite3 import Connection
from typing import Any, TypeAlias

from desktop.views.charts.asking import Choice, Queries
from desktop.views.charts.card import Card

Kind: TypeAlias = Callable[[], Card]
Said: TypeAlias = Any  # what a question was answered, or the exception it ended with


@dataclass(frozen=True, slots=True)
class Question:
    """One look at the library, off the UI thread."""

    channel: str
    ask: Callable[[Choice, Connection], Any]
    cards: tuple[Kind, ...] = ()  # that show the answer; none: the head of the page does
    slow: bool = False  # it comes after all others, whatever is in sight


class Inquiry:
    """Puts *questions* to *queries*, and gives *tell* each with what was said."""

    def __init__(
        self,
        queries: Queries,
        questions: Sequence[Question],
        tell: Callable[[Question, Said], None],
    ) -> None:
        self._queries = queries
        self._questions = tuple(questions)
        self._tell = tell
        self._said: dict[str, Said] = {}
        self._keeps = True

    def ask(self, choice: Choice, sight: Collection[Kind]) -> None:
        """Ask everything about *choice*: first what the cards in *sight* and the head show."""
        for question in sorted(self._questions, key=partial(_place, sight)):
            self._put(question, choice)

    def ask_slow(self, choice: Choice) -> None:
        """Ask only what is slow."""
        for question in self._questions:
            if question.slow:
                self._put(question, choice)

    def told(self, kind: Kind) -> Said | None:
        """Return what the card of *kind* is to show; None if that is not known yet."""
        for question in self._questions:
            if kind in question.cards:
                return self._said.get(question.channel)
        return None

    def forget(self) -> None:
        """Keep nothing from now on: every card that shows something is there."""
        self._keeps = False
        self._said.clear()

    def _put(self, question: Question, choice: Choice) -> None:
        self._said.pop(question.channel, None)
        note = partial(self._note, question)
        self._queries.ask(f"charts.{question.channel}", partial(question.ask, choice), note, note)

    def _note(self, question: Question, said: Said) -> None:
        if self._keeps:
            self._said[question.channel] = said
        self._tell(question, said)


def _place(sight: Collection[Kind], question: Question) -> int:
    """Return when *question* is asked; those of one place keep their order."""
    if question.slow:
        return 2
    return 0 if not question.cards or any(kind in sight for kind in question.cards) else 1
