"""Turns to threads: cuts, returns, and an open end that alone is thought over."""

from dataclasses import replace
from random import Random

import pytest

from core.threads import boundaries, pairs
from core.threads.boundaries import features
from core.threads.cutting import LONGEST
from core.threads.evidence import Turn
from core.threads.explaining import Switch, cuts
from core.threads.threader import Threader, threads
from core.threads.weights import dump, parse, shipped
from core.threads.words import Lexicon
from tests.core.threads.strands import TOPICS, posterior, turns

PLAN = ["import"] * 3 + ["theme"] * 3 + ["docker"] * 2


def test_one_topic_is_one_thread() -> None:
    assert threads(turns(["import"] * 6), shipped()) == [0] * 6


def test_another_topic_is_another_thread() -> None:
    assert threads(turns(PLAN), shipped()) == [0, 0, 0, 1, 1, 1, 2, 2]


def test_a_topic_that_comes_back_gets_its_old_thread() -> None:
    plan = ["import"] * 3 + ["theme"] * 3 + ["import"] * 3

    assert threads(turns(plan), shipped()) == [0, 0, 0, 1, 1, 1, 0, 0, 0]


def test_a_thread_of_more_turns_than_a_stretch_can_have_is_one_thread() -> None:
    every = turns(["import"] * 150 + ["theme"] * 3)
    growing = Threader(shipped())
    for turn in every:
        growing.add(turn)
        growing.segments()

    assert 2 * LONGEST < 150
    assert threads(every, shipped()) == [0] * 150 + [1] * 3
    assert [(part.first, part.end) for part in growing.segments()] == [(0, 150), (150, 153)]


def test_no_turns_and_one_turn() -> None:
    assert threads([], shipped()) == []
    assert threads(turns(["theme"]), shipped()) == [0]


def test_turn_by_turn_is_the_same_as_all_at_once() -> None:
    draw = Random(5)
    plan = [draw.choice(list(TOPICS)) for _ in range(25)]
    every = turns([topic for topic in plan for _ in range(draw.randint(1, 4))])
    growing = Threader(shipped())
    for count, turn in enumerate(every, 1):
        growing.add(turn)
        if count % 10 == 0:
            growing.segments()

    found = [part.thread for part in growing.segments() for _ in range(part.first, part.end)]

    assert found == threads(every, shipped())


def test_settled_cuts_do_not_move() -> None:
    draw = Random(7)
    every = turns([draw.choice(list(TOPICS)) for _ in range(40) for _ in range(4)])
    growing = Threader(shipped())
    settled: list[tuple[int, int]] = []
    for turn in every:
        growing.add(turn)
        now = [(part.first, part.thread) for part in growing.segments()]
        assert now[: len(settled)] == settled
        far = len(growing.turns) - 2 * LONGEST
        settled = [part for part in now if part[0] <= far]


def test_a_turn_that_has_grown_takes_its_own_place() -> None:
    every = turns(PLAN)
    growing = Threader(shipped())
    for turn in every:
        growing.add(replace(turn, words={}, asked={}, files={}))
        growing.replace(turn)

    found = [part.thread for part in growing.segments() for _ in range(part.first, part.end)]

    assert found == threads(every, shipped())


def test_sensitivity_makes_more_or_fewer_threads() -> None:
    every = turns(PLAN)

    few, many = (segments(every, shift) for shift in (-400.0, 400.0))

    assert (few, many) == (1, 8)


def segments(every: list[Turn], shift: float) -> int:
    threader = Threader(shipped(), shift)
    for turn in every:
        threader.add(turn)
    return len(threader.segments())


def test_each_cut_says_how_sure_it_is_and_why() -> None:
    lexicon = Lexicon(shipped().common)
    threader = Threader(shipped())
    for turn in turns(PLAN, lexicon):
        threader.add(turn)

    found = cuts(threader, shipped(), lexicon)

    assert [cut.turn for cut in found] == ["p3", "p6"]
    assert all(0.5 < cut.confidence <= 1 for cut in found)
    assert found[0].switch in {Switch.TOPIC, Switch.FILES}
    assert any("new" in why or "files" in why for why in found[0].evidence)


def test_a_cut_is_sure_where_its_odds_are_high_and_nothing_holds_the_turns() -> None:
    sums = [[0.0, 0.0], [0.0, 0.0], [0.0]]

    assert posterior([0.0, 0.0, 4.0], sums) == pytest.approx([1.0, 0.5, 0.982], abs=1e-3)
    assert posterior([], []) == []


def test_weights_survive_being_written() -> None:
    assert parse(dump(shipped())) == shipped()


@pytest.mark.parametrize("wrong", ["{}", '{"revision": 1}', '{"revision": 2, "boundary": ["x"]}'])
def test_weights_that_do_not_fit_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"weights|model"):
        parse(wrong)


def test_each_turn_is_weighed_once_where_nobody_asks_in_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weighed: list[int] = []

    def counted(found: pairs.Band, j: int) -> list[float]:
        weighed.append(j)
        return features(found, j)

    monkeypatch.setattr(boundaries, "features", counted)
    threader = Threader(shipped())
    for turn in turns(["import"] * 50):
        threader.add(turn)
    threader.segments()

    assert weighed == list(range(1, 50))


def test_one_more_turn_weighs_the_last_places_only(monkeypatch: pytest.MonkeyPatch) -> None:
    every = turns(["import"] * 50)
    threader = Threader(shipped())
    for turn in every[:-1]:
        threader.add(turn)
    threader.segments()
    weighed: list[int] = []

    def counted(found: pairs.Band, j: int) -> list[float]:
        weighed.append(j)
        return features(found, j)

    monkeypatch.setattr(boundaries, "features", counted)
    threader.add(every[-1])
    threader.segments()

    assert weighed == [47, 48, 49]
