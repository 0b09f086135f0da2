"""Documents that draw text of every style, and load nothing from anywhere."""

from typing import Final

from PySide6.QtCore import QByteArray, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextOption,
)
from typing_extensions import override

from desktop.delegates import ansi, guards, tables
from desktop.delegates.faces import Faces
from desktop.look import theme, words

_PROPORTIONAL: Final = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
_OBJECT: Final = "\ufffc"  # what stands for a picture in a document's text
_LINE_HEIGHT: Final = 130  # per cent
_CODE_LINE_HEIGHT: Final = 118
_PARAGRAPH: Final = 9.0
_LANGUAGE: Final = QTextFormat.Property.BlockCodeLanguage
_FENCE: Final = QTextFormat.Property.BlockCodeFence
_QUOTE: Final = QTextFormat.Property.BlockQuoteLevel
_ADJUSTMENT: Final = QTextFormat.Property.FontSizeAdjustment
_RULE: Final = QTextFormat.Property.BlockTrailingHorizontalRulerWidth
_HEADINGS: Final = {1: 1.3, 2: 1.18, 3: 1.06}  # times the body's size


class QuietDocument(QTextDocument):
    """A document that never reads a file or an address, whatever its text asks for."""

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self.setUndoRedoEnabled(False)
        self.setDocumentMargin(0)
        self.setDefaultFont(font)

    @override
    def loadResource(self, type: int, name: QUrl | str) -> object:
        return QByteArray()


