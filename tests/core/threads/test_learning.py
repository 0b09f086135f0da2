"""Learning: splices, the fit, and what is kept of a person's own library."""

from dataclasses import replace

import pytest

from core.threads.adapting import LEAST, adapt, agreement
from core.threads.fitting import Examples, fit
from core.threads.learning import common_words
from core.threads.splices import DAY, Source, may_meet, splices
from core.threads.weights import shipped
from core.threads.words import Lexicon, stem
from tests.bench import newton
from tests.core.threads.strands import turns


def sources() -> list[Source]:
    lexicon = Lexicon()
    found: list[Source] = []
    for number in range(24):
        topic = ("import", "theme", "docker")[number % 3]
        own = turns([topic] * 4, lexicon)
        own = [
            replace(
                turn,
                at=(turn.at or 0) + number * 3 * DAY,
                prompt=f"{turn.prompt} of day {number}",
                uuid=f"s{number}-{turn.uuid}",
            )
            for turn in own
        ]
        found.append(Source(own, f"s{number}", "p"))
    return found


def test_the_fit_finds_the_measure_that_decides() -> None:
    found = Examples()
    for i in range(200):
        found.add([float(i % 2), float(i % 3)], float(i % 2))

    first, second, _ = fit(found, 1.0)

    assert first > 3
    assert abs(second) < 0.5


def test_a_strong_ridge_keeps_weights_at_their_prior() -> None:
    found = Examples()
    for i in range(10):
        found.add([float(i % 2)], float(i % 2))

    assert abs(fit(found, 1e6, (2.0, -1.0))[0] - 2.0) < 0.01


def test_splices_are_the_same_for_the_same_seed() -> None:
    one, other = (splices(sources(), 30, 4) for _ in range(2))

    assert [stream.threads for stream in one] == [stream.threads for stream in other]
    assert len(one) == 30


def test_streams_never_mix_two_stretches_of_one_session_as_two_threads() -> None:
    for stream in splices(sources(), 60, 2):
        owner: dict[str, int] = {}
        for turn, thread in zip(stream.turns, stream.threads, strict=True):
            assert owner.setdefault(turn.uuid.split("-")[0], thread) == thread


def test_sessions_of_one_branch_ticket_prompt_or_day_do_not_meet() -> None:
    first, second, *_ = sources()
    branched = [replace(turn, branch="feat/login") for turn in first.turns]
    again = [replace(turn, branch="feat/login") for turn in second.turns]
    ticket = [replace(turn, tickets=frozenset({"12"})) for turn in first.turns]
    same = [replace(turn, tickets=frozenset({"12"})) for turn in second.turns]
    near = [replace(turn, at=first.turns[0].at) for turn in second.turns]

    assert may_meet(first, second)
    assert not may_meet(Source(branched, "a", "p"), Source(again, "b", "p"))
    assert not may_meet(Source(ticket, "a", "p"), Source(same, "b", "p"))
    assert not may_meet(first, replace(second, turns=first.turns))
    assert not may_meet(first, replace(second, turns=near))
    assert not may_meet(first, first)


def test_too_small_a_library_changes_nothing() -> None:
    own = [source.turns for source in sources()[: LEAST - 1]]

    result = adapt(own, shipped())

    assert (result.weights, result.kept) == (shipped(), False)


def test_what_is_learnt_is_kept_only_if_a_held_back_half_improves() -> None:
    result = adapt([source.turns for source in sources()], shipped())

    assert not result.kept or result.after > result.before
    assert (result.weights == shipped()) != result.kept


def test_learning_that_is_stopped_changes_nothing() -> None:
    asked: list[int] = []

    def stopped() -> bool:
        asked.append(1)
        return len(asked) > 20

    result = adapt([source.turns for source in sources()], shipped(), stopped=stopped)

    assert (result.weights, result.kept) == (shipped(), False)
    assert len(asked) < 40


def test_numpys_fit_gives_the_same_weights() -> None:
    found = Examples()
    for i in range(200):
        found.add([float(i % 2), float(i % 3)], float(i % 5 == 0), 1.0 + i % 4)

    for prior in (None, (0.5, -0.5, 0.1)):
        assert newton.fit(found, 2.0, prior) == pytest.approx(fit(found, 2.0, prior), abs=1e-6)


def test_agreement_matches_threads_one_to_one() -> None:
    assert agreement([0, 0, 1, 1], [5, 5, 7, 7]) == 1
    assert agreement([0, 0, 1, 1], [0, 0, 0, 0]) == 0.5
    assert agreement([0, 0, 0, 0], [0, 0, 0, 1]) == 0.75


def test_a_common_word_is_one_of_several_projects() -> None:
    one = [frozenset({"plan", "ada"})] * 3
    other = [frozenset({"plan"})] * 3

    assert common_words({"a": one, "b": other}) == {"plan": 1.0}


def test_stems_and_identifiers_meet() -> None:
    lexicon = Lexicon()

    assert stem("batches") == stem("batch")
    assert lexicon.numbers("LoginForm") & lexicon.numbers("login form")
    assert not lexicon.numbers("c4ae27ed the 1234")
