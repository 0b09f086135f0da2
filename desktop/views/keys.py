"""The sheet of keyboard shortcuts, and the one that says what this is."""

from PySide6.QtCore import QRectF, Qt, qVersion
from PySide6.QtGui import QFont, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from desktop import actions
from desktop.look import fonts, metrics, paint, theme
from desktop.look.widgets.buttons import PrimaryButton
from desktop.look.widgets.text import SectionTitle, Text
from desktop.look.words import translate
from desktop.views.mark import Mark

_ELSEWHERE = (  # keys that are no commands of the window
    ("Up, Down", "Next or previous conversation, hit or row"),
    ("J, K", "Next or previous conversation"),
    ("Left, Right", "Fold or unfold a group"),
    ("Enter", "Open what is marked"),
    ("Esc", "Close search, a drop or a sheet"),
)


class KeysSheet(QDialog):
    """Every key the window knows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(metrics.HUGE)
        grid.setVerticalSpacing(metrics.WIDE)
        for number, (menu, title) in enumerate(actions.MENUS):
            commands = [c for c in actions.ACTIONS if c.menu == menu and c.shortcuts]
            lines = [(keys(c.shortcuts[0]), actions.spoken(c)) for c in commands]
            name = translate("actions", title).replace("&", "")
            grid.addLayout(self._group(name, lines), number // 2, number % 2)
        lists = [(key, translate("keys", said)) for key, said in _ELSEWHERE]
        grid.addLayout(self._group(self.tr("In lists"), lists), 2, 1)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, 320)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.WIDE, metrics.WIDE, metrics.WIDE, metrics.LARGE)
        layout.setSpacing(metrics.WIDE)
        layout.addLayout(grid)
        layout.addLayout(_foot(self))

    def _group(self, name: str, lines: list[tuple[str, str]]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(SectionTitle(name, self))
        for key, said in lines:
            row = QHBoxLayout()
            row.setSpacing(metrics.MEDIUM)
            row.addWidget(Text(said, self), 1)
            row.addWidget(KeyCap(key, self))
            column.addLayout(row)
        column.addStretch()
        return column


class AboutSheet(QDialog):
    """What Clew is, which version, and what it promises."""

    def __init__(self, version: str, library: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Clew"))
        said = QVBoxLayout()
        said.setSpacing(metrics.TIGHT)
        said.addWidget(Text("Clew", self, size=fonts.TITLE, weight=QFont.Weight.Bold))
        said.addWidget(Text(self.tr("Version {0}, Qt {1}").format(version, qVersion()), self))
        said.addSpacing(metrics.SMALL)
        promise = self.tr("Nothing leaves this computer. Log files are never changed.")
        said.addWidget(Text(promise, self, tone="muted"))
        where = Text(self.tr("Library: {0}").format(library), self, size=fonts.SMALL, tone="muted")
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        said.addWidget(where)
        top = QHBoxLayout()
        top.setSpacing(metrics.WIDE)
        top.addWidget(Mark(self), 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(said)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.WIDE, metrics.WIDE, metrics.WIDE, metrics.LARGE)
        layout.setSpacing(metrics.WIDE)
        layout.addLayout(top)
        layout.addLayout(_foot(self))


class KeyCap(Text):
    """A key to press, drawn as one."""

    def __init__(self, said: str, parent: QWidget | None = None) -> None:
        super().__init__(said, parent, size=fonts.SMALL)
        self.setContentsMargins(7, 2, 7, 2)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        painter.setFont(self.font())
        paint.key_cap(painter, QRectF(self.rect()), self.text(), colors)


def keys(portable: str) -> str:
    """Return the shortcut *portable* as this system writes it."""
    return QKeySequence(portable).toString(QKeySequence.SequenceFormat.NativeText)


def _foot(sheet: QDialog) -> QHBoxLayout:
    close: QPushButton = PrimaryButton(sheet.tr("Close"), sheet)
    close.setDefault(True)
    close.clicked.connect(sheet.accept)
    row = QHBoxLayout()
    row.addStretch()
    row.addWidget(close)
    return row
