"""What Claude Code itself says a session has cost: its ``cost-state`` records.

Each is a running total of the session, side calls included that no transcript holds, and
replaces the one before. Source: public captures of versions 2.1.250 to 2.1.270.
"""

import math

from core.model import ModelCost, StatedCost, Usage
from core.records.fields import JsonObject, count, mapping, truth

_MILLION = 1_000_000
_MOST_DOLLARS = 10_000_000  # more is no cost of anything
_MOST_MODELS = 100


def stated(data: JsonObject) -> StatedCost | None:
    """Return what a ``cost-state`` record says; None if it names no amount."""
    total = _micro(data.get("totalCostUSD"))
    if total is None:
        return None
    used = mapping(data.get("modelUsage"))
    models = [_model(name, mapping(value)) for name, value in list(used.items())[:_MOST_MODELS]]
    return StatedCost(total, not truth(data, "hasUnknownModelCost"), tuple(models))


def _model(name: str, data: JsonObject) -> ModelCost:
    use = Usage(
        input=count(data, "inputTokens"),
        output=count(data, "outputTokens"),
        cache_read=count(data, "cacheReadInputTokens"),
        cache_creation=count(data, "cacheCreationInputTokens"),
    )
    return ModelCost(name, _micro(data.get("costUSD")) or 0, use)


def _micro(value: object) -> int | None:
    """Return dollars as micro-dollars, halves up; None if *value* is no amount."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value <= _MOST_DOLLARS:  # also false for what is not a number
        return None
    return math.floor(value * _MILLION + 0.5)
