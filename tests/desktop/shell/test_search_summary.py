import dataclasses

from pytestqt.qtbot import QtBot

from core.queries.search import Found, Hit
from desktop.look import words
from desktop.look.widgets.text import ElidedLabel
from desktop.views.search.summary import meaning, summary

HIT = Hit(1, 1, "u1", "c1", 1, "Fan", "fan", "output", "the fan", 0, False, "Bash")


def test_all_hits_are_counted_without_a_word_about_the_best(qapp: object) -> None:
    assert summary(Found(1, (HIT,)), 4.6, 1) == "1 hit in 1 conversation · 5 ms"


def test_some_of_many_hits_are_the_best_or_the_newest_of_at_least_so_many(qapp: object) -> None:
    ranked = Found(900, (HIT,))
    assert summary(ranked, 8, 2) == "Best 1 of 900 hits, in 2 conversations · 8 ms"
    timed = Found(2_400, (HIT,), at_least=True, newest=True)
    assert summary(timed, 30, 2) == "Newest 1 of 2,400+ hits, in 2 conversations · 30 ms"


def test_the_order_and_what_was_left_out_are_explained(qapp: object) -> None:
    ranked = Found(900, (HIT,))
    assert meaning(ranked) == "By rank (BM25); newer ones count for up to half more."
    all_said = meaning(dataclasses.replace(ranked, at_least=True, cut=True, newest=True))
    assert [line.split(":")[0] for line in all_said.splitlines()] == [
        "The newest first",
        "There may be more",
        "Very many words begin so",
    ]


def test_a_label_tells_what_it_means_and_what_of_it_does_not_fit(qtbot: QtBot) -> None:
    label = ElidedLabel("a line that is rather long")
    qtbot.addWidget(label)
    label.show()
    label.explain("what it means")
    label.resize(1_000, 20)
    assert label.toolTip() == words.plain("what it means")
    label.resize(40, 20)
    assert label.toolTip() == words.plain("a line that is rather long\nwhat it means")
