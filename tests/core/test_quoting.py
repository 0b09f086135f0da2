"""A record read again from the place where it was first seen."""

import json
from contextlib import closing
from pathlib import Path

from core.queries import problems
from core.queries.census import KindRow, census
from core.quoting import MOST, Where, quote
from tests import builders as b
from tests.library import imported

NEW = {"type": "brand-new", "uuid": "n1", "payload": 1}


def where(row: KindRow) -> Where:
    return Where(row.source, row.path, row.label, row.format, row.line, row.offset, row.kind)


def test_the_first_record_of_a_kind_is_read_from_its_line(tmp_path: Path) -> None:
    path = b.write(tmp_path / "l" / "a.jsonl", b.prompt("p1"), NEW, b.prompt("p2"))

    with closing(imported(tmp_path, path)) as db:
        row = next(row for row in census(db) if not row.known)
        found = quote(db, where(row))

    assert json.loads(found.text) == NEW
    assert (found.line, found.trouble, found.path) == (2, "", path)


def test_a_line_with_a_problem_is_shown_as_it_is(tmp_path: Path) -> None:
    path = b.write(tmp_path / "l" / "a.jsonl", b.prompt("p1"), b"{<b>torn\r\n", b.prompt("p2"))

    with closing(imported(tmp_path, path)) as db:
        (one,) = problems.page(db)
        place = Where(one.file, one.path, one.source, one.format, one.line, one.offset)
        assert quote(db, place).text == "{<b>torn"


def test_the_record_of_a_document_is_found_by_its_kind(tmp_path: Path) -> None:
    chat = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]
    path = tmp_path / "l" / "chat.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"model": "m", "messages": chat}, indent=1))

    with closing(imported(tmp_path, path)) as db:
        rows = census(db)
        found = [json.loads(quote(db, where(row)).text) for row in rows]

    assert rows
    assert chat[0] in found or {"model": "m"} in found


def test_when_the_file_is_gone_what_was_kept_is_shown(tmp_path: Path) -> None:
    path = b.write(tmp_path / "l" / "a.jsonl", b.prompt("p1"), NEW)

    with closing(imported(tmp_path, path)) as db:
        unknown, known = census(db)
        path.unlink()
        assert json.loads(quote(db, where(unknown)).text) == NEW
        assert "as the library keeps it" in quote(db, where(unknown)).trouble
        assert quote(db, where(known)).text == ""
        assert "cannot be read now" in quote(db, where(known)).trouble


def test_when_the_file_is_shorter_now_that_is_said(tmp_path: Path) -> None:
    path = b.write(tmp_path / "l" / "a.jsonl", b.prompt("p1"), NEW)

    with closing(imported(tmp_path, path)) as db:
        row = next(row for row in census(db) if not row.known)
        path.write_bytes(b"{}\n")
        found = quote(db, where(row))

    assert found.text == ""
    assert "nothing is at this place" in found.trouble


def test_of_a_giant_record_the_beginning_is_shown(tmp_path: Path) -> None:
    path = b.write(tmp_path / "l" / "a.jsonl", b.prompt("p1"), NEW | {"payload": "x" * 2 * MOST})

    with closing(imported(tmp_path, path)) as db:
        row = next(row for row in census(db) if not row.known)
        found = quote(db, where(row))

    assert len(found.text) == MOST
    assert found.trouble
