"""How the talk moves: neighbours, shifts, peaks; and coherence of threads."""

import pytest

from core.analysis.coherence import ALL_APART, ONE_THREAD, coherence
from core.analysis.flow import TOO_FEW, flow
from core.analysis.material import Cut
from core.analysis.switches import heads, threads
from core.analysis.terms import Frequencies, Terms
from core.analysis.utterances import Rarities, Utterance, utterances
from tests.core.analysis.talk import chat, cut

_A = "sparkline chart axis legend"
_B = "lexer unicode token grammar"


def _said(*texts: str) -> tuple[Utterance, ...]:
    return utterances(chat(*texts), Terms())


def test_one_message_has_no_flow_and_says_so() -> None:
    found = flow(_said(_A), Rarities(Frequencies()))
    assert (found.average, found.stability, found.reason) == (None, None, TOO_FEW)
    assert (found.moves, found.major) == ((), ())


def test_equal_messages_do_not_move() -> None:
    found = flow(_said(*[_A] * 4), Rarities(Frequencies()))
    assert [(move.similarity, move.shift) for move in found.moves] == [(1.0, 0.0)] * 3
    assert (found.average, found.stability) == (1.0, 1.0)
    assert found.baseline is None  # too short to have far stretches


def test_every_message_but_the_first_is_compared_with_the_one_before() -> None:
    found = flow(_said(_A, _A, _B), Rarities(Frequencies()))
    assert [move.spot.uuid for move in found.moves] == ["u2", "u3"]
    assert [move.similarity for move in found.moves] == [1.0, 0.0]


def test_two_glued_conversations_peak_at_the_seam() -> None:
    found = flow(_said(*[_A] * 16, *[_B] * 16), Rarities(Frequencies()))
    assert [peak.spot.uuid for peak in found.major] == ["u17"]
    assert found.major[0].shift == 1.0
    assert found.major[0].prominence == 1.0


def test_a_steady_unrelated_chat_shifts_all_the_time() -> None:
    texts = [f"word{chr(97 + at)} thing{chr(97 + at)}" for at in range(26)]
    found = flow(_said(*texts), Rarities(Frequencies()))
    assert found.stability == 0.0
    assert found.baseline == pytest.approx(1.0)
    assert found.major == ()  # nothing stands out


def _threads(*texts: str, cuts: dict[int, str]) -> tuple[list[str], tuple[Utterance, ...]]:
    turns = chat(*texts)
    made: list[Cut] = [cut(turns[at], name) for at, name in cuts.items()]
    return threads(heads(turns), made), utterances(turns, Terms())


def test_threads_that_hold_together_beat_cuts_anywhere_else() -> None:
    keys, said = _threads(*[_A] * 12, *[_B] * 12, cuts={0: "a", 6: "b"})
    found = coherence(keys, said, Rarities(Frequencies()))
    assert found.cuts == 1
    assert found.across == 0.0
    assert found.inside is not None
    assert found.value == pytest.approx(found.inside)
    assert found.random is not None
    assert found.random95 is not None
    assert found.random <= found.random95
    assert found.inside > found.random95


def test_a_cut_in_the_wrong_place_is_worse_than_chance() -> None:
    keys, said = _threads(*[_A] * 12, *[_B] * 12, cuts={0: "a", 3: "b"})
    found = coherence(keys, said, Rarities(Frequencies()))
    assert found.value is not None
    assert found.random is not None
    assert found.value < found.random


@pytest.mark.parametrize(
    ("cuts", "reason"), [({0: "a"}, ONE_THREAD), ({0: "a", 1: "b", 2: "c"}, ALL_APART)]
)
def test_without_both_sides_there_is_no_coherence(cuts: dict[int, str], reason: str) -> None:
    keys, said = _threads(*[_A] * 6, cuts=cuts)
    found = coherence(keys, said, Rarities(Frequencies()))
    assert (found.value, found.reason) == (None, reason)
