"""Learning: splices, the fit, and what is kept of a person's own library."""

from dataclasses import replace
from itertools import pairwise

import pytest

from core.threads import adapting
from core.threads.adapting import LEAST, adapt, agreement
from core.threads.splices import DAY, Source, may_meet, splices
from core.threads.threader import Threader, threads
from core.threads.vocabulary import Vocabulary, part, told, words
from core.threads.weights import dump, parse, shipped
from core.threads.words import Lexicon, dot, stem
from tests.bench.lessons import common_words
from tests.bench.newton import Examples, fit
from tests.bench.warm_threads import archive
from tests.core.threads.strands import turns


def sources(lexicon: Lexicon | None = None) -> list[Source]:
    lexicon = Lexicon() if lexicon is None else lexicon
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


@pytest.fixture(autouse=True)
def few_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapting, "TRIALS", 30)


def test_the_fit_finds_the_measure_that_decides() -> None:
    found = Examples()
    for i in range(200):
        found.add([float(i % 2), float(i % 3)], float(i % 2))

    first, second, _ = fit(found, 1.0)

    assert first > 3
    assert abs(second) < 0.5


def test_a_strong_ridge_keeps_weights_small() -> None:
    found = Examples()
    for i in range(10):
        found.add([float(i % 2)], float(i % 2))

    assert abs(fit(found, 1e6)[0]) < 0.01


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
    lexicon = Lexicon()
    own = [source.turns for source in sources(lexicon)[: LEAST - 1]]

    result = adapt(own, shipped(), lexicon)

    assert (result.weights, result.kept) == (shipped(), False)


def test_words_of_many_sessions_are_learnt_and_those_of_one_are_not() -> None:
    lexicon = shipped().lexicon()
    own = [source.turns for source in sources(lexicon)]
    (alone,) = lexicon.numbers("alone")
    own[0][0].words[alone] = 0.1

    result = adapt(own, shipped(), lexicon)

    assert result.kept
    assert result.after > result.before
    assert 0 < result.weights.own["shrank"] < 1
    assert "alone" not in result.weights.own
    assert parse(dump(result.weights)) == result.weights


def test_what_threads_streams_worse_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapting, "SLACKS", (-1000.0,))  # hardly any cut is left
    lexicon = shipped().lexicon()

    result = adapt([source.turns for source in sources(lexicon)], shipped(), lexicon)

    assert 0 < result.after < result.before
    assert (result.weights, result.kept) == (shipped(), False)


def test_learning_twice_gives_the_same() -> None:
    one, other = (
        adapt([source.turns for source in sources(lexicon)], shipped(), lexicon)
        for lexicon in (Lexicon(), Lexicon())
    )

    assert one == other


def test_real_sessions_are_cut_no_more_often_after_learning() -> None:
    lexicon = shipped().lexicon()
    own = [[*one.turns, *other.turns] for one, other in pairwise(sources(lexicon))]

    learnt = adapt(own, shipped(), lexicon).weights

    before = [threads(turns, shipped()) for turns in own]
    after = [threads(told(turns, Vocabulary(own).known()), learnt) for turns in own]
    assert sum(len(set(found)) for found in after) <= sum(len(set(found)) for found in before)


def test_a_session_is_tried_with_what_the_others_teach() -> None:
    own = [source.turns for source in sources()]
    every = Vocabulary(own)
    wanted = words(own[0])

    assert every.parts(wanted, [0]) == Vocabulary(own[1:]).parts(wanted)


def test_a_word_is_worth_less_the_more_sessions_have_it() -> None:
    assert part(1, 20) == 1
    assert 1 > part(2, 20) > part(10, 20) > part(20, 20) > 0


def test_what_is_common_in_one_folder_counts_there_also_in_a_larger_library() -> None:
    lexicon = Lexicon()
    here = [source.turns for source in sources(lexicon)]
    there = [turns(["theme"] * 2, lexicon) for _ in range(60)]
    there = [[replace(turn, cwd="/elsewhere") for turn in own] for own in there]
    (word,) = lexicon.numbers("docker")

    found = Vocabulary([*here, *there]).known()[word]

    assert found == Vocabulary(here).known()[word]


def test_vectors_stay_of_length_one_when_their_words_weigh_less() -> None:
    own = [source.turns for source in sources()]

    for turn in told(own[0], Vocabulary(own).known()):
        assert dot(turn.words, turn.words) == pytest.approx(1)


def test_a_library_without_times_can_be_spliced_too() -> None:
    first, second, *_ = sources()
    near = [replace(turn, at=first.turns[0].at) for turn in second.turns]

    assert may_meet(first, replace(second, turns=near, dated=False))


def test_learning_that_is_stopped_changes_nothing() -> None:
    asked: list[int] = []

    def stopped() -> bool:
        asked.append(1)
        return len(asked) > 20

    lexicon = Lexicon()
    own = [source.turns for source in sources(lexicon)]
    result = adapt(own, shipped(), lexicon, stopped=stopped)

    assert (result.weights, result.kept) == (shipped(), False)
    assert len(asked) < 40


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


def test_weights_give_out_lexicons_that_know_the_librarys_words() -> None:
    plain, taught = shipped().lexicon(), replace(shipped(), own={"widget": 0.5}).lexicon()
    counts = {
        one: {one.number(word): 1.0 for word in ("widget", "gadget")} for one in (plain, taught)
    }

    same, less = (one.vector(counts[one], 10) for one in (plain, taught))

    assert same[plain.number("widget")] == same[plain.number("gadget")]
    assert less[taught.number("widget")] == pytest.approx(less[taught.number("gadget")] / 2)


def test_an_archive_has_no_session_of_what_is_predicted_nor_a_copy_of_one() -> None:
    one, other, third, *_ = (source.turns for source in sources())
    copied = "a prompt that was long enough to have been copied from there"
    one = [replace(one[0], prompt=copied), *one[1:]]
    other = [replace(turn, prompt=copied) for turn in other]
    sessions = {"one": one, "other": other, "third": third, "natural/third": third}

    assert archive([one[1:2]], sessions) == [third]


def test_what_turns_lose_is_the_same_in_a_lexicon_that_knows_the_words() -> None:
    plain = Lexicon()
    own = [source.turns for source in sources(plain)]
    parts = Vocabulary(own).known()
    taught = Lexicon(None, dict(zip(plain.words(parts), parts.values(), strict=True)))

    (tried, *_), (read, *_) = told(own[0], parts), sources(taught)[0].turns

    assert read.taken == pytest.approx(tried.taken)
    assert 0 < read.taken < 1
    assert own[0][0].taken == 0


def test_a_cut_between_turns_that_lost_words_is_less_likely() -> None:
    own = [replace(turn, taken=0.25) for turn in turns(["import", "theme"])]
    plain, slack = Threader(shipped()), Threader(replace(shipped(), slack=-8.0))
    for turn in own:
        plain.add(turn)
        slack.add(turn)

    assert slack.begin[1] == pytest.approx(plain.begin[1] - 2)


def test_words_that_keep_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="keep nothing"):
        parse(dump(replace(shipped(), own={"widget": 0.0})))
