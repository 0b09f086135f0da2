"""The prices behind a sum: whose they are, and since when."""

from contextlib import closing
from decimal import Decimal
from pathlib import Path

from core.config import prices_file
from core.queries import conversations, costs, tariffs
from tests import builders as b
from tests.library import imported

OWN = """
[[price]]
model = "my-model"
from = 2026-01-02
input = 3
output = 4
[[price]]
model = "my-model"
input = 1
output = 2
"""


def test_each_model_has_the_prices_of_its_days(tmp_path: Path) -> None:
    path = b.write(
        tmp_path / "logs" / "a.jsonl",
        b.says("a1", model="my-model", at=0),
        b.says("a2", model="my-model", at=86_400 * 3),
        b.says("a3"),
        b.says("a4", model="model-nobody-sells"),
        b.says("a5", model="<synthetic>", usage=b.usage(0, 0, 0, 0)),
    )
    prices_file(tmp_path / "library.clew").write_text(OWN)
    with closing(imported(tmp_path, path)) as db:
        (row,) = conversations.page(db)
        found = {one.model: one.rates for one in tariffs.charged(db, costs.spend(db, row.id))}

    mine = [rates.tiers[0].input for rates in found["my-model"]]
    assert mine == [Decimal(1), Decimal(3)]
    (opus,) = found["claude-opus-4-6"]
    assert (opus.tiers[0].input, opus.source.split(",")[0]) == (Decimal(5), "genai-prices 0.2.3")
    assert found["model-nobody-sells"] == ()
    assert "<synthetic>" not in found
