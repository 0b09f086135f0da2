"""Prompts under the threads they are of, and what is said about a thread."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from core.queries import conversations, structure, threads
from core.queries.structure import NodeKind
from core.queries.threads import StretchRow, ThreadRow
from core.store.connection import open_reader
from desktop.models import thread_words
from desktop.models.thread_groups import ThreadNode, grouped
from desktop.models.thread_map import NO_COLOUR, ThreadMap
from desktop.models.threads import Role
from desktop.views.inspector.inspector import Inspector
from tests import builders as b
from tests.library import imported
from tests.weaving import woven

Open = Callable[..., Inspector]


def _row(key: str, *parts: tuple[int, int], depth: int = 0) -> ThreadRow:
    stretches = tuple(StretchRow(1, first, last, n) for n, (first, last) in enumerate(parts, 1))
    return ThreadRow(
        key, 1, "main", key, "", "", (), depth, None, None, 0, 1.0, 1, 1, 0, 0, 0, None,
        parts[0][0], stretches,
    )  # fmt: skip


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Open:
    def made(*splits: str) -> Inspector:
        log = tmp_path / "logs" / f"{b.SESSION}.jsonl"
        b.write(
            log,
            b.prompt("p1", "Mend the parser", at=0),
            b.calls("c1", "k1", "Bash", parent="p1", at=1),
            b.answers("r1", "k1", "no such file", "c1", at=2, error=True),
            b.prompt("p2", "Write the invoice page", "r1", at=10),
            b.says("s2", parent="p2", at=11),
            b.prompt("p3", "And its test", "s2", at=20),
            b.says("s3", parent="p3", at=21),
        )
        imported(tmp_path / "x.clew", log.parent).close()
        woven(tmp_path / "x.clew", splits)
        db = open_reader(tmp_path / "x.clew")
        inspector = Inspector()
        qtbot.addWidget(inspector)
        inspector.destroyed.connect(db.close)
        inspector.open_library(db)
        inspector.show_conversation(conversations.page(db)[0])
        return inspector

    return made


def _top(inspector: Inspector) -> list[structure.Node]:
    model = inspector.threads.tree.model()
    return [model.index(row, 0).data(Role.NODE) for row in range(model.rowCount())]


@pytest.mark.parametrize(
    ("stretches", "said"),
    [(1, "1 prompt"), (2, "1 prompt · taken up again once"), (3, "taken up again 2 times")],
)
def test_a_thread_says_how_often_it_was_taken_up_again(stretches: int, said: str) -> None:
    row = _row("k", *((n * 9, n * 9 + 3) for n in range(stretches)))

    assert thread_words.figures(row).endswith(said)


def test_prompts_stand_under_their_thread_where_there_are_several(opened: Open) -> None:
    nodes = _top(opened("p2"))
    assert [node.kind for node in nodes] == [NodeKind.THREAD] * 2
    assert [node.title for node in nodes] == ["Mend the parser", "Write the invoice page"]
    assert [len(node.children) for node in nodes] == [1, 2]
    assert (nodes[0].calls, nodes[0].errors) == (1, 1)


def test_one_thread_alone_adds_no_level(opened: Open) -> None:
    inspector = opened()
    db = inspector.threads
    assert {node.kind for node in _top(inspector)} <= {NodeKind.PROMPT, NodeKind.THREAD}
    tree = (structure.Node(NodeKind.SESSION, "s", None, 1),)
    assert grouped(tree, ThreadMap((_row("a", (1, 9)),))) == tree
    assert db.card.isHidden()


def test_a_chosen_thread_says_why_it_begins_there(opened: Open) -> None:
    inspector = opened("p2")
    tree = inspector.threads.tree
    tree.gone_to.emit(tree.model().index(1, 0))
    card = inspector.threads.card
    assert not card.isHidden()
    assert card._judged.text() == "Why here? Split by you"
    assert card.node is not None
    assert card.node.title == "Write the invoice page"


def test_the_first_thread_of_a_lane_cannot_be_joined_with_one_before(opened: Open) -> None:
    inspector = opened("p2")
    tree = inspector.threads.tree
    tree.gone_to.emit(tree.model().index(0, 0))
    assert inspector.threads.card._merge.isHidden()
    tree.gone_to.emit(tree.model().index(1, 0))
    assert not inspector.threads.card._merge.isHidden()


def test_the_card_asks_to_join_the_thread_on_show(opened: Open, qtbot: QtBot) -> None:
    inspector = opened("p2")
    tab = inspector.threads
    tab.tree.gone_to.emit(tab.tree.model().index(1, 0))
    with qtbot.waitSignal(inspector.threads.merge_wanted) as told:
        tab.card._merge.click()
    (node,) = told.args or [None]
    assert isinstance(node, ThreadNode)
    assert node.thread.key == "p2"


def test_the_card_goes_with_its_cross(opened: Open) -> None:
    inspector = opened("p2")
    tab = inspector.threads
    tab.tree.gone_to.emit(tab.tree.model().index(1, 0))
    tab.card._close.click()
    assert tab.card.isHidden()


def test_a_prompt_offers_to_begin_a_thread(opened: Open, qtbot: QtBot) -> None:
    inspector = opened("p2")
    tab = inspector.threads
    tree = tab.tree
    prompt = tree.model().index(1, 0, tree.model().index(1, 0))
    assert prompt.data(Role.NODE).title == "And its test"
    menu = tab.menu_at(prompt)
    assert menu is not None
    with qtbot.waitSignal(tab.split_wanted) as told:
        menu.actions()[0].trigger()
    assert told.args == [prompt.data(Role.NODE)]
    assert tab.menu_at(QModelIndex()) is None


def test_the_rows_of_a_thread_have_its_colour_and_the_ones_beside_it_another() -> None:
    found = ThreadMap((_row("a", (1, 4), (9, 12)), _row("b", (5, 8))))
    assert [found.colour_at(m) for m in (1, 4, 5, 8, 9, 12, 13)] == [0, 0, 1, 1, 0, 0, NO_COLOUR]
    assert found.stretch_at(9) == ("a", 2)


def test_a_branch_inside_the_range_of_its_line_has_its_own_thread() -> None:
    found = ThreadMap((_row("line", (1, 20)), _row("left", (5, 9))))
    assert [found.stretch_at(m)[0] for m in (4, 5, 9, 10, 20, 21)] == [
        "line", "left", "left", "line", "line", "",
    ]  # fmt: skip


def test_one_thread_alone_has_no_colour() -> None:
    assert ThreadMap((_row("a", (1, 9)),)).colour_at(3) == NO_COLOUR


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 10)), max_size=8))
def test_the_map_finds_the_innermost_stretch_of_nested_ones(pairs: list[tuple[int, int]]) -> None:
    spans: list[tuple[int, int]] = []
    for first, more in pairs:
        new = (first, first + more)
        clear = all(
            last < new[0] or first > new[1] or (first < new[0] and new[1] < last)
            or (new[0] < first and last < new[1])
            for first, last in spans
        )  # fmt: skip
        if clear:
            spans.append(new)
    found = ThreadMap([_row(str(at), span) for at, span in enumerate(spans)])
    for message in range(55):
        around = [(last - first, str(at)) for at, (first, last) in enumerate(spans)
                  if first <= message <= last]  # fmt: skip
        assert found.stretch_at(message)[0] == (min(around)[1] if around else "")


def test_the_threads_of_a_library_cover_every_counted_message(tmp_path: Path) -> None:
    log = tmp_path / "logs" / f"{b.SESSION}.jsonl"
    b.write(log, b.prompt("p1", "One", at=0), b.says("s1", parent="p1", at=1),
            b.prompt("p2", "Two", "s1", at=9), b.says("s2", parent="p2", at=10))  # fmt: skip
    imported(tmp_path / "x.clew", log.parent).close()
    woven(tmp_path / "x.clew", ["p2"])
    with closing(open_reader(tmp_path / "x.clew")) as db:
        found = ThreadMap(threads.threads(db, 1), threads.cuts(db, 1))
        ids = [id_ for (id_,) in db.execute("SELECT id FROM message ORDER BY id")]
    assert [found.stretch_at(id_)[0] for id_ in ids] == ["p1", "p1", "p2", "p2"]
