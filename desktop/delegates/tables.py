"""Tables in Markdown: what Qt makes of them, made presentable."""

from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from desktop.delegates.faces import Faces


def clean(document: QTextDocument) -> None:
    """Take from the cells what Qt lets them inherit of a code block above the table."""
    for table in _tables(document):
        for row in range(table.rows()):
            for column in range(table.columns()):
                cell = table.cellAt(row, column)
                cursor = cell.firstCursorPosition()
                if cursor.atBlockEnd() and cell.lastCursorPosition() > cursor:
                    cursor.deleteChar()  # an empty line of that code
                form = QTextBlockFormat()
                form.setAlignment(cursor.blockFormat().alignment())
                cursor.setBlockFormat(form)


def style(document: QTextDocument, faces: Faces) -> None:
    """Draw the tables of *document* with thin lines, a head and air."""
    for table in _tables(document):
        form = table.format()
        form.setBorder(1)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderBrush(QColor(faces.colors.card_border))
        form.setBorderCollapse(True)
        form.setCellPadding(6)
        form.setCellSpacing(0)
        form.setTopMargin(14)
        form.setBottomMargin(12)
        form.setWidth(QTextLength())
        table.setFormat(form)
        for row in range(table.rows()):
            for column in range(table.columns()):
                _style_cell(table, row, column, faces)


def _style_cell(table: QTextTable, row: int, column: int, faces: Faces) -> None:
    cell = table.cellAt(row, column)
    cursor = cell.firstCursorPosition()
    block = cursor.blockFormat()
    block.setTopMargin(0)
    block.setBottomMargin(0)
    cursor.setBlockFormat(block)
    if row:
        return
    style = cell.format().toTableCellFormat()
    style.setBackground(QColor(faces.colors.card))
    cell.setFormat(style)
    cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
    bold = QTextCharFormat()
    bold.setFontWeight(QFont.Weight.DemiBold)
    cursor.mergeCharFormat(bold)


def _tables(document: QTextDocument) -> list[QTextTable]:
    return [each for each in document.rootFrame().childFrames() if isinstance(each, QTextTable)]
