"""Intents, urgency, clarity, opinions, feelings: sentences and what they are read as."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from core.analysis.clarity import clarity, urgency
from core.analysis.features import NAMES
from core.analysis.intents import Intent, dump, parse, read, shipped
from core.analysis.progression import matrix, progression, prompts, transitions
from core.analysis.prose import prose
from core.analysis.satisfaction import Verdict, opinion
from core.analysis.sentiment import NO_PROSE, NOT_ENGLISH, Feeling, sentiment
from core.model import Kind, PromptKind
from tests.core.analysis.talk import asked, chat, said, turn

LABELS = Path(__file__).parents[2] / "data" / "intents.tsv"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("fix the login bug", Intent.COMMAND),
        ("add error handling", Intent.COMMAND),
        ("could you please look at the failing build?", Intent.REQUEST),
        ("i want you to rename the sidebar, please", Intent.REQUEST),
        ("what if we used sqlite", Intent.EXPLORATION),
        ("why does the parser skip the first line?", Intent.QUESTION),
        (
            "Why does this happen " + "whenever the parser is given a long line " * 12 + "?",
            Intent.QUESTION,
        ),
        ("it doesn't work", Intent.FEEDBACK),
        ("2", Intent.CLARIFICATION),
        ("git push", Intent.COMMAND),
        ("hi", Intent.NONE),
    ],
)
def test_a_sentence_is_read_as_what_it_is(text: str, intent: Intent) -> None:
    assert read(prose(text), "Done.").intent is intent


@pytest.mark.parametrize(
    ("text", "also"),
    [
        ("go ahead", "approve"),
        ("yes", "approve"),
        ("continue", "continue"),
        ("ok, proceed", "continue"),
    ],
)
def test_leave_and_going_on_are_told_apart(text: str, also: str) -> None:
    found = read(prose(text), "Shall I?")
    assert also in found.also
    assert len(found.also) <= 2


def test_a_reading_says_what_it_rests_on() -> None:
    found = read(prose("fix the login bug"), "Done.")
    assert "opens with an order" in found.cues
    assert 0.5 < found.confidence <= 1.0


def test_another_language_is_hardly_read_and_says_so() -> None:
    found = read(prose("Kannst du bitte die Tests noch einmal laufen lassen?"))
    assert (found.intent, found.english) == (Intent.QUESTION, False)
    assert found.confidence < 0.5


def test_an_empty_prompt_is_read_without_an_error() -> None:
    assert read(prose("")).confidence > 0


def test_weights_of_other_features_are_refused() -> None:
    rows = [[0.0] * (len(NAMES) + 1)] * len(Intent)
    assert len(parse(dump(rows, "made")).rows) == len(Intent)
    with pytest.raises(ValueError, match="other features"):
        parse('{"features": 0}')
    with pytest.raises(ValueError, match="number of features"):
        parse(dump([[0.0]] * len(Intent), "made"))
    assert len(shipped().rows) == len(Intent)


@pytest.mark.parametrize(
    "text",
    ["The unknown option is ignored", "use the latest version", "prune the trunk", "make it fast",
     "now run the tests", "is it !! in bash?", "what is happening now", "critical path"],
)  # fmt: skip
def test_words_that_only_look_urgent_are_not(text: str) -> None:
    assert urgency(prose(text)) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [("I need this asap", "asap"), ("production is down, look at the logs", "production is down"),
     ("we need the fix by tomorrow", "need the fix by tomorrow"), ("do it right now", "right now")],
)  # fmt: skip
def test_urgency_quotes_the_words_that_say_it(text: str, words: str) -> None:
    assert urgency(prose(text)) == words


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("it doesn't work", Verdict.NEGATIVE),
        ("not good", Verdict.NEGATIVE),
        ("no, that's wrong", Verdict.NEGATIVE),
        ("good, but the list is empty", Verdict.NEGATIVE),
        ("still seeing the old title", Verdict.NEGATIVE),
        ("add error handling", Verdict.NEUTRAL),
        ("the unknown option", Verdict.NEUTRAL),
        ("kill the server and retry the upload when it fails", Verdict.NEUTRAL),
        ("try again", Verdict.RETRY),
        ("perfect, thanks", Verdict.POSITIVE),
        ("it works now", Verdict.POSITIVE),
        ("```\nwrong\n```", Verdict.NEUTRAL),
    ],
)
def test_an_opinion_is_of_the_work_before(text: str, verdict: Verdict) -> None:
    found = opinion(text)
    assert found.verdict is verdict
    assert bool(found.quote) is (verdict is not Verdict.NEUTRAL)


def test_the_first_prompt_judges_nothing() -> None:
    assert opinion("it doesn't work", follows=False).verdict is Verdict.NEUTRAL


def test_a_pasted_error_after_a_reply_is_bad_news() -> None:
    assert opinion("$ make\n$ make check\nTypeError: no such target\n").verdict is Verdict.NEGATIVE


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        ("kill the process and abort on error, the failed job can die", Feeling.NEUTRAL),
        ("this is wonderful, i love how happy it makes everyone", Feeling.POSITIVE),
        ("this is a horrible and disgusting mess, i hate it", Feeling.NEGATIVE),
    ],
)
def test_a_developers_daily_words_feel_of_nothing(text: str, feeling: Feeling) -> None:
    taken = prose(text)
    assert sentiment(taken, opinion(taken)).feeling is feeling


@pytest.mark.parametrize(
    ("text", "reason"), [("```\nx\n```", NO_PROSE), ("das ist ganz und gar nicht gut", NOT_ENGLISH)]
)
def test_what_cannot_be_felt_says_why(text: str, reason: str) -> None:
    taken = prose(text)
    found = sentiment(taken, opinion(taken))
    assert (found.feeling, found.score, found.reason) == (None, None, reason)


def test_clarity_is_a_checklist_with_its_words() -> None:
    found = clarity(
        prose(
            "In src/app.py the total should be 3, for example for [1, 2]. Do not touch the tests."
        )
    )
    assert dict(found.evidence) == {
        "path": "src/app.py", "example": "for example", "expected result": "should be",
        "constraint": "Do not",
    }  # fmt: skip
    assert found.score == 1.0
    assert clarity(prose("fix it")).evidence == ()


def test_progressions_follow_the_prompts_and_rows_sum() -> None:
    turns = chat(
        "fix the login bug", "Done.", "why did it break?", "Because.", "add a test", "Added.",
        "add another test",
    )  # fmt: skip
    found = progression(prompts(turns))
    wants = [one.reading.intent.value for one in found.prompts]
    assert wants == ["command", "question", "command", "command"]
    assert found.counts == (("command", 3), ("question", 1))
    assert found.transitions == (
        ("command", "command", 1), ("command", "question", 1), ("question", "command", 1),
    )  # fmt: skip
    assert sum(number for _, _, number in found.transitions) == len(wants) - 1
    assert found.clarity == (0.0, 0.0, 0.0, 0.0)
    assert found.urgency == (False, False, False, False)
    assert matrix([found.transitions, transitions(["command", "command"])]) == {
        "command": {"command": 2, "question": 1}, "question": {"command": 1},
    }  # fmt: skip


def test_only_what_a_person_typed_is_a_prompt() -> None:
    typed = asked(1, "fix it")
    turns = [
        turn(typed),
        turn(said(2, "/compact", kind=Kind.COMMAND)),
        turn(
            said(3, "go", kind=Kind.PROMPT).__class__(
                typed.spot, None, Kind.PROMPT, "go", PromptKind.SDK
            )
        ),
    ]
    assert [one.spot.uuid for one in prompts(turns)] == ["u1"]


def test_a_reply_of_another_session_is_not_before_a_prompt() -> None:
    one, other = chat("fix it", "Done.", "it doesn't work", "Hm.")
    apart = [one, turn(other.prompt, session="t")]
    assert prompts(apart)[1].opinion.verdict is Verdict.NEUTRAL
    assert prompts([one, other])[1].opinion.verdict is Verdict.NEGATIVE


def test_the_labels_hold_no_text_and_enough_of_each_half() -> None:
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == len({row["id"] for row in rows}) >= 300
    assert Counter(row["half"] for row in rows).keys() == {"tune", "held"}
    assert {row["intent"] for row in rows} <= {one.value for one in Intent}
    assert {row["satisfaction"] for row in rows} <= {one.value for one in Verdict}
    assert all(len(row["id"]) == 16 and int(row["id"], 16) >= 0 for row in rows)
