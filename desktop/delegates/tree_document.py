"""A document that draws the lines of a JSON tree: indented, coloured, with room for triangles."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor

from desktop.delegates import documents
from desktop.delegates.documents import QuietDocument
from desktop.delegates.faces import Faces
from desktop.delegates.json_lines import Ink, Line

TRIANGLE: Final = 16.0  # width
_INDENT: Final = 16.0
_DEEPEST: Final = 12  # levels that are indented; further ones say their number instead
_TOKENS: Final = {
    Ink.KEY: "read",
    Ink.INDEX: "faint",
    Ink.TEXT: "edit",
    Ink.NUMBER: "run",
    Ink.WORD: "search",
    Ink.MARK: "muted",
    Ink.LINK: "link",
}
_SEPARATORS: Final = str.maketrans("\ufdd0\ufdd1", "\ufffd\ufffd")  # Qt would begin a line there


def tree(lines: Sequence[Line], faces: Faces) -> QuietDocument:
    """Return *lines*, one to a block."""
    made = documents.code("", faces)
    inks = {ink: _ink(token, faces) for ink, token in _TOKENS.items()}
    cursor = QTextCursor(made)
    form = QTextBlockFormat(cursor.blockFormat())
    cursor.beginEditBlock()
    for number, line in enumerate(lines):
        form.setLeftMargin(TRIANGLE + _INDENT * min(line.depth, _DEEPEST))
        if number:
            cursor.insertBlock(form)
        else:
            cursor.setBlockFormat(form)
        if line.depth > _DEEPEST:
            cursor.insertText(f"{line.depth} ", inks[Ink.INDEX])
        for run in line.runs:
            cursor.insertText(run.text.translate(_SEPARATORS), inks[run.ink])
    cursor.endEditBlock()
    return made


def _ink(token: str, faces: Faces) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(faces.colors.color(token))
    return made
