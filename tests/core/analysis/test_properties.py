"""What holds of the context analysis whatever was said."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.context import REVISIONS, Context
from core.analysis.context_parts import text
from core.analysis.context_piece import context_piece, plain, read
from core.analysis.flow import SIDE
from core.analysis.material import Turn
from core.analysis.terms import Frequencies, Terms
from core.model import Outcome
from tests.core.analysis.talk import MINUTE, analysed, call, chat, cut, talk, turn

_WORD = st.sampled_from(
    ["sparkline", "lexer", "unicode", "base", "数据库", "fix", "why", "`code()`", "/a/b.py",
     "thanks", "no", "please", "tests", "ParserCache", "?", "\n```\nx\n```\n"]
)  # fmt: skip
_TEXT = st.lists(_WORD, max_size=8).map(" ".join)
_TALK = st.lists(st.tuples(_TEXT, _TEXT), min_size=1, max_size=14)
_KNOWN = Frequencies(9, {"lexer": 7, "fix": 9})


def _turns(texts: list[tuple[str, str]], first: int = 1, start: int = 0) -> list[Turn]:
    turns = chat(*(text for pair in texts for text in pair), first=first, start=start)
    return [
        turn(
            one.prompt, one.replies,
            [call(first + 2 * at + 1, "Bash", "{}", Outcome.OK, one.at, 1000)], session="s",
        )
        for at, one in enumerate(turns)
    ]  # fmt: skip


@given(_TALK)
@settings(max_examples=60, deadline=None)
def test_other_conversations_analysed_before_change_nothing(texts: list[tuple[str, str]]) -> None:
    one = talk(_turns(texts), [cut(_turns(texts)[0], "a")])
    used = Terms()
    for other in ([("lexer cache", "unicode")], [("база", "数据库 sparkline")]):
        analysed(talk(_turns(other)), _KNOWN, used)
    assert analysed(one, _KNOWN, used) == analysed(one, _KNOWN)


@given(_TALK, _TALK)
@settings(max_examples=60, deadline=None)
def test_appending_changes_only_what_follows(
    texts: list[tuple[str, str]], more: list[tuple[str, str]]
) -> None:
    turns = _turns(texts)
    longer = [*turns, *_turns(more, 101, 2 * len(turns) * MINUTE)]
    before, after = analysed(talk(turns), _KNOWN), analysed(talk(longer), _KNOWN)
    points = before.topics.points
    assert after.topics.points[: len(points)] == points
    settled = before.flow.moves[: max(0, len(before.flow.moves) - SIDE + 1)]
    assert after.flow.moves[: len(settled)] == settled
    assert after.intents.prompts[: len(before.intents.prompts)] == before.intents.prompts
    for one, other in (
        (before.complexity.turns, after.complexity.turns),
        (before.complexity.messages, after.complexity.messages),
    ):
        assert other[: len(one)] == one
    assert after.engagement.active_ms >= before.engagement.active_ms


@given(_TALK, st.integers(2, 4))
@settings(max_examples=40, deadline=None)
def test_the_same_again_a_day_later_changes_no_rate(
    texts: list[tuple[str, str]], times: int
) -> None:
    day = 24 * 60 * MINUTE
    turns = [
        replace(one, session=str(at))
        for at in range(times)
        for one in _turns(texts, 1 + 1000 * at, at * day)
    ]
    once = _rates(analysed(talk(_turns(texts)), _KNOWN))
    often = _rates(analysed(talk(turns), _KNOWN))
    assert often == once


def _rates(found: Context) -> tuple[object, ...]:
    told = found.engagement
    hourly = None if told.prompts_per_hour is None else round(told.prompts_per_hour, 6)
    whole = sum(number for _, number in found.intents.counts)
    shares = {name: round(number / whole, 6) for name, number in found.intents.counts}
    return hourly, told.steps_per_prompt, told.reply_wait_ms, shares


@given(_TALK)
@settings(max_examples=40, deadline=None)
def test_figures_stay_in_their_bounds(texts: list[tuple[str, str]]) -> None:
    turns = _turns(texts)
    cuts = [cut(one, str(at % 3)) for at, one in enumerate(turns) if at % 2 == 0]
    found = analysed(talk(turns, cuts), _KNOWN)
    shares = [point.topic.confidence for point in found.topics.points]
    shares += [value for move in found.flow.moves for value in (move.similarity, move.shift)]
    shares += [one.reading.confidence for one in found.intents.prompts]
    shares += [piece.level for piece in found.complexity.turns]
    shares += [] if found.topics.diversity is None else [found.topics.diversity]
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in shares)
    assert sum(n for _, _, n in found.intents.transitions) == len(found.intents.prompts) - 1


@given(_TALK, st.sets(st.integers(0, 14)), st.integers(1, 400))
@settings(max_examples=60, deadline=None)
def test_where_a_conversation_is_cut_into_pieces_changes_nothing(
    texts: list[tuple[str, str]], places: set[int], step: int
) -> None:
    turns = [replace(one, ended=(one.at or 0) * step // 60) for one in _turns(texts)]
    talked = talk(turns, [cut(one, str(at % 3)) for at, one in enumerate(turns) if at % 2])
    at = [place for place in places if place < len(turns)]
    assert analysed(talked, _KNOWN, at=at) == analysed(talked, _KNOWN)


@given(_TALK)
@settings(max_examples=40, deadline=None)
def test_a_piece_is_read_back_as_it_was_written(texts: list[tuple[str, str]]) -> None:
    made = context_piece(_turns(texts), Terms())
    assert read(text(plain(made))) == made


def test_every_analyser_has_a_revision() -> None:
    assert set(REVISIONS) == {
        "topics", "flow", "intents", "complexity", "switches", "coherence", "engagement",
    }  # fmt: skip
