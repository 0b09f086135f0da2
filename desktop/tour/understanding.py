"""What Clew makes of a conversation, and how it does itself: threads, insights, diagnostics."""

from PySide6.QtWidgets import QApplication, QDialog

from desktop.main_window import MainWindow
from desktop.models.thread_groups import ThreadNode
from desktop.tour.errors import TourError
from desktop.tour.health import Take
from desktop.tour.waiting import settle

_TURNS = 100  # looks that an answer is given, an eighth of a second each


def see_understanding(window: MainWindow, app: QApplication, take: Take) -> None:
    """Choose a thread of the conversation on show, turn to its insights, open Diagnostics."""
    _see_a_thread(window, take)
    window.command("insights")
    for _ in range(_TURNS):
        if window.insights.page is not None and window.insights.page.found is not None:
            break
        settle()
    else:
        raise TourError("the insights never came")
    settle()
    take("insights", saw={"pages": 1})
    window.command("insights")
    window.command("diagnostics")
    settle()
    sheets = [one for one in app.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
    settle()
    take("diagnostics", over=sheets[0] if sheets else None, saw={"pages": len(sheets)})
    for sheet in sheets:
        sheet.close()
    window.activateWindow()


def _see_a_thread(window: MainWindow, take: Take) -> None:
    """Choose the first thread that begins after another; a library may have none."""
    tree = window.inspector.threads.tree
    model = window.inspector.threads.model
    for _ in range(_TURNS):
        if window.transcript.rows.threads.map.rows:
            break
        settle()
    todo = [model.index(row, 0) for row in range(model.rowCount())]
    while todo:
        index = todo.pop(0)
        node = model.node_at(index)
        if isinstance(node, ThreadNode) and node.cut is not None:
            proxy = window.inspector.threads.shown_at(index)
            tree.setCurrentIndex(proxy)
            tree.gone_to.emit(proxy)
            settle()
            take("threads", saw=window.seen())
            window.inspector.threads.card.closed.emit()
            return
        todo += [model.index(row, 0, index) for row in range(model.rowCount(index))]
