"""How a page of Markdown is cut at the headings that name speakers."""

from core.records.markdown import HEAD, SAID, pieces

PAGE = b"""<!-- made by a program -->

# A title (2026-05-01 09:00:00)

_**User**_

fix it

---

_**Assistant**_

Done.
"""


def cut(data: bytes) -> list[tuple[str, object, object]]:
    return [(one.section, one.data["heading"], one.data["text"]) for one in pieces(data)]


def test_a_page_is_its_head_and_what_each_speaker_said() -> None:
    assert cut(PAGE) == [
        (HEAD, "", "<!-- made by a program -->\n\n# A title (2026-05-01 09:00:00)"),
        (SAID, "User", "fix it\n\n---"),
        (SAID, "Assistant", "Done."),
    ]


def test_every_piece_has_its_line_and_its_bytes() -> None:
    for data in (PAGE, PAGE.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + PAGE):
        found = list(pieces(data))
        assert [one.place.line for one in found] == [1, 5, 11]
        for one in found[1:]:
            raw = data[one.place.offset : one.place.offset + one.place.length]
            assert raw.startswith(b"_**")
            assert raw == raw.strip()
        assert sum(b"fix it" in data[one.place.offset :][: one.place.length] for one in found) == 1


def test_headings_may_name_a_model_and_a_time() -> None:
    page = b"_**User (2026-05-01 09:00:00Z)**_\n\na\n_**Agent - sidechain (m-1)**_\n\nb"

    assert [heading for _, heading, _ in cut(page)] == [
        "User (2026-05-01 09:00:00Z)",
        "Agent - sidechain (m-1)",
    ]


def test_a_heading_in_a_fenced_block_is_a_part_of_the_text() -> None:
    for fence in (b"```", b"~~~", b"````"):
        page = (
            b"_**User**_\n\n" + fence + b"md\n_**Assistant**_\n" + fence + b"\nend\n_**Agent**_\n"
        )
        assert [heading for _, heading, _ in cut(page)] == ["User", "Agent"]


def test_a_shorter_mark_does_not_close_a_block() -> None:
    page = b"_**User**_\n````\n```\n_**Agent**_\n```\n_**Agent**_\n````\n_**Assistant**_\n"

    assert [heading for _, heading, _ in cut(page)] == ["User", "Assistant"]


def test_a_block_that_is_never_closed_hides_no_heading() -> None:
    page = b"_**User**_\n\n```\nlog\n\n_**Assistant**_\n\nDone.\n"

    assert [heading for _, heading, _ in cut(page)] == ["User", "Assistant"]


def test_code_inside_a_line_opens_no_block() -> None:
    page = b"_**User**_\n```ls``` prints\n_**Assistant**_\n```\nx\n```\n_**User**_\n"

    assert [heading for _, heading, _ in cut(page)] == ["User", "Assistant", "User"]


def test_words_beside_a_heading_make_it_text() -> None:
    page = b"_**User**_\n\n_**Assistant**_ is a heading\nsay _**User**_\n_**Userland**_\n"

    assert [heading for _, heading, _ in cut(page)] == ["User"]


def test_a_page_without_headings_is_a_head_and_an_empty_one_nothing() -> None:
    assert cut(b"just words") == [(HEAD, "", "just words")]
    assert cut(b"") == []
    assert cut(b"\n \n") == []


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert cut(b"_**User**_\n\n\xff\xfe") == [(SAID, "User", "\ufffd\ufffd")]
