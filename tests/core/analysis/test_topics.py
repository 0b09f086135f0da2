"""What a conversation was about: windows, transitions, shares, diversity, threads."""

import math

import pytest

from core.analysis.activity import activity
from core.analysis.context import thread_topics
from core.analysis.material import Material
from core.analysis.switches import heads, threads
from core.analysis.terms import Frequencies, Terms
from core.analysis.topics import Evolution, diversity, evolution
from core.analysis.utterances import Rarities, utterances
from tests.core.analysis.talk import MINUTE, asked, call, chat, cut, said, talk, turn

_SPARK = ("sparkline sparkline", "sparkline chart sparkline")
_LEXER = ("lexer lexer unicode", "lexer unicode lexer")


def _evolve(material: Material, known: Frequencies | None = None) -> Evolution:
    rarities = Rarities(known or Frequencies())
    return evolution(utterances(material.main, Terms()), rarities, activity(material.turns))


def test_a_topic_is_the_heaviest_term_and_stays_while_it_is_heavy() -> None:
    found = _evolve(talk(chat(*_SPARK * 2, *_LEXER * 4)))
    primary = [point.topic.primary for point in found.points]
    # A window holds six utterances. Four of them are about the lexer before "sparkline" is no
    # longer among its three heaviest terms.
    assert primary == ["sparkline"] * 7 + ["lexer"] * 5
    assert [(one.of, one.to) for one in found.transitions] == [("sparkline", "lexer")]


def test_a_point_leads_to_its_message() -> None:
    found = _evolve(talk(chat(*_SPARK)))
    assert [point.spot.uuid for point in found.points] == ["u1", "u2"]
    assert found.points[1].topic.keywords == ("sparkline", "chart")
    assert found.points[1].topic.related == ("chart",)


def test_confidence_is_the_share_of_the_weight() -> None:
    found = _evolve(talk([turn(asked(1, "sparkline lexer lexer lexer"))]))
    topic = found.points[0].topic
    # A prompt counts twice: log 3 and log 7.
    weights = {"sparkline": math.log(3), "lexer": math.log(7)}
    assert topic.primary == "lexer"
    assert topic.confidence == pytest.approx(weights["lexer"] / sum(weights.values()), abs=1e-4)


def test_dominant_topics_share_the_active_time() -> None:
    turns = [
        turn(asked(1, "sparkline", 0), [said(2, "sparkline", 2 * MINUTE)]),
        *chat(*["lexer unicode"] * 12, first=3, start=30 * MINUTE),
    ]
    found = _evolve(talk(turns))
    assert found.by_time
    # Two minutes, and eleven between the twelve others; the pause of 28 minutes counts nothing.
    assert sum(one.active_ms for one in found.dominant) == 13 * MINUTE
    assert found.dominant[0].topic == "lexer"
    assert sum(one.share for one in found.dominant) == pytest.approx(1.0)


def test_without_times_the_shares_are_of_utterances() -> None:
    turns = [turn(asked(1, "sparkline"), [said(2, "sparkline")])]
    found = _evolve(talk(turns))
    assert not found.by_time
    assert [(one.topic, one.share) for one in found.dominant] == [("sparkline", 1.0)]


def test_one_topic_has_no_diversity_and_equal_ones_have_all() -> None:
    assert diversity([1.0]) == 0.0
    assert diversity([0.25] * 4) == pytest.approx(1.0)
    assert diversity([]) is None
    assert diversity([0.9, 0.1]) == pytest.approx(
        -(0.9 * math.log(0.9) + 0.1 * math.log(0.1)) / math.log(2)
    )


def test_tool_calls_and_code_make_no_topic() -> None:
    turns = [
        turn(
            asked(1, "sparkline\n```\nlexer lexer lexer\n```"), [], [call(2, "Bash", "lexer lexer")]
        )
    ]
    assert _evolve(talk(turns)).points[0].topic.keywords == ("sparkline",)


def test_a_common_term_gives_way_to_a_distinctive_one() -> None:
    known = Frequencies(9, {"sparkline": 9})
    found = _evolve(talk([turn(asked(1, "sparkline sparkline lexer"))]), known)
    assert found.points[0].topic.primary == "lexer"


def test_other_languages_have_topics_too() -> None:
    found = _evolve(
        talk(chat("datenbank datenbank", "数据库 数据库", "база данных", "база данных"))
    )
    assert all(point.topic.primary for point in found.points)


def test_each_thread_has_its_topic_over_all_its_stretches() -> None:
    turns = chat(*_SPARK, *_LEXER, *_SPARK)
    cuts = [cut(turns[0], "a"), cut(turns[1], "b"), cut(turns[2], "a")]
    material = talk(turns, cuts)
    keys = threads(heads(material.main), cuts)
    said_ = utterances(material.main, Terms())
    found = thread_topics(keys, said_, Rarities(Frequencies()))
    assert [(one.thread, one.topic.primary) for one in found] == [
        ("a", "sparkline"),
        ("b", "lexer"),
    ]


def test_nothing_said_has_no_topics() -> None:
    found = _evolve(talk([]))
    assert (found.points, found.dominant, found.diversity) == ((), (), None)
