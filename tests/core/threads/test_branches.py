"""Where a person went back and tried again."""

from hypothesis import given
from hypothesis import strategies as st

from core.threads.branches import Branch, Node, branches, lineage


def node(id_: int, parent: int | None, *, typed: bool = False, place: int | None = None) -> Node:
    hung_on = place if place is not None else None if parent is None else parent + 1000
    return Node(id_, parent, hung_on, typed)


def test_one_line_has_no_branches() -> None:
    line = [node(1, None, typed=True), node(2, 1), node(3, 2, typed=True), node(4, 3)]

    assert branches(line) == ({}, ())


def test_parallel_tool_calls_are_no_fork() -> None:
    # Call 1 → call 2; the results hang on their own calls.
    tools = [node(1, None, typed=True), node(2, 1), node(3, 2), node(4, 2), node(5, 3), node(6, 5)]

    assert branches(tools) == ({}, ())


def test_two_prompts_on_one_message_begin_two_branches() -> None:
    rewound = [
        node(1, None, typed=True),
        node(2, 1),
        node(3, 2, typed=True),
        node(4, 3),
        node(5, 2, typed=True),
        node(6, 5),
    ]

    on, found = branches(rewound)

    assert on == {3: 1, 4: 1, 5: 2, 6: 2}
    assert found == (
        Branch(1, above=0, forked_at=2, first=3, active=False),
        Branch(2, above=0, forked_at=2, first=5, active=True),
    )


def test_a_branch_inside_a_branch_knows_the_one_it_left() -> None:
    nested = [
        node(1, None, typed=True),
        node(2, 1, typed=True),
        node(3, 2),
        node(4, 3, typed=True),
        node(5, 3, typed=True),
        node(6, 1, typed=True),
    ]

    on, found = branches(nested)

    assert on == {2: 1, 3: 1, 4: 2, 5: 3, 6: 4}
    assert [(branch.number, branch.above) for branch in found] == [(1, 0), (2, 1), (3, 1), (4, 0)]
    assert [branch.active for branch in found] == [False, False, False, True]


def test_going_on_with_the_older_branch_makes_it_the_active_one() -> None:
    back = [
        node(1, None, typed=True),
        node(2, 1, typed=True),
        node(3, 1, typed=True),
        node(4, 2),
    ]

    _, found = branches(back)

    assert [branch.active for branch in found] == [True, False]


def test_versions_of_the_first_prompt_leave_branch_0_both() -> None:
    first = [
        node(1, None, typed=True, place=77),
        node(2, 1),
        node(3, None, typed=True, place=77),
        node(4, 3),
    ]

    on, found = branches(first)

    assert on == {1: 1, 2: 1, 3: 2, 4: 2}
    assert found == (
        Branch(1, above=0, forked_at=None, first=1, active=False),
        Branch(2, above=0, forked_at=None, first=3, active=True),
    )


def test_a_new_root_goes_on_with_the_branch_before_it() -> None:
    resumed = [
        node(1, None, typed=True),
        node(2, 1, typed=True),
        node(3, 1, typed=True),
        node(4, None),
        node(5, 4, typed=True),
    ]

    on, _ = branches(resumed)

    assert (on[4], on[5]) == (2, 2)


def test_a_parent_that_comes_later_is_read_as_the_message_before() -> None:
    cycle = [node(1, 2, typed=True), node(2, 1)]

    assert branches(cycle) == ({}, ())


def test_a_chain_of_any_length_needs_no_recursion() -> None:
    chain = [node(n, n - 1 if n else None, typed=True) for n in range(50_000)]
    fan = [node(0, None), *(node(n, 0, typed=True) for n in range(1, 10_001))]

    assert branches(chain) == ({}, ())
    assert len(branches(fan)[1]) == 10_000


def test_the_line_of_a_branch_ends_even_where_branches_point_at_each_other() -> None:
    assert lineage(3, {3: 2, 2: 0}) == {3, 2}
    assert lineage(1, {1: 2, 2: 1}) == {1, 2}
    assert lineage(0, {}) == set()


@given(st.lists(st.tuples(st.integers(-1, 20), st.booleans()), max_size=20))
def test_any_graph_gives_every_node_one_branch_and_one_active_line(
    shape: list[tuple[int, bool]],
) -> None:
    nodes = [
        node(number, None if parent < 0 else parent, typed=typed)
        for number, (parent, typed) in enumerate(shape)
    ]

    on, found = branches(nodes)

    numbers = [branch.number for branch in found]
    assert numbers == list(range(1, len(found) + 1))
    assert set(on.values()) <= set(numbers)
    assert all(branch.above < branch.number for branch in found)
    tip = on.get(nodes[-1].id, 0) if nodes else 0
    above = {branch.number: branch.above for branch in found}
    assert {branch.number for branch in found if branch.active} == lineage(tip, above)