def plain(text: str, font: QFont, ink: str, *, line_height: int = _LINE_HEIGHT) -> QuietDocument:
    """Return *text* as it stands, wrapped at words where that goes."""
    made = QuietDocument(font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    made.setDefaultTextOption(option)
    cursor = QTextCursor(made)
    cursor.setBlockFormat(_spaced(line_height))
    cursor.insertText(words.visible(text), _ink(ink))
    return made


def code(text: str, faces: Faces) -> QuietDocument:
    """Return *text* as code."""
    made = plain(text, faces.code_small, faces.colors.text, line_height=_CODE_LINE_HEIGHT)
    _set_tabs(made, faces)
    return made


def terminal(text: str, faces: Faces) -> QuietDocument:
    """Return *text* with the colours that its SGR codes ask for."""
    made = code("", faces)
    cursor = QTextCursor(made)
    for run in ansi.runs(text):
        cursor.insertText(words.visible(run.text), _drawn(run.style, faces))
    return made


def markdown(text: str, faces: Faces, ink: str | None = None) -> QuietDocument:
    """Return *text* as Markdown without HTML; as it stands if it could hold up the window."""
    color = ink or faces.colors.text
    if not guards.harmless(text):
        return plain(text, faces.body, color)
    made = QuietDocument(faces.body)
    made.setMarkdown(
        words.visible(text),
        QTextDocument.MarkdownFeature.MarkdownDialectGitHub
        | QTextDocument.MarkdownFeature.MarkdownNoHTML,
    )
    made.setIndentWidth(22)
    tables.clean(made)
    _style_blocks(made, faces, color)
    tables.style(made, faces)
    return made


def _ink(color: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(color))
    return made


def _spaced(percent: int) -> QTextBlockFormat:
    made = QTextBlockFormat()
    made.setLineHeight(percent, _PROPORTIONAL)
    return made


def _set_tabs(document: QTextDocument, faces: Faces) -> None:
    option = document.defaultTextOption()
    option.setTabStopDistance(faces.code_width * 4)
    document.setDefaultTextOption(option)


def _drawn(style: ansi.Style, faces: Faces) -> QTextCharFormat:
    colors = faces.colors
    front = colors.text
    if style.ink is not None:
        front = colors.ansi[style.ink]
    elif style.dim:
        front = colors.muted
    made = _ink(front)
    if style.inverse:
        made.setForeground(QColor(colors.card))
        made.setBackground(QColor(front))
    elif style.ground is not None:
        made.setBackground(theme.mix(colors.ansi[style.ground], colors.card, 0.16))
    if style.bold:
        made.setFontWeight(QFont.Weight.Bold)
    made.setFontItalic(style.italic)
    made.setFontUnderline(style.underline)
    made.setFontStrikeOut(style.struck)
    return made


def is_code(block: QTextBlock) -> bool:
    """Return whether *block* is a line of a code block."""
    form = block.blockFormat()
    return form.hasProperty(_FENCE) or form.hasProperty(_LANGUAGE)


def quote_level(block: QTextBlock) -> int:
    """Return how many quotes *block* is inside of."""
    return block.blockFormat().intProperty(_QUOTE)


def _style_blocks(document: QTextDocument, faces: Faces, ink: str) -> None:
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    block = document.begin()
    before = False
    while block.isValid():
        after = block.next()
        inside = is_code(block)
        last = inside and not (after.isValid() and is_code(after))
        _style_block(cursor, block, inside=inside, first=inside and not before, last=last)
        _style_words(cursor, block, faces, ink, inside=inside)
        before = inside
        block = after
    cursor.endEditBlock()


def _style_block(
    cursor: QTextCursor, block: QTextBlock, *, inside: bool, first: bool, last: bool
) -> None:
    form = block.blockFormat()
    level = quote_level(block)
    # Headings keep their level, lists their indent: only distances change.
    if inside:
        form.setLineHeight(_CODE_LINE_HEIGHT, _PROPORTIONAL)
        form.setTopMargin(14.0 if first else 0.0)
        form.setBottomMargin(20.0 if last else 0.0)
        form.setLeftMargin(12.0)
        form.setRightMargin(12.0)
        form.setNonBreakableLines(False)
        form.clearBackground()
    else:
        form.setLineHeight(_LINE_HEIGHT, _PROPORTIONAL)
        listed = _listed(block)
        heading = form.headingLevel()
        top = 0.0 if block.blockNumber() == 0 else 12.0 if heading else 0.0
        form.setTopMargin(top)
        after = block.next()
        goes_on = listed and after.isValid() and _listed(after)
        below = 3.0 if goes_on else 4.0 if heading else _PARAGRAPH
        form.setBottomMargin(below)
        form.setLeftMargin(16.0 * level)
        if form.hasProperty(_RULE):
            form.clearProperty(_RULE)
            form.setProperty(QTextFormat.Property.UserProperty, 1)
    cursor.setPosition(block.position())
    cursor.setBlockFormat(form)


def _listed(block: QTextBlock) -> bool:
    """Return whether *block* is an item of a list."""
    return bool(block.textList())


def is_rule(block: QTextBlock) -> bool:
    """Return whether *block* is a thematic break."""
    return block.blockFormat().hasProperty(QTextFormat.Property.UserProperty)


def _style_words(
    cursor: QTextCursor, block: QTextBlock, faces: Faces, ink: str, *, inside: bool
) -> None:
    heading = block.blockFormat().headingLevel()
    pieces: list[tuple[int, int, QTextCharFormat]] = []
    fragments = block.begin()
    while not fragments.atEnd():
        fragment = fragments.fragment()
        pieces.append((fragment.position(), fragment.length(), fragment.charFormat()))
        fragments += 1
    for position, length, form in reversed(pieces):
        cursor.setPosition(position)
        cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
        if form.isImageFormat():
            image = form.toImageFormat()
            _say_image(cursor, image.name(), faces)
            continue
        cursor.setCharFormat(_word_format(form, faces, ink, heading, inside=inside))


def _word_format(
    old: QTextCharFormat, faces: Faces, ink: str, heading: int, *, inside: bool
) -> QTextCharFormat:
    mono = inside or old.fontFixedPitch()
    made = _ink(ink)
    made.setFont(faces.code_small if mono else faces.body)
    if heading and not mono:
        size = faces.body.pointSizeF() * _HEADINGS.get(heading, 1.0)
        made.setFontPointSize(size)
    if heading or old.fontWeight() > QFont.Weight.Medium:
        made.setFontWeight(QFont.Weight.DemiBold)
    made.setFontItalic(old.fontItalic())
    made.setFontStrikeOut(old.fontStrikeOut())
    if mono and not inside:
        made.setBackground(theme.mix(faces.colors.text, faces.colors.window, 0.07))
    if old.isAnchor():
        made.setAnchor(True)
        made.setAnchorHref(old.anchorHref())
        made.setForeground(QColor(faces.colors.link))
        made.setFontUnderline(True)
    return made


def _say_image(cursor: QTextCursor, address: str, faces: Faces) -> None:
    """Put words where the log asks for a picture from elsewhere."""
    form = _ink(faces.colors.muted)
    form.setFont(faces.small)
    cursor.insertText(f"[picture: {words.one_line(address, 200)}]", form)
