"""What Claude Code itself says a session has cost."""

import pytest

from core.messages import claude_code
from core.model import ModelCost, Place, StatedCost, Usage
from core.records.decode import Record
from tests import builders as b


def cost(**said: object) -> StatedCost | None:
    record: b.Record = {"type": "cost-state", "sessionId": b.SESSION, **said}
    fact = claude_code.facts(Record(Place(1, 0, 1), record))
    assert fact.known
    return fact.cost


def test_a_running_total_is_kept_in_micro_dollars_by_model() -> None:
    used = {
        "inputTokens": 3, "outputTokens": 4, "cacheReadInputTokens": 5,
        "cacheCreationInputTokens": 6, "thinkingTokens": 2, "costUSD": 0.0319246,
    }  # fmt: skip

    found = cost(
        totalCostUSD=1.25, modelUsage={"claude-opus-5[1m]": used}, hasUnknownModelCost=False
    )

    model = ModelCost("claude-opus-5[1m]", 31_925, Usage(3, 4, 5, 6))
    assert found == StatedCost(1_250_000, complete=True, models=(model,))


def test_a_total_without_some_price_is_not_complete() -> None:
    assert cost(totalCostUSD=2, hasUnknownModelCost=True) == StatedCost(2_000_000, complete=False)


@pytest.mark.parametrize(
    ("dollars", "micro"), [(0, 0), (0.0000005, 1), (0.00000049, 0), (3, 3_000_000)]
)
def test_halves_are_rounded_up(dollars: float, micro: int) -> None:
    found = cost(totalCostUSD=dollars)
    assert found is not None
    assert found.micro == micro


@pytest.mark.parametrize("odd", [None, "1", True, -1, float("nan"), float("inf"), 10**400, []])
def test_what_is_no_amount_is_none(odd: object) -> None:
    assert cost(totalCostUSD=odd, modelUsage=odd) is None
    found = cost(totalCostUSD=1, modelUsage={"m": {"costUSD": odd}, "n": odd})
    assert found is not None
    assert [one.micro for one in found.models] == [0, 0]
