"""J: one message that wrote a million tokens into the cache for an hour costs 12.00 dollars."""

from contextlib import closing
from pathlib import Path

import pytest

from core.measures import prices
from core.model import Usage
from tests import builders as b
from tests.library import imported

MILLION = 1_000_000
MODEL = "claude-sonnet-4-5-20250929"
AN_HOUR = {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": MILLION}


def written(root: Path, *, split: bool) -> list[tuple[str, Usage, int]]:
    """Return model, usage and time of the replies of a session that wrote a large cache."""
    used = b.usage(0, 0, 0, MILLION) | ({"cache_creation": AN_HOUR} if split else {})
    if not split:
        del used["cache_creation"]  # as versions before 1.0.98 wrote it
    path = b.write(
        root / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p1", "read all of it", at=1),
        b.thinks("a1", "hm", "p1", api="m1", model=MODEL, usage=used, at=2),
        b.says("a2", "Read.", "a1", api="m1", model=MODEL, usage=used, at=3),
    )
    with closing(imported(root, path)) as db:
        rows = db.execute(
            "SELECT model, input, output, cache_read, cache_creation, cache_5m, cache_1h, at "
            "FROM reply WHERE counted = 1"
        ).fetchall()
    return [(model, Usage(*counts), at) for model, *counts, at in rows]


# A prompt beyond 200,000 tokens is charged at the long prompt's price as a whole, 6 dollars; a
# cache kept for an hour costs twice that, one of five minutes a quarter more. Others say 10.80
# (only what is beyond is charged as long) or 3.75 (neither is known).
@pytest.mark.parametrize(("split", "dollars"), [(True, 12.0), (False, 7.5)])
def test_a_million_tokens_kept_for_an_hour_are_charged_in_full(
    split: bool, dollars: float, tmp_path: Path
) -> None:
    ((model, usage, at),) = written(tmp_path, split=split)
    book, trouble = prices.load(None)

    assert (trouble, usage.total) == ("", MILLION)
    assert book.cost(model, usage, at) == dollars * MILLION
