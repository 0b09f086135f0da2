"""Tokens, counted once per API reply.

One reply is written as several lines that repeat its usage, and copies of a session
repeat the lines. Input and cache counts never differ between them; ``output_tokens``
grows and only the largest is right.
"""

from dataclasses import replace

from core.model import Reply, Usage


def better(one: Reply, other: Reply) -> Reply:
    """Return the fuller of two records of the same reply; both orders give the same.

    What only the other one says of it is kept too.
    """
    best, rest = (one, other) if fullness(one) >= fullness(other) else (other, one)
    if (best.fast, best.searches, best.stated) == (rest.fast, rest.searches, rest.stated):
        return best
    costs = [each.stated for each in (one, other) if each.stated is not None]
    return replace(
        best,
        fast=one.fast or other.fast,
        searches=max(one.searches, other.searches),
        stated=max(costs, default=None),
    )


def fullness(reply: Reply) -> tuple[int, int, tuple[int, ...], bool, str]:
    """Order records of one reply: most output first, then most of everything."""
    use = reply.usage
    rest = (use.input, use.cache_read, use.cache_creation, use.cache_5m, use.cache_1h)
    return (use.output, use.total, rest, reply.final, reply.model)


def added(one: Usage, other: Usage) -> Usage:
    """Return the sum of two usages."""
    return Usage(
        one.input + other.input,
        one.output + other.output,
        one.cache_read + other.cache_read,
        one.cache_creation + other.cache_creation,
        one.cache_5m + other.cache_5m,
        one.cache_1h + other.cache_1h,
    )
