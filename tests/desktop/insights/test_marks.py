"""What the lanes show of a real conversation, and what their marks say."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.complexity import Parts
from core.analysis.flow import Flow, Move
from core.analysis.intents import Intent
from core.analysis.material import Spot
from core.analysis.reviving import revived
from core.analyst import catch_up
from core.queries import conversations
from core.store.connection import open_reader, open_writer
from core.weaving.weaver import Weaver
from desktop.models import (
    insights_figures,
    insights_links,
    insights_marks,
    insights_tables,
    insights_words,
)
from desktop.models.insights_reading import Insights, kept, read
from desktop.models.insights_river import river
from tests import builders as b
from tests.library import imported

Find = Callable[[str], int]


def test_every_prompt_has_a_cell_that_leads_to_it(found: Insights, row_id: Find) -> None:
    cells = insights_marks.intents(found)
    assert [cell.mark.message for cell in cells] == [row_id(f"p{n}") for n in range(1, 5)]
    assert cells[1].intent is Intent.QUESTION
    assert [(cell.mark.first, cell.mark.last) for cell in cells][2] == (2, 3)


def test_a_cell_tells_intent_sureness_and_checklist(found: Insights) -> None:
    tip = insights_marks.intents(found)[0].mark.tip
    assert "Turn 1 of 4" in tip
    assert "% of the time" in tip
    assert "✓ path: “src/loom.py”" in tip
    assert "✓ expected result" in tip
    assert "– constraint" in tip


def test_urgency_is_flagged_with_its_words(found: Insights) -> None:
    bars = insights_marks.clarity(found)
    assert [bar.flag for bar in bars] == [False, False, True, False]
    assert "Urgent: “asap”" in bars[2].mark.tip


def test_a_compaction_stands_at_the_end_of_its_turn(found: Insights) -> None:
    (rule,) = insights_marks.rules(found)
    assert rule.kind == insights_marks.COMPACTION
    assert rule.mark.first == 2


def test_the_shift_line_has_a_point_for_each_utterance_but_the_first(found: Insights) -> None:
    line = insights_marks.shifts(found)
    assert len(line.marks) == len(line.values) == len(found.context.flow.moves)
    assert [mark.first for mark in line.marks] == sorted(mark.first for mark in line.marks)
    assert line.baseline is None


def test_bands_of_the_river_never_have_more_than_all(found: Insights) -> None:
    made = river(found)
    for at in range(len(made.marks)):
        assert sum(band.shares[at] for band in made.bands) <= 1.0001


def test_topics_of_one_thread_have_colours_of_their_own(found: Insights) -> None:
    bands = [band for band in river(found).bands if band.topic]
    assert len({band.colour for band in bands}) == len(bands)
    assert insights_marks.stretches(found) == []


@given(
    st.builds(
        Parts,
        *(st.integers(0, 10**7) for _ in range(7)),
    )
)
def test_the_parts_of_a_bar_are_its_level(parts: Parts) -> None:
    assert sum(insights_words.scaled(parts)) == pytest.approx(parts.level(), abs=1e-4)


def test_the_failed_call_counts_in_its_turn(found: Insights, row_id: Find) -> None:
    first = insights_marks.complexity(found)[0]
    assert first.mark.message == row_id("p1")
    assert "failed calls: 1" in first.mark.tip


def test_figures_have_a_definition_and_lead_to_what_made_them(
    found: Insights, row_id: Find
) -> None:
    by_title = {one.title: one for one in insights_figures.figures(found)}
    assert all(one.definition for one in by_title.values())
    assert by_title["Corrections"].evidence == (row_id("p4"),)
    (link,) = insights_links.evidence(found, by_title["Corrections"].evidence)
    assert "that is wrong" in link.text
    assert by_title["Stability"].remark == "too short for a baseline"


def test_the_table_has_a_row_for_each_turn(found: Insights) -> None:
    rows = insights_tables.turn_rows(found)
    columns = [column.title for column in insights_tables.turn_columns()]
    assert len(rows) == 4
    assert all(len(row) == len(columns) for row in rows)
    assert rows[1][columns.index("Marks")] == "compaction"
    assert rows[1][columns.index("Intent")] == "question"


def test_tools_and_what_followed_a_failure_are_told(found: Insights, row_id: Find) -> None:
    assert insights_tables.tool_rows(found)[0][:3] == ("Bash", 1, 1)
    (link,) = insights_links.recoveries(found)
    assert link.message == row_id("c1")


def test_prompts_in_another_language_have_no_sentiment(tmp_path: Path) -> None:
    b.write(
        tmp_path / "logs" / "a.jsonl",
        b.prompt(
            "p1", "Warum bleibt der Webstuhl nicht stehen und was ist das für ein Fehler", at=0
        ),
        b.says("s1", "Der Webstuhl ist kaputt.", "p1", at=5),
    )
    with closing(imported(tmp_path / "x.clew", tmp_path / "logs")) as db:
        (row,) = conversations.page(db)
        found = read(row.id, db)
    assert found is not None
    assert insights_marks.feelings(found) == []
    assert "Not English" in insights_marks.intents(found)[0].mark.tip


def test_what_is_kept_is_what_is_worked_out(tmp_path: Path, log: Path) -> None:
    path = tmp_path / "y.clew"
    imported(path, log.parent).close()
    with closing(open_writer(path)) as writer:
        weaver = Weaver(writer)
        while weaver.step() is not None:
            pass
        catch_up(writer)
    with closing(open_reader(path)) as db:
        (row,) = conversations.page(db)
        old, new = kept(row.id, db), read(row.id, db)
    assert old is not None
    assert new is not None
    assert old.context == new.context
    assert old.revisions == new.revisions


def test_nothing_is_kept_of_what_was_never_analysed(tmp_path: Path, log: Path) -> None:
    with closing(imported(tmp_path / "z.clew", log.parent)) as db:
        (row,) = conversations.page(db)
        assert kept(row.id, db) is None
        assert read(row.id + 1, db) is None


def test_an_analysis_of_another_shape_is_refused() -> None:
    told = {"moves": [{"spot": {"id": 1, "uuid": "u"}, "at": None, "similarity": 1, "shift": 0}]}
    rest: dict[str, object] = {
        "average": None,
        "stability": 0.5,
        "baseline": None,
        "major": [],
        "reason": "",
    }
    flow = revived(Flow, told | rest)
    assert flow.moves == (Move(Spot(1, "u"), None, 1.0, 0.0),)
    for wrong in (told, told | rest | {"major": 3}, told | rest | {"stability": "high"}):
        with pytest.raises(ValueError, match=r"lacks|is no"):
            revived(Flow, wrong)
