import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.delegates import json_tree
from desktop.delegates.json_lines import Ink, Line
from desktop.delegates.json_tree import Choice, Shown
from desktop.look import words

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.text(alphabet="ab\n\r\u2029\x1b\u202e", min_size=500, max_size=3_000)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=70) | st.dictionaries(st.text(), inner, max_size=8),
    max_leaves=60,
)


def lines(value: object, choice: Choice | None = None) -> list[str]:
    seen = json_tree.shown(value, choice or Choice())
    return ["  " * line.depth + line.text for line in seen.lines]


def pages(value: object, choice: Choice) -> list[Shown]:
    """Return all pages of *value*, one after the other."""
    found = [json_tree.shown(value, choice)]
    while found[-1].more:
        before, choice = choice, json_tree.after(found[-1], choice)
        assert choice != before
        found.append(json_tree.shown(value, choice))
    return found


def unfolded(value: object) -> list[Line]:
    """Return all lines of *value* after every fold was opened, as a user would."""
    choice = Choice()
    while True:
        seen = [line for page in pages(value, choice) for line in page.lines]
        closed = {line.path for line in seen if line.path is not None and not line.open}
        if not closed:
            return seen
        for path in closed:
            choice = choice.flip(path)


def leaves(value: Any) -> list[str]:
    """Return what has to be readable of *value*: each leaf's lines, and each key."""
    if isinstance(value, dict):
        return [
            *[words.visible(key).replace("\n", "␊").replace("\t", "␉") for key in value],
            *[leaf for child in value.values() for leaf in leaves(child)],
        ]
    if isinstance(value, list):
        return [leaf for child in value for leaf in leaves(child)]
    if isinstance(value, str):
        return words.visible(value).split("\n")
    return [json.dumps(value)] if value is None or isinstance(value, bool) else [repr(value)]


@given(JSON)
def test_every_leaf_is_reached_by_unfolding(value: object) -> None:
    shown = "\n".join(line.text for line in unfolded(value))

    assert [leaf for leaf in leaves(value) if leaf not in shown] == []


@given(JSON, st.sets(st.lists(st.integers(0, 5), max_size=4).map(tuple)), st.integers(0, 10**6))
def test_no_value_and_no_choice_raise_or_show_too_much(
    value: object, flipped: set[tuple[int, ...]], first: int
) -> None:
    for page in (True, False):
        seen = json_tree.shown(value, Choice(frozenset(flipped), first, page))

        assert 0 < len(seen.lines) <= json_tree.PAGE_LINES + 6
        assert not any("\n" in line.text for line in seen.lines)


@given(JSON)
def test_a_text_is_parsed_as_what_it_was_made_of(value: object) -> None:
    made = json_tree.parsed(json.dumps(value))

    assert made is None or isinstance(made, json_tree.Tree)  # None: halves of surrogate pairs
    assert json_tree.parsed("{no") is None


def test_two_levels_are_open_and_deeper_ones_are_counted() -> None:
    value = {
        "a": {"b": {"c": 1, "d": 2, "e": 3}, "f": list(range(12)), "g": {}, "h": []},
        "i": [[1]],
    }

    assert lines(value) == [
        "a:",
        "  b: {3 keys}",
        "  f: [12 items]",
        "  g: {}",
        "  h: []",
        "i:",
        "  0: [1 item]",
    ]
    assert lines(value, Choice().flip((0, 0)).flip((1,))) == [
        "a:",
        "  b:",
        "    c: 1",
        "    d: 2",
        "    e: 3",
        "  f: [12 items]",
        "  g: {}",
        "  h: []",
        "i: [1 item]",
    ]


def test_each_type_has_its_colour() -> None:
    value = {"text": "x", "number": 1.5, "word": None, "list": [True]}
    seen = json_tree.shown(value, Choice())

    assert [line.runs[-1].ink for line in seen.lines] == [
        Ink.TEXT, Ink.NUMBER, Ink.WORD, Ink.MARK, Ink.WORD,
    ]  # fmt: skip
    assert [line.runs[0].ink for line in seen.lines][-1] is Ink.INDEX


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_depth_does_not_recurse(depth: int) -> None:
    value: object = "bottom"
    for _ in range(depth):
        value = [value]
    paths = [(0,) * level for level in range(2, 400)]
    seen = json_tree.shown(value, Choice(frozenset(paths), page=True))

    assert seen.lines[-1].depth == 399
    assert json_tree.holding(value, Choice(), ("elsewhere",)) == Choice()
    while isinstance(value, list):  # Python itself would recurse
        value = value[0]


def test_a_text_of_a_thousand_levels_is_reached() -> None:
    tree = json_tree.parsed("[" * 1_000 + '"bottom"' + "]" * 1_000)
    assert tree is not None
    choice = json_tree.holding(tree.value, Choice(), ("BOTTOM",))

    assert json_tree.shown(tree.value, choice).lines[-1].text == '0: "bottom"'
    assert json_tree.parsed("[" * 2_000 + "]" * 2_000) is None


def test_a_long_text_is_below_its_key_and_cut() -> None:
    value = {"sql": "\n".join(f"line {n}" for n in range(60)), "after": 1}

    assert lines(value) == [
        "sql:",
        *[f"  line {n}" for n in range(8)],
        "  … 469 characters",
        "after: 1",
    ]
    assert lines(value, Choice(page=True).flip((0,)))[-2:] == ["  line 59", "after: 1"]


def test_keys_and_texts_are_shown_as_they_stand() -> None:
    value = {"": 1, "a\nb\x1b": "<b>x</b>\u202e", "k" * 999: "\\n"}

    assert lines(value) == [
        '"": 1',
        'a␊b␛: "<b>x</b>⇄"',
        "k" * 300 + '…: "\\n"',
    ]


def test_a_long_list_is_shown_in_pages() -> None:
    value = list(range(2_000))
    start = json_tree.shown(value, Choice())
    assert (len(start.lines), start.more) == (40, 400)
    page = json_tree.after(start, Choice())
    more = json_tree.shown(value, page)
    assert (len(more.lines), more.more) == (400, 400)
    page = json_tree.after(more, page)
    assert json_tree.shown(value, page).lines[0].text == "400: 400"
    assert json_tree.shown(value, json_tree.from_start(page)).lines[0].text == "0: 0"


def test_words_in_folds_and_on_later_pages_are_found() -> None:
    value = {"a": [{"b": {"c": "needle"}}], "z": [*range(900), {"deep": ["thread"]}]}

    for word in ("Needle", "thread"):
        choice = json_tree.holding(value, Choice(), (word,))
        seen = json_tree.shown(value, choice)
        assert word.lower() in seen.text
