"""A person's own prices: read at the start, and again while Clew runs."""

from contextlib import closing
from pathlib import Path

from core.config import prices_file
from core.engine import AddRoots, ReadPrices
from core.events import ConversationChanged, EngineEvent, PricesFailed, PricesRead
from core.queries import conversations
from core.store.connection import open_reader
from tests import builders as b
from tests.core.test_engine import Heard, running

OWN = '[[price]]\nmodel = "{0}"\ninput = {1}\noutput = 0\n'


def cost(library: Path) -> tuple[int, int]:
    with closing(open_reader(library)) as db:
        (row,) = conversations.page(db)
    return row.cost, row.unpriced


def heard_prices(heard: Heard, times: int) -> EngineEvent:
    heard.wait(lambda events: sum(isinstance(e, PricesRead) for e in events) >= times)
    return heard.of(PricesRead)[-1]


def test_prices_that_are_read_again_change_what_everything_cost(tmp_path: Path) -> None:
    library = tmp_path / "l.clew"
    used = b.usage(1_000_000, 0, 0, 0)
    odd = b.says("a1", model="my-model", usage=used)
    logs = b.write(tmp_path / "logs" / "a.jsonl", odd, b.says("a2", usage=b.usage(4, 0, 0, 0)))
    with running(library) as (engine, heard):
        engine.submit(AddRoots((logs,), watch=False))
        heard.finished()
        assert cost(library) == (20, 1)

        prices_file(library).write_text(OWN.format("my-*", 3))
        engine.submit(ReadPrices())
        assert heard_prices(heard, 1) == PricesRead(1)
        assert cost(library) == (3_000_020, 0)

        engine.submit(ReadPrices())
        assert heard_prices(heard, 2) == PricesRead(0)

        b.append(logs, b.says("a3", model="my-other", usage=used))
        engine.submit(AddRoots((logs,), watch=False))
        heard.finished(2)
        assert cost(library) == (6_000_020, 0)
    assert len(heard.of(ConversationChanged)) == 2


def test_a_mistake_in_the_prices_is_told_and_the_list_holds(tmp_path: Path) -> None:
    library = tmp_path / "l.clew"
    logs = b.write(tmp_path / "logs" / "a.jsonl", b.says("a1", usage=b.usage(4, 0, 0, 0)))
    prices_file(library).write_text(OWN.format("claude-*", 500))
    with running(library) as (engine, heard):
        engine.submit(AddRoots((logs,), watch=False))
        heard.finished()
        assert cost(library) == (2_000, 0)

        prices_file(library).write_text(OWN.format("claude-*", '"a lot"'))
        engine.submit(ReadPrices())
        heard_prices(heard, 1)
        (failed,) = heard.of(PricesFailed)

    assert isinstance(failed, PricesFailed)
    assert "prices.toml, line 3" in failed.reason
    assert cost(library) == (20, 0)
