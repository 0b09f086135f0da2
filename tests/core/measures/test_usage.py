"""Tokens, once for each API reply."""

from hypothesis import given
from hypothesis import strategies as st

from core.measures.usage import added, better, fullness
from core.model import Reply, Usage

_COUNTS = st.integers(0, 1000)
_USAGE = st.builds(Usage, *[_COUNTS] * 6)
_REPLY = st.builds(
    Reply, st.just("m"), st.just("r"), st.sampled_from(["", "opus"]), _USAGE, st.booleans()
)


def reply(output: int, **more: int) -> Reply:
    return Reply("m", "r", "opus", Usage(output=output, **more), final=False)


def test_the_record_with_most_output_is_the_right_one() -> None:
    assert better(reply(1), reply(7)) == reply(7)
    assert better(reply(7, input=3), reply(7, input=5)) == reply(7, input=5)


@given(_REPLY, _REPLY, _REPLY)
def test_the_order_of_records_does_not_matter(one: Reply, two: Reply, three: Reply) -> None:
    assert fullness(better(one, two)) == fullness(better(two, one))
    assert better(better(one, two), three) == better(one, better(two, three))


@given(_USAGE, _USAGE)
def test_totals_add_up(one: Usage, other: Usage) -> None:
    assert added(one, other).total == one.total + other.total
    assert added(one, Usage()) == one
