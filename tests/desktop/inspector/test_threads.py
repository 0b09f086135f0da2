from collections.abc import Callable
from sqlite3 import Connection

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from core.queries import structure
from core.queries.conversations import ConversationRow
from core.queries.structure import Node, NodeKind
from desktop.models.thread_filter import ThreadFilter
from desktop.models.threads import Index, Role, ThreadModel
from tests import builders as b
from tests.desktop.inspector.conftest import HOSTILE


def watch(model: QAbstractItemModel) -> None:
    """Warn, and so fail the test, when *model* breaks a rule from now on."""
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)


def prompt(message: int, *children: Node, title: str = "") -> Node:
    return Node(NodeKind.PROMPT, title or f"prompt {message}", 0, message, children=children)


def session(key: str, *children: Node) -> Node:
    return Node(NodeKind.SESSION, key, 0, 0, children=children)


def agent(name: str, calls: int = 0) -> Node:
    return Node(NodeKind.AGENT, name, None, 0, agent=name, calls=calls)


def lines(model: ThreadModel | ThreadFilter, at: Index | None = None, depth: int = 0) -> list[str]:
    parent = QModelIndex() if at is None else at
    found = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        found.append("  " * depth + str(index.data()))
        found += lines(model, index, depth + 1)
    return found


def test_the_tree_shows_what_the_log_records(db: Connection, row: ConversationRow) -> None:
    model = ThreadModel()
    watch(model)

    model.show_tree(structure.tree(db, row.id))

    assert lines(model) == [
        HOSTILE,
        "Abandoned, 1 turn",
        "  the wrong way",
        "Current version",
        "  the right way",
        "    Explore auth",
        "  Context compacted · at 155 k tokens",
        "  go on",
    ]


def test_sessions_are_a_level_only_where_there_are_several() -> None:
    model = ThreadModel()

    model.show_tree([session("a", prompt(1))])
    assert lines(model) == ["prompt 1"]

    model.show_tree([session("a", prompt(1)), session("b", prompt(2))])
    assert lines(model) == ["Session a", "  prompt 1", "Session b", "  prompt 2"]


def test_it_grows_in_place() -> None:
    model = ThreadModel()
    watch(model)
    model.show_tree([session("a", prompt(1), prompt(5, agent("x")))])
    kept = model.index(1, 0)
    resets: list[None] = []
    model.modelReset.connect(lambda: resets.append(None))

    grown = model.update_tree(
        [session("a", prompt(1), prompt(3), prompt(5, agent("x", 4), agent("y")), prompt(7))]
    )

    assert grown
    assert resets == []
    assert lines(model) == ["prompt 1", "prompt 3", "prompt 5", "  x", "  y", "prompt 7"]
    assert model.node_at(kept) == prompt(5, agent("x", 4), agent("y"))


def test_what_is_too_different_is_planted_anew() -> None:
    model = ThreadModel()
    watch(model)
    model.show_tree([session("a", prompt(1), prompt(2))])

    assert not model.update_tree([session("a", prompt(2), prompt(3))])
    assert lines(model) == ["prompt 2", "prompt 3"]


def test_a_place_is_found_again_after_planting() -> None:
    model = ThreadModel()
    tree = [session("a", prompt(1), prompt(5, agent("x"), agent("x")))]
    model.show_tree(tree)
    path = model.path_of(model.index(1, 0, model.index(1, 0)))

    model.show_tree(tree)

    assert model.index_at(path) == model.index(1, 0, model.index(1, 0))
    assert not model.index_at((*path, path[0])).isValid()


def test_tips_show_titles_letter_for_letter_and_rows_read_as_sentences(
    db: Connection, row: ConversationRow
) -> None:
    model = ThreadModel()
    model.show_tree(structure.tree(db, row.id))
    first = model.index(0, 0)

    tip = first.data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip
    assert "&lt;img src=file:///etc/hostname&gt; R&amp;D" in tip
    spoken = first.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Prompt, ")
    assert spoken.endswith(f"{HOSTILE}, 1 call, 1 failed")


def test_a_filter_leaves_what_matches_and_what_it_hangs_on(
    db: Connection, row: ConversationRow
) -> None:
    model, narrow = ThreadModel(), ThreadFilter()
    narrow.setSourceModel(model)
    watch(narrow)
    model.show_tree(structure.tree(db, row.id))

    narrow.ask_for("EXPLORE", frozenset())
    assert lines(narrow) == ["Current version", "  the right way", "    Explore auth"]
    narrow.ask_for("", frozenset({NodeKind.AGENT}))
    assert lines(narrow) == ["Current version", "  the right way", "    Explore auth"]
    narrow.ask_for("", frozenset({NodeKind.BRANCH}))
    assert lines(narrow)[:2] == ["Abandoned, 1 turn", "  the wrong way"]
    assert HOSTILE not in lines(narrow)
    narrow.ask_for("nothing like this", frozenset())
    assert lines(narrow) == []


def test_the_current_turn_is_one_node(
    db: Connection, row: ConversationRow, row_id: Callable[[str], int]
) -> None:
    model = ThreadModel()
    model.show_tree(structure.tree(db, row.id))

    model.set_current(model.find(message=row_id("p3")))
    assert model.current.data() == "the right way"
    model.set_current(model.find(message=row_id("p3"), agent="abc"))
    assert model.current.data() == "Explore auth"
    assert model.current.data(Role.CURRENT) is True
    assert model.index(0, 0).data(Role.CURRENT) is False


def test_agents_tell_their_calls(db: Connection, row: ConversationRow) -> None:
    model = ThreadModel()
    model.show_tree(structure.tree(db, row.id))

    node = model.node_at(model.find(agent="abc"))
    assert node is not None
    assert (node.calls, node.errors) == (1, 0)


def test_builders_make_what_the_tests_say(db: Connection, row: ConversationRow) -> None:
    assert (row.prompts, row.tool_calls, row.errors) == (4, 3, 1)
    assert row.project == b.CWD
