"""Measures a row for a width and keeps what was measured, so that painting only paints."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QTextDocument

from desktop.delegates import ansi, documents, tree_document
from desktop.delegates.faces import Faces
from desktop.delegates.pictures import Picture
from desktop.delegates.sections import Row, Section, Shape, Style
from desktop.look import words
from desktop.look.words import translate

MARGIN: Final = 16  # between the window's edge and the column
GUTTER: Final = 44  # chevron and picture, left of what is read
WIDEST: Final = 1_080  # of the column
INDENT: Final = 20  # of an agent's rows, for each agent above them
_DEEPEST_INDENT: Final = 8
_LEAD: Final = 44
_INSIDE: Final = 12  # between a card's edge and its text
_BETWEEN: Final = 8
_LABEL: Final = 20
_MORE: Final = 28
_BOXED: Final = {Style.CODE, Style.TERMINAL, Style.DIFF, Style.LIST}

ReadPicture = Callable[[int], Picture]


@dataclass(frozen=True, slots=True)
class Column:
    """Where things are from left to right, for one width of the view."""

    left: int
    width: int

    @property
    def content(self) -> int:
        """Where text starts."""
        return self.left + GUTTER

    @property
    def right(self) -> int:
        """Where the column ends."""
        return self.left + self.width


def column(width: int, depth: int) -> Column:
    """Return the column of rows *depth* agents deep in a view *width* wide."""
    whole = min(max(width - 2 * MARGIN, 120), WIDEST)
    left = max(MARGIN, (width - whole) // 2)
    indent = min(INDENT * min(depth, _DEEPEST_INDENT), max(0, whole - 240))
    return Column(left + indent, whole - indent)


@dataclass(slots=True)
class TextPart:
    """One text, laid out. *rect* is relative to the row and leaves out the gutter."""

    section: Section
    document: QTextDocument
    rect: QRectF
    gutter: float = 0.0  # width
    _tops: list[float] = field(default_factory=list)

    def text(self) -> str:
        """Return the text as it is shown, with line feeds."""
        return self.document.toPlainText()

    def at(self, point: QPointF) -> int:
        """Return the place in the text that is nearest to *point*, relative to the row."""
        inside = point - self.rect.topLeft()
        found = self.document.documentLayout().hitTest(inside, Qt.HitTestAccuracy.FuzzyHit)
        return max(0, found)

    def anchor(self, point: QPointF) -> str:
        """Return the address of the link at *point*; empty if there is none."""
        if not self.rect.contains(point):
            return ""
        return self.document.documentLayout().anchorAt(point - self.rect.topLeft())

    def lines(self, top: float, bottom: float) -> Iterator[tuple[int, float, float]]:
        """Yield (number, top, height) of each block that is between *top* and *bottom*."""
        layout = self.document.documentLayout()
        if not self._tops:
            block = self.document.begin()
            while block.isValid():
                self._tops.append(layout.blockBoundingRect(block).top())
                block = block.next()
        number = max(0, bisect_right(self._tops, top) - 1)
        while number < len(self._tops) and self._tops[number] <= bottom:
            box = layout.blockBoundingRect(self.document.findBlockByNumber(number))
            last = number + 1 == len(self._tops)
            yield number, box.top(), (box.bottom() if last else self._tops[number + 1]) - box.top()
            number += 1


@dataclass(frozen=True, slots=True)
class LinePart:
    """Small words on a line: a label, a remark, or what shows the rest when it is clicked."""

    text: str
    rect: QRectF
    expands: str = ""  # the part of which more is shown after a click
    back: bool = False  # not more, but the first lines again


@dataclass(frozen=True, slots=True)
class PicturePart:
    """A thumbnail."""

    picture: Picture
    rect: QRectF


Part = TextPart | LinePart | PicturePart


@dataclass(frozen=True, slots=True)
class Laid:
    """A row, measured."""

    row: Row
    width: int
    height: int
    column: Column
    lead: QRectF
    heading: QRectF  # empty if it has none
    card: QRectF  # what is filled or framed; empty if nothing is
    parts: tuple[Part, ...]
    hairlines: tuple[float, ...]  # between the texts in the card
    lane: QRectF  # the button that opens the agent's own rows; empty if it has none

    def texts(self) -> list[TextPart]:
        """Return what can be selected, in order."""
        return [part for part in self.parts if isinstance(part, TextPart)]


def lay_out(row: Row, width: int, faces: Faces, read: ReadPicture) -> Laid:
    """Measure *row* for a view that is *width* wide."""
    return _Measure(row, width, faces, read).done()


class _Measure:
    """Goes down the row and puts one thing under the other."""

    def __init__(self, row: Row, width: int, faces: Faces, read: ReadPicture) -> None:
        self._row = row
        self._width = width
        self._faces = faces
        self._read = read
        self._column = column(width, row.depth)
        self._parts: list[Part] = []
        self._hairlines: list[float] = []
        self._y = 0.0

    def done(self) -> Laid:
        row, faces = self._row, self._faces
        lead = QRectF(0, 0, self._width, _LEAD if row.lead else 0)
        self._y = lead.height() + (row.gap if not row.lead else min(row.gap, 8))
        top = self._y
        if row.shape is Shape.PROMPT:
            self._y += 6 if row.heading is not None else 10
        heading = QRectF()
        if row.heading is not None:
            heading = QRectF(self._column.left, self._y, self._column.width, faces.line)
            self._y += faces.line
        lane = QRectF()
        if row.lane and row.open:
            lane = QRectF(self._column.content, self._y, 200, 28)
            self._y += 32
        card = self._card(top)
        if row.shape is not Shape.CARD or (row.bare and row.open):
            self._y += 4
        return Laid(
            row, self._width, round(self._y + 0.499), self._column, lead, heading, card,
            tuple(self._parts), tuple(self._hairlines), lane,
        )  # fmt: skip

    def _card(self, top: float) -> QRectF:
        """Put the sections below the heading and return what frames them."""
        row, left = self._row, self._column.content
        if row.shape is Shape.PROMPT:
            inside = min(self._column.right - left - _INSIDE, self._faces.prose_width)
            for section in row.sections:
                self._section(section, left, inside)
            self._y += 10
            return QRectF(left - _INSIDE, top, inside + 2 * _INSIDE, self._y - top)
        if row.shape is not Shape.CARD or row.bare or not row.sections:
            for section in row.sections:
                self._section(section, left, self._column.right - left)
            return QRectF()
        start = self._y + 2
        self._y = start
        for number, section in enumerate(row.sections):
            if number and row.sections[number - 1].style is not Style.PLAIN:
                self._hairlines.append(self._y)
            self._y += _BETWEEN
            self._section(section, left + _INSIDE, self._column.right - left - 2 * _INSIDE)
            self._y += _BETWEEN
        frame = QRectF(left, start, self._column.right - left, self._y - start)
        self._y += 8
        return frame

    def _section(self, section: Section, left: float, width: float) -> None:
        if section.label:
            self._line(section.label, left, width, _LABEL)
        if section.style is Style.PICTURE:
            self._picture(section, left, width)
            return
        if section.tree is not None and section.tree.shown.first:
            start = translate("layouts", "Show the first lines again")
            self._line(start, left, width, _MORE, expands=section.part, back=True)
        gutter = self._gutter(section)
        self._text(section, left + gutter, width - gutter, gutter)
        if section.hidden:
            count = words.count(section.hidden)
            pattern = (
                translate("layouts", "Show {0} more line")
                if section.hidden == 1
                else translate("layouts", "Show {0} more lines")
            )
            self._line(pattern.format(count), left, width, _MORE, expands=section.part)
        if section.note:
            self._line(section.note, left, width, _MORE)

    def _gutter(self, section: Section) -> float:
        if not section.gutter:
            return 0.0
        if any(each.startswith("icon:") for each in section.gutter[:1]):
            return 26.0
        longest = max(map(len, section.gutter))
        return longest * self._faces.code_width + 14.0

    def _text(self, section: Section, left: float, width: float, gutter: float) -> None:
        faces = self._faces
        if section.style is Style.PROSE or section.style in {Style.PLAIN, Style.QUIET}:
            width = min(width, faces.prose_width)
        document = _document(section, faces)
        document.setTextWidth(max(60.0, width))
        height = document.documentLayout().documentSize().height()
        wide = max(width, document.documentLayout().documentSize().width())
        self._parts.append(TextPart(section, document, QRectF(left, self._y, wide, height), gutter))
        self._y += height

    def _picture(self, section: Section, left: float, width: float) -> None:
        picture = self._read(section.block)
        if picture.image is not None or picture.pending:
            size = QSizeF(picture.size)
            if size.width() > width:
                size *= width / size.width()
            self._parts.append(PicturePart(picture, QRectF(QPointF(left, self._y), size)))
            self._y += size.height() + 2
        self._line(picture.about, left, width, _LABEL)

    def _line(  # noqa: PLR0913  where it is, what it says, what it does
        self,
        text: str,
        left: float,
        width: float,
        height: int,
        expands: str = "",
        *,
        back: bool = False,
    ) -> None:
        measured = QFontMetricsF(self._faces.small)
        tall = max(height, round(measured.height()) + 6)
        if expands:
            width = min(width, measured.horizontalAdvance(text) + 24)
        self._parts.append(LinePart(text, QRectF(left, self._y, width, tall), expands, back))
        self._y += tall


def _document(section: Section, faces: Faces) -> QTextDocument:  # noqa: PLR0911  a table
    ink = getattr(faces.colors, section.tone)
    match section.style:
        case Style.PROSE:
            return documents.markdown(section.text, faces, ink)
        case Style.CODE | Style.DIFF:  # a bar tells of failure: pages of red are hard to read
            return documents.code(section.text, faces)
        case Style.TERMINAL:
            return documents.terminal(section.text, faces)
        case Style.TREE if section.tree is not None:
            return tree_document.tree(section.tree.shown.lines, faces)
        case Style.QUIET:
            return documents.plain(ansi.plain(section.text), faces.small, faces.colors.muted)
        case Style.LIST:
            return documents.plain(section.text, faces.plain, ink, line_height=150)
        case _:
            return documents.plain(ansi.plain(section.text), faces.body, ink)
