"""What a cut is said to be, and what is said to speak for it."""

import pytest

from core.model import Message
from core.threads.cues import form
from core.threads.cutting import Certainty
from core.threads.evidence import PATH, Turn, gather
from core.threads.explaining import Cut, Switch, cuts, resemblance
from core.threads.relinking import likely
from core.threads.threader import Threader
from core.threads.weights import shipped
from core.threads.words import Lexicon
from tests.core.threads.strands import (
    MINUTE,
    START,
    TOPICS,
    call,
    posterior,
    prompt,
    reply,
    turns,
)

Place = tuple[str, str]  # folder and branch


def _lane(
    second: str,
    *,
    pause: int = 5,
    place: Place = ("/p", "main"),
    path: str = "",
    said: str = "",
    lexicon: Lexicon,
) -> list[Turn]:
    """Return three turns about the importer, then three about *second*, after *pause* minutes."""
    lane: list[tuple[Message, bool, str, str]] = []
    at = START
    for j in range(6):
        asked, told, own = TOPICS["import" if j < 3 else second]
        at += (pause if j == 3 else 5) * MINUTE
        cwd, branch = ("/p", "main") if j < 3 else place
        asked = f"{said} {asked}" if j == 3 and said else asked
        file = path or own
        given = f'{{"file_path": "{file}"}}'
        lane.append((prompt(f"p{j}", f"{asked} number{j}", at=at), True, cwd, branch))
        lane.append((call(f"c{j}", f"k{j}", "Edit", given, file, at=at), False, cwd, branch))
        lane.append((reply(f"r{j}", told, at=at), False, cwd, branch))
    return gather(lane, lexicon)


def _cut(every: list[Turn], lexicon: Lexicon) -> Cut:
    threader = Threader(shipped())
    for turn in every:
        threader.add(turn)
    (found,) = cuts(threader, shipped(), lexicon)
    return found


@pytest.mark.parametrize(
    ("pause", "place", "path", "said", "switch", "first"),
    [
        (5, ("/p", "main"), "/p/a.py", "", Switch.TOPIC, "words of the prompt are new"),
        (190, ("/p", "main"), "/p/a.py", "", Switch.TIME, "3 h 10 min without activity"),
        (5, ("/p", "next"), "/p/a.py", "", Switch.PLACE, "branch main → next"),
        (5, ("/q", "main"), "/p/a.py", "", Switch.PLACE, "folder /p → /q"),
        (5, ("/p", "main"), "/p/a.py", "Moving on:", Switch.CUE, "says that it moves on"),
    ],
)
def test_the_type_of_a_cut_is_the_evidence_that_few_cuts_have(  # noqa: PLR0917  a table
    pause: int, place: Place, path: str, said: str, switch: Switch, first: str
) -> None:
    lexicon = Lexicon(shipped().common)
    every = _lane("theme", pause=pause, place=place, path=path, said=said, lexicon=lexicon)

    found = _cut(every, lexicon)

    assert found.turn == "p3"
    assert found.switch is switch
    assert first in found.evidence[0]


def test_a_thread_taken_up_again_says_what_it_has_in_common_with_it() -> None:
    lexicon = Lexicon(shipped().common)
    every = turns(["import"] * 3 + ["theme"] * 3 + ["import"] * 3, lexicon)

    told = resemblance(every, 6, range(3), lexicon)

    assert told[0] == "files as before: src/importer.py"
    assert told[1].startswith("words as before: ")
    assert "import" in told[1]


def test_names_that_machines_make_are_no_evidence() -> None:
    lexicon = Lexicon(shipped().common)
    every = _lane("theme", said="Look at z0db2eb3b_77 and", lexicon=lexicon)

    assert not any("z0db2eb3b" in one for one in _cut(every, lexicon).evidence)


@pytest.mark.parametrize("said", ["Thanks, that's all!", "bye", "That will be all for now."])
def test_a_prompt_that_ends_the_talk_begins_no_thread(said: str) -> None:
    lexicon = Lexicon(shipped().common)
    every = turns(["import"] * 4, lexicon)
    every += gather([(prompt("end", said, at=START), True, "/p", "main")], lexicon)
    threader = Threader(shipped())
    for turn in every:
        threader.add(turn)

    assert len(threader.segments()) == 1


@pytest.mark.parametrize(
    "said", ["Thanks! Where is the log kept?", "thanks, " + "now fix it " * 30]
)
def test_thanks_before_something_else_end_nothing(said: str) -> None:
    assert form(said).closes == 0


def test_an_aside_is_as_sure_as_it_was_found_to_be() -> None:
    threader = Threader(shipped())
    lexicon = Lexicon(shipped().common)
    for turn in turns(["import"] * 4 + ["theme"] * 2 + ["import"] * 4, lexicon):
        threader.add(turn)

    assert all(cut.confidence >= 0.5 for cut in cuts(threader, shipped(), lexicon))


def test_how_sure_a_return_is_grows_with_what_speaks_for_it() -> None:
    assert likely(-1) < likely(0) == 0.5 < likely(2) < 1


def test_certainty_that_follows_a_lane_is_that_of_the_whole() -> None:
    begin = [0.0, -1.0, 2.0, 0.5, -3.0, 1.0]
    whole = [[0.0, 0.3, 0.1], [0.0, -0.2, 0.4], [0.0, 1.0], [0.0, 0.2], [0.0, 0.7], [0.0]]
    certainty = Certainty()
    for n in range(1, len(begin) + 1):
        # A turn has ties to those that are there already only.
        sums = [column[: n - at] for at, column in enumerate(whole[:n])]
        certainty.follow(begin[:n], sums, max(1, n - 2))

        assert certainty.since(0) == pytest.approx(posterior(begin[:n], sums))
        assert certainty.since(n - 1) == pytest.approx(posterior(begin[:n], sums)[n - 1 :])


def test_a_path_is_looked_for_from_the_beginning_of_a_word_only() -> None:
    """So that a word of any length is gone through once, not from each of its letters."""
    assert PATH.match("word/of/path.py")
    assert not any(PATH.match("word.md word/of", at) for at in (1, 2, 3, 9, 10))
    assert PATH.findall("see core/a.py, b.md and x" + "y" * 20_000) == ["core/a.py", "b.md"]
