"""The details tab: what is known about the conversation as a whole, to read and to copy."""

from collections.abc import Iterable
from sqlite3 import Connection

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from core.queries import conversations, costs, structure, threads
from core.queries.conversations import ConversationRow, SessionRow
from core.queries.costs import Spend
from core.queries.structure import ToolUse
from core.queries.threads import CutRow
from core.threads.woven import Measures
from desktop.look import fonts, metrics, palette, words
from desktop.look.widgets.text import Text
from desktop.look.words import translate
from desktop.models.conversation_endings import ending
from desktop.models.conversation_words import format_title
from desktop.views.inspector.facts import Bar, Facts, Value, heading
from desktop.views.inspector.spent import Money, Tokens
from desktop.views.inspector.thread_facts import thread_facts

_TOOLS = 12  # tools with a bar of their own
_FILES = 20  # session files that are named


class DetailsTab(QScrollArea):
    """Key facts, money, tokens, session files, tools."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said: object = None
        self._row: int | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(translate("inspector", "Details"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        palette.put_on(self, "panel")

    def show_conversation(self, db: Connection | None, row: ConversationRow | None) -> None:
        """Show the details of *row*; nothing if it is None. The same facts are not drawn anew."""
        if db is None or row is None:
            self._said = None
            self.setWidget(QWidget())
            return
        found = (
            row,
            tuple(conversations.sessions(db, row.id)),
            costs.spend(db, row.id),
            tuple(structure.tools(db, row.id)),
            threads.metrics(db, row.id),
            threads.cuts(db, row.id),
        )
        if found == self._said or (self._row == row.id and self._selecting()):
            return
        self._row = row.id
        self._said = found
        place = self.verticalScrollBar().value()
        self.setWidget(_body(db, *found))
        self.verticalScrollBar().setValue(place)

    def _selecting(self) -> bool:
        """Return whether the user has marked a value, which new ones would take away."""
        return any(value.hasSelectedText() for value in self.findChildren(Value))


def _body(  # noqa: PLR0913, PLR0917  each is a section
    db: Connection,
    row: ConversationRow,
    sessions: tuple[SessionRow, ...],
    spend: Spend,
    tools: tuple[ToolUse, ...],
    measures: Measures | None,
    cuts: tuple[CutRow, ...],
) -> QWidget:
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(metrics.LARGE, metrics.TIGHT, metrics.LARGE, metrics.LARGE)
    column.setSpacing(metrics.SMALL)
    title = Text(row.title, size=fonts.BODY, weight=QFont.Weight.DemiBold, wrap=True)
    title.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    column.addWidget(title)
    column.addWidget(_facts(row, sessions))
    # Where tokens cost nothing that is said too: it is not the same as an unknown price.
    if spend.cost or spend.unpriced or spend.stated or spend.tokens.total:
        column.addSpacing(metrics.SMALL)
        column.addWidget(Money(db, spend))
    if spend.tokens.total:
        column.addSpacing(metrics.SMALL)
        column.addWidget(Tokens(spend))
    if measures is not None and measures.threads > 1:
        _section(column, translate("inspector", "Threads"), thread_facts(measures, cuts))
    files = [one for one in sessions if not one.agent]
    if files:
        _section(column, translate("inspector", "Session files"), _files(files))
    if tools:
        _section(column, translate("inspector", "Tools"), _tools(tools))
    column.addStretch(1)
    return body


def _section(column: QVBoxLayout, title: str, content: QWidget) -> None:
    column.addSpacing(metrics.SMALL)
    column.addWidget(heading(title))
    column.addWidget(content)


def _facts(row: ConversationRow, sessions: tuple[SessionRow, ...]) -> QWidget:
    facts = Facts()
    if row.started_at is not None:
        facts.add(translate("inspector", "Started"), _moment(row.started_at))
        if row.ended_at is not None:
            lasted = words.duration(row.ended_at - row.started_at)
            facts.add(translate("inspector", "Lasted"), lasted)
    ended = ending(row)
    if ended is not None:
        facts.add(translate("inspector", "Ended"), ended.words, ended.meaning)
    facts.add(translate("inspector", "Folder"), row.project)
    facts.add(translate("inspector", "Git branch"), _each(one.git_branch for one in sessions))
    facts.add(translate("inspector", "Format"), _each(format_title(one.format) for one in sessions))
    facts.add(translate("inspector", "Version"), _each(one.version for one in sessions))
    facts.add(translate("inspector", "Prompts"), words.count(row.prompts))
    facts.add(translate("inspector", "Messages"), words.count(row.messages))
    facts.add(translate("inspector", "Tool calls"), words.count(row.tool_calls))
    if row.errors:
        share = words.percent(row.errors / row.tool_calls) if row.tool_calls else ""
        facts.add(translate("inspector", "Failed"), f"{words.count(row.errors)} · {share}")
    agents = sum(1 for one in sessions if one.agent)
    if agents:
        facts.add(translate("inspector", "Agent files"), words.count(agents))
    why = _each(one.recognised for one in sessions if not one.agent) or _each(
        one.recognised for one in sessions
    )
    if why:
        facts.note(translate("inspector", "Recognised by {0}").format(words.one_line(why, 300)))
    return facts


def _files(sessions: list[SessionRow]) -> QWidget:
    box, grid = _grid()
    for at, one in enumerate(sessions[:_FILES]):
        name = one.source.replace("\\", "/").rsplit("/", 1)[-1]
        value = Value(name, translate("inspector", "Session file"), small=True)
        value.setToolTip(words.plain(one.source))
        grid.addWidget(value, at, 0)
        prompts = translate("inspector", "prompt"), translate("inspector", "prompts")
        said = words.plural(one.prompts, *prompts)
        grid.addWidget(Value(said, name, small=True, right=True, tone="muted"), at, 1)
    if len(sessions) > _FILES:
        more = words.count(len(sessions) - _FILES)
        rest = translate("inspector", "and {0} more").format(more)
        grid.addWidget(Text(rest, size=fonts.SMALL, tone="muted"), _FILES, 0)
    return box


def _tools(tools: tuple[ToolUse, ...]) -> QWidget:
    box, grid = _grid()
    most = max(one.calls for one in tools)
    for row, one in enumerate(tools[:_TOOLS]):
        grid.addWidget(Value(one.tool, translate("inspector", "Tool"), small=True), row, 0)
        grid.addWidget(Bar(one.calls / most, one.errors / one.calls), row, 1)
        calls = translate("inspector", "Calls")
        grid.addWidget(Value(words.count(one.calls), calls, small=True, right=True), row, 2)
        if one.errors:
            failed = translate("inspector", "{0} failed").format(words.count(one.errors))
            value = Value(failed, one.tool, small=True, right=True, tone="failed")
            grid.addWidget(value, row, 3)
    if len(tools) > _TOOLS:
        rest = translate("inspector", "and {0} more").format(words.count(len(tools) - _TOOLS))
        grid.addWidget(Text(rest, size=fonts.SMALL, tone="muted"), _TOOLS, 0)
    grid.setColumnStretch(0, 3)
    grid.setColumnStretch(1, 2)
    return box


def _grid() -> tuple[QWidget, QGridLayout]:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(metrics.SMALL)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(0, 1)
    return box, grid


def _moment(ms: int) -> str:
    day = words.day_of(ms)
    if day is None:
        return words.NO_TIME
    pattern = translate("inspector", "d MMM yyyy")
    return f"{QLocale().toString(QDate(day.year, day.month, day.day), pattern)}, {words.clock(ms)}"


def _each(values: Iterable[str]) -> str:
    """Return each of *values* once, in order."""
    return ", ".join(dict.fromkeys(value for value in values if value))
