"""What stands above the rows: title, facts, and how much of the transcript is shown."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from core.queries.conversations import ConversationRow
from desktop.delegates.folding import Density
from desktop.look import fonts, metrics, words
from desktop.look.widgets.banner import Banner
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.chips import Badge, Chip
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.segmented import Segmented
from desktop.look.widgets.text import ElidedLabel
from desktop.look.words import translate
from desktop.models.call_arguments import short_path
from desktop.models.conversation_words import meaning


class Header(QWidget):
    """Two lines about the conversation, with find and follow, and what is missing of it."""

    follow_toggled = Signal(bool)
    find_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel("", self, size=fonts.HEADING, weight=QFont.Weight.DemiBold)
        self.facts = ElidedLabel("", self, size=fonts.SMALL, tone="muted")
        self.live = Badge(translate("Header", "live"), self, tone="ok")
        self.search = IconButton(
            "find", translate("Header", "Find in conversation"), self, shortcut="Ctrl+F"
        )
        self.follow = IconButton("arrow-down", translate("Header", "Follow"), self, shortcut="L")
        self.follow.setCheckable(True)
        self.side = Segmented(
            translate("Header", "What is shown of the conversation"),
            [
                ("rows", translate("Header", "Transcript")),
                ("insights", translate("Header", "Insights")),
            ],
            self,
        )
        self.notice = Banner("info", "", self, closable=False)
        self._under = QVBoxLayout()
        self._lay_out()
        self.live.hide()
        self.notice.hide()
        self.follow.clicked.connect(self._tell_follow)
        self.search.clicked.connect(self.find_wanted)

    def show_conversation(self, row: ConversationRow, branch: str) -> None:
        """Say what *row* is about; *branch* is empty if the log does not tell."""
        self.title.setText(row.title)
        project = short_path(row.project, "") if row.project else ""
        folder = project.rstrip("/\\").replace("\\", "/").rpartition("/")[2]
        facts = [folder, branch if branch != folder else ""]
        if row.started_at is not None and row.ended_at is not None:
            facts.append(words.duration(row.ended_at - row.started_at))
        facts.append(words.plural(row.prompts, *_pair("prompt", "prompts")))
        facts.append(words.plural(row.tool_calls, *_pair("tool call", "tool calls")))
        if row.errors:
            facts.append(translate("Header", "{0} failed").format(words.count(row.errors)))
        if row.cost:
            facts.append(translate("Header", "{0} at API prices").format(words.money(row.cost)))
        self.facts.setText(" · ".join(fact for fact in facts if fact))
        notice = meaning(row.bucket)
        self.notice.say("info", notice)
        self.notice.setVisible(bool(notice))
        self._under.setContentsMargins(0, metrics.SMALL if notice else 0, 0, 0)

    def set_live(self, live: bool) -> None:
        """Say whether the conversation is being written now."""
        self.live.setVisible(live)

    def set_following(self, following: bool) -> None:
        """Show whether the end is followed."""
        self.follow.setChecked(following)

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(metrics.SMALL)
        first.addWidget(self.title, 1)
        for widget in (self.live, self.search, self.follow):
            first.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._under.addWidget(self.notice)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(metrics.LARGE, metrics.SMALL, metrics.MEDIUM, 0)
        lines.setSpacing(0)
        lines.addLayout(first)
        second = QHBoxLayout()
        second.setContentsMargins(0, 2, 0, 0)
        second.setSpacing(metrics.SMALL)
        second.addWidget(self.facts, 1)
        second.addWidget(self.side)
        lines.addLayout(second)
        lines.addLayout(self._under)

    @Slot(bool)
    def _tell_follow(self, checked: bool) -> None:
        self.follow_toggled.emit(checked)


class Band(QWidget):
    """Says which day the first visible row is of, and offers how much is shown."""

    density_chosen = Signal(str)
    system_toggled = Signal(bool)
    whole_wanted = Signal()  # not only a part of the conversation

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day = ElidedLabel(
            "", self, size=fonts.SMALL, weight=QFont.Weight.DemiBold, tone="muted"
        )
        self.only = Chip("", self, removable=True)
        self.system = Chip("", self, checkable=True)
        self.density = Segmented(
            translate("Header", "How much is shown"),
            [
                (Density.COMFORTABLE, translate("Header", "All")),
                (Density.COMPACT, translate("Header", "Compact")),
                (Density.PROMPTS, translate("Header", "Prompts")),
            ],
            self,
        )
        self.only.hide()
        self.system.hide()
        line = QHBoxLayout()
        line.setContentsMargins(metrics.LARGE, 6, metrics.MEDIUM, metrics.SMALL)
        line.setSpacing(metrics.SMALL)
        self.day.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        line.addWidget(self.day, 1)
        line.addWidget(self.only)
        line.addWidget(self.system)
        line.addWidget(self.density)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(line)
        outer.addWidget(Hairline(self))
        self.density.chosen.connect(self.density_chosen)
        self.system.toggled.connect(self.system_toggled)
        self.only.clicked.connect(self.whole_wanted)
        self.only.removed.connect(self.whole_wanted)

    def say(self, day: str) -> None:
        """Show *day* from now on."""
        if day != self.day.text():
            self.day.setText(day)

    def say_only(self, part: str, tip: str) -> None:
        """Say that *part* alone is shown, with *tip* about it; "" if everything is."""
        self.only.setText(part)
        self.only.setToolTip(words.plain(tip))
        self.only.setAccessibleDescription(tip)
        self.only.setVisible(bool(part))

    def set_system_count(self, count: int) -> None:
        """Offer to show *count* rows of the agent program's own."""
        self.system.setVisible(count > 0)
        text = translate("Header", "+{0} system").format(words.count(count))
        _rename(self.system, text)


def _rename(chip: Chip, text: str) -> None:
    chip.setText(text)
    chip.setAccessibleName(text)
    chip.updateGeometry()


def _pair(one: str, many: str) -> tuple[str, str]:
    return translate("Header", one), translate("Header", many)
