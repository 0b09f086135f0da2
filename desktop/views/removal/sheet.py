"""The sheet of old conversations: what removing them would take, and what was removed."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from core.events import RemovalFinished, RemovalProgressed
from core.queries.removals import DAYS_KEPT, RemovedRow
from core.removal import Forget, Plan, Remove, Removed, TakeBack
from desktop.look import fonts, metrics, palette, words
from desktop.look.widgets.buttons import PrimaryButton, QuietButton
from desktop.look.widgets.choice import Choice
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.progress_strip import ProgressStrip
from desktop.look.widgets.text import SectionTitle, Text
from desktop.models import removal_words
from desktop.models.tables import TableModel
from desktop.views.health.table_page import TablePage

_SIZE: Final = (1_000, 660)
_WIDTHS: Final = {0: 240, 1: 110, 2: 90, 3: 105, 4: 125, 5: 80}
_ALL: Final = ""  # projects
_USUAL: Final = 365  # days
_NAMES: Final = 20  # of a tool tip


class RemovalSheet(QDialog):
    """Asks for a plan when one is chosen, and for what is to be done with it."""

    asked = Signal(int, str)  # days and project: what would that take?
    ordered = Signal(object)  # Remove, TakeBack or Forget
    cancelled = Signal()

    def __init__(self, projects: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Old Conversations"))
        self.resize(*_SIZE)
        palette.put_on(self, "window")
        self._plan: Plan | None = None
        self._rows: tuple[RemovedRow, ...] = ()
        ages = [(str(days), removal_words.age(days)) for days in removal_words.AGES]
        self.age = Choice(self.tr("Older than"), ages, self)
        self.age.choose(str(_USUAL))
        every = [(_ALL, self.tr("all projects"))]
        named = [(one, words.one_line(one, 60)) for one in projects if one]
        self.project = Choice(self.tr("Project"), [*every, *named], self)
        self.figures = Text("", self, wrap=True)
        self.alone = QCheckBox(self)
        self.warning = Text("", self, size=fonts.SMALL, tone="warning", wrap=True)
        self.undated = Text("", self, size=fonts.SMALL, tone="muted", wrap=True)
        self.remove = PrimaryButton("", self)
        self.progress = ProgressStrip(self.tr("Old conversations"), self)
        self.outcome = Text("", self, size=fonts.SMALL, tone="muted", wrap=True)
        self.model = TableModel(self)
        self.table = TablePage(
            self.tr("Removed conversations"),
            self.model,
            self.model,
            EmptyState("ok", self.tr("Nothing is removed"), "", self),
            _WIDTHS,
            middle=(6,),
            parent=self,
        )
        self.notes = Text("", self, size=fonts.SMALL, tone="warning", wrap=True)
        self.notes.hide()
        self.back = QuietButton(self.tr("Take Back"), self, icon="undo")
        self.sure = QCheckBox(self.tr("I know that this cannot be undone"), self)
        self.forget = QuietButton(self.tr("Delete for Good Now"), self)
        self._lay_out()
        self.age.chosen.connect(self.ask)
        self.project.chosen.connect(self.ask)
        self.alone.toggled.connect(self._show_button)
        self.remove.clicked.connect(self._remove)
        self.back.clicked.connect(self._take_back)
        self.forget.clicked.connect(self._forget)
        self.sure.toggled.connect(self._show_choice)
        self.table.table.selectionModel().selectionChanged.connect(self._choose)
        self.progress.cancelled.connect(self.cancelled)
        self._show_plan()

    @Slot()
    def ask(self) -> None:
        """Ask what would go by what is chosen now."""
        self._plan = None
        self._show_plan()
        self.asked.emit(int(self.age.current), self.project.current)

    def show_plan(self, plan: Plan) -> None:
        """Show what *plan* would take."""
        self._plan = plan
        self.alone.setChecked(False)
        self._show_plan()

    def show_removed(self, removed: Removed) -> None:
        """Show what was *removed*."""
        self._rows = removed.rows
        cells = [removal_words.cells(row, kept=row.id in removed.kept) for row in self._rows]
        self.model.show_rows(removal_words.columns(), cells)
        notes = removal_words.notes(removed)
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))
        self._choose()

    @Slot(object)
    def show_progress(self, event: RemovalProgressed) -> None:
        """Show how far an order is."""
        self._set_busy(busy=True)
        self.progress.show_progress(removal_words.doing(event.kind), event.done, event.total)

    @Slot(object)
    def show_end(self, event: RemovalFinished) -> None:
        """Show how an order ended."""
        self._set_busy(busy=False)
        self.outcome.setText(removal_words.ended(event))
        self.outcome.set_tone("failed" if event.trouble else "muted")

    @override
    def reject(self) -> None:
        self.accept()  # closing decides nothing

    @Slot()
    def _show_plan(self) -> None:
        plan = self._plan
        self.figures.setText(self.tr("Counting…") if plan is None else removal_words.figures(plan))
        self.figures.setToolTip(
            words.plain(removal_words.names(plan.rows, _NAMES)) if plan is not None else ""
        )
        missing = plan is not None and bool(plan.alone)
        for part in (self.alone, self.warning):
            part.setVisible(missing)
        if plan is not None and missing:
            self.alone.setText(self.tr("Also what is not all in logs on the disk any more"))
            self.warning.setText(
                removal_words.alone(plan)
                + "\n"
                + self.tr("What the library has of them may be all there is.")
            )
            self.warning.setToolTip(words.plain(removal_words.names(plan.alone, _NAMES)))
        said = "" if plan is None else removal_words.undated(plan)
        self.undated.setText(said)
        self.undated.setVisible(bool(said))
        self._show_button()

    @Slot()
    def _show_button(self) -> None:
        number = 0 if self._plan is None else len(self._plan_order(self._plan).conversations)
        self.remove.setText(self.tr("Remove {0}").format(removal_words.conversations(number)))
        self.remove.setEnabled(number > 0 and self.progress.isHidden())

    @Slot()
    def _choose(self) -> None:
        self.sure.setChecked(False)  # it was said of another choice
        self._show_choice()

    @Slot()
    def _show_choice(self) -> None:
        chosen = self._chosen()
        idle = self.progress.isHidden()
        self.back.setEnabled(bool(chosen) and idle)
        undoable = [row for row in chosen if row.gone_at is None]
        self.sure.setEnabled(bool(undoable))
        self.forget.setEnabled(bool(undoable) and self.sure.isChecked() and idle)

    def _chosen(self) -> list[RemovedRow]:
        found = self.table.table.selectionModel().selectedRows()
        return [self._rows[self.model.number(index.row())] for index in found]

    def _set_busy(self, *, busy: bool) -> None:
        self.outcome.setVisible(not busy)
        if not busy:
            self.progress.finish()
        self._show_button()
        self._show_choice()

    @Slot()
    def _remove(self) -> None:
        if self._plan is not None:
            self._order(self._plan_order(self._plan))

    def _plan_order(self, plan: Plan) -> Remove:
        return plan.order(alone=self.alone.isChecked())

    @Slot()
    def _take_back(self) -> None:
        self._order(TakeBack(tuple(row.id for row in self._chosen())))

    @Slot()
    def _forget(self) -> None:
        self._order(Forget(tuple(row.id for row in self._chosen() if row.gone_at is None)))

    def _order(self, order: Remove | TakeBack | Forget) -> None:
        self.progress.show_progress("", 0, 0)
        self._set_busy(busy=True)
        self.ordered.emit(order)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.WIDE, metrics.LARGE, metrics.WIDE, metrics.LARGE)
        layout.setSpacing(metrics.SMALL)
        promise = self.tr(
            "Nothing is ever removed by itself. What you remove is in no list, search or sum from "
            "then on, its logs are left as they are and not read again, and for {0} days you can "
            "take it back. After that, when this window is open, it is deleted for good, from the "
            "archive too, unless logs of it went meanwhile: then only you can delete it."
        ).format(DAYS_KEPT)
        layout.addWidget(Text(promise, self, tone="muted", wrap=True))
        line = QHBoxLayout()
        line.setSpacing(metrics.SMALL)
        line.addWidget(Text(self.tr("Conversations without a message for"), self))
        line.addWidget(self.age)
        line.addWidget(Text(self.tr("of"), self))
        line.addWidget(self.project)
        line.addStretch()
        layout.addLayout(line)
        for part in (self.figures, self.alone, self.warning, self.undated):
            layout.addWidget(part)
        act = QHBoxLayout()
        act.setSpacing(metrics.SMALL)
        act.addWidget(self.remove)
        act.addWidget(self.progress, 1)
        act.addWidget(self.outcome, 1)
        layout.addLayout(act)
        layout.addWidget(Hairline(self))
        layout.addWidget(SectionTitle(self.tr("Removed"), self))
        layout.addWidget(self.table, 1)
        layout.addWidget(self.notes)
        foot = QHBoxLayout()
        foot.setSpacing(metrics.SMALL)
        foot.addWidget(self.back)
        foot.addStretch()
        foot.addWidget(self.sure)
        foot.addWidget(self.forget)
        close = QuietButton(self.tr("Close"), self)
        close.clicked.connect(self.accept)
        foot.addWidget(close)
        layout.addLayout(foot)
        for button in (self.remove, self.back, self.forget, close):
            button.setAutoDefault(False)
