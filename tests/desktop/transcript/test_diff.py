from hypothesis import given
from hypothesis import strategies as st

from desktop.delegates import diff

TEXTS = st.lists(st.text("ab \t", max_size=3), max_size=30).map("\n".join)


@given(TEXTS, TEXTS)
def test_a_diff_leads_from_the_old_text_to_the_new(old: str, new: str) -> None:
    made = diff.between(old, new)
    before, after = old.splitlines(), new.splitlines()

    for line in made.lines:
        if line.sign in " -":
            assert before[line.old - 1] == line.text
        if line.sign in " +":
            assert after[line.new - 1] == line.text
    assert len(before) - made.removed == len(after) - made.added


def test_a_recorded_patch_keeps_the_files_line_numbers() -> None:
    hunk = {"oldStart": 101, "newStart": 101, "lines": [" a", "-b", "+c", "+d", " e"]}
    made = diff.from_patch([hunk])

    assert made is not None
    assert [(line.sign, line.old, line.new) for line in made.lines] == [
        (" ", 101, 101), ("-", 102, 0), ("+", 0, 102), ("+", 0, 103), (" ", 103, 104),
    ]  # fmt: skip
    assert (made.added, made.removed, made.numbered) == (2, 1, True)


def test_what_is_no_patch_is_not_taken_for_one() -> None:
    patches: tuple[object, ...] = (None, [], {}, "x", [1], [{"lines": 3}], [{}])
    for patch in patches:
        assert diff.from_patch(patch) is None


def test_texts_too_long_to_compare_are_shown_one_after_the_other() -> None:
    made = diff.between("a\n" * 3_000, "b\n" * 2)

    assert (made.removed, made.added) == (3_000, 2)
