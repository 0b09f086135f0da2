import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measures.model_names import Name, named
from core.measures.price_file import PriceFileError, parsed
from core.measures.price_library import listed
from core.measures.prices import PriceBook, load, template
from core.measures.tariff import Dated, Rates, Tier
from core.measures.usage import added
from core.model import Usage

MILLION = 1_000_000
BOOK, _ = load(None)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def own(tmp_path: Path, text: str) -> PriceBook:
    file = tmp_path / "prices.toml"
    file.write_text(text, "utf-8")
    book, trouble = load(file)
    assert trouble == ""
    return book


# Each sum worked out by hand from the makers' price pages.
HAND = [
    # Sonnet 4.5: above 200,000 tokens of prompt $6 and $22.50, and a one-hour write twice $6.
    ("claude-sonnet-4-5", Usage(cache_creation=MILLION, cache_1h=MILLION), "", 12_000_000),
    ("claude-sonnet-4-5-20250929", Usage(input=1000, output=1000), "", 18_000),  # 3 and 15
    ("claude-sonnet-4-5", Usage(input=200_000, output=1000), "", 615_000),  # at the limit
    ("claude-sonnet-4-5", Usage(input=200_001, output=1000), "", 1_222_506),  # 200001×6 + 22500
    ("claude-sonnet-4-5", Usage(cache_read=200_001), "", 120_001),  # 120000.6
    # 100×3 + 200×15 + 30000×0.3 + 1000×3.75 + 4000×6
    ("claude-sonnet-4-5", Usage(100, 200, 30_000, 5000, 1000, 4000), "", 40_050),
    ("claude-sonnet-4-5", Usage(cache_creation=5000), "", 18_750),  # all five minutes
    ("claude-sonnet-4-5", Usage(cache_creation=5000, cache_5m=1000, cache_1h=2000), "", 23_250),
    ("claude-sonnet-4-5", Usage(cache_creation=1000, cache_5m=900, cache_1h=200), "", 4575),
    ("claude-opus-4-5-20251101", Usage(input=1000, output=1000), "", 30_000),  # 5 and 25
    ("claude-opus-4-20250514", Usage(input=1000, output=1000), "", 90_000),  # 15 and 75
    ("claude-opus-4-1-20250805", Usage(input=1000, output=1000), "", 90_000),
    ("claude-haiku-4-5-20251001", Usage(cache_read=15), "", 2),  # 1.5, half up
    ("claude-3-5-haiku-20241022", Usage(input=1000, output=1000), "", 4800),  # 0.80 and 4
    ("claude-3-7-sonnet-20250219", Usage(input=1000, output=1000), "", 18_000),
    ("claude-sonnet-4-20250514", Usage(input=200_000), "2025-09-01", 600_000),
    ("claude-sonnet-4-20250514", Usage(input=400_000, output=1000), "2025-09-01", 2_422_500),
    # Opus 4.6: the long price fell away on 2026-03-13.
    ("claude-opus-4-6", Usage(input=400_000, output=1000), "2026-03-12T23:59:59", 4_037_500),
    ("claude-opus-4-6", Usage(input=400_000, output=1000), "2026-03-13", 2_025_000),
    ("gpt-5-codex", Usage(input=1000, output=1000, cache_read=8000), "", 12_250),  # 1.25, 10, 0.125
    ("gemini-2.5-pro", Usage(input=200_000), "", 250_000),
    ("gemini-2.5-pro", Usage(input=200_001), "", 500_003),  # 2.50: 500002.5, half up
    ("grok-code-fast-1", Usage(input=1000, output=1000), "", 1700),  # 0.20 and 1.50
    ("claude-nothing-9", Usage(), "", 0),
]


@pytest.mark.parametrize(("model", "usage", "when", "expected"), HAND)
def test_a_reply_costs_what_the_price_page_says(
    model: str, usage: Usage, when: str, expected: int
) -> None:
    assert BOOK.cost(model, usage, at(when) if when else None) == expected


@pytest.mark.parametrize(
    "model",
    [
        "",
        "gpt-12-imaginary",
        "claude-nothing-9",
        "<synthetic>",
        "sonnet",
        "qwen3:8b",
        "claude-",
        "deepseek/deepseek-r1:free",
        "demo/claude-opus-4-5",
        "gpt-5.3-codex-spark",
        " ",
        "\x00",
    ],
)
def test_an_unknown_model_is_unpriced(model: str) -> None:
    assert BOOK.cost(model, Usage(input=1), None) is None
    assert BOOK.rates(model, None) is None


def test_a_reply_without_a_model_is_unpriced_even_if_it_used_nothing() -> None:
    assert BOOK.cost("", Usage(), None) is None


@pytest.mark.parametrize(
    ("model", "when", "expected"),
    [
        ("claude-opus-4-6", "2026-02-10", 6 * 30_000),  # 5 and 25, times six
        ("claude-opus-4-7", "2026-06-01", 6 * 30_000),
        ("claude-opus-4-8", "2026-09-01", 60_000),  # 10 and 50
        ("claude-opus-5", "2026-09-01", 60_000),
        ("claude-sonnet-4-5", "2026-02-10", None),  # has no fast mode
    ],
)
def test_fast_mode_has_a_price_of_its_own(model: str, when: str, expected: int | None) -> None:
    assert BOOK.cost(model, Usage(1000, 1000), at(when), fast=True) == expected


def test_fast_mode_and_a_long_prompt_multiply() -> None:
    usage = Usage(input=300_000, output=1000)

    cost = BOOK.cost("claude-opus-4-6", usage, at("2026-02-20"), fast=True)

    assert cost == 300_000 * 60 + 1000 * 225


def test_a_name_that_says_fast_is_charged_as_fast() -> None:
    usage = Usage(1000, 1000)

    assert BOOK.cost("anthropic/claude-opus-4.6-fast", usage, None) == 180_000
    assert BOOK.cost("anthropic/claude-sonnet-4.5-fast", usage, None) is None


def test_a_thousand_web_searches_cost_ten_dollars() -> None:
    assert BOOK.cost("claude-sonnet-4-5", Usage(), None, searches=1000) == 10_000_000
    assert BOOK.cost("claude-sonnet-4-5", Usage(input=1000), None, searches=3) == 33_000
    assert BOOK.cost("claude-3-haiku-20240307", Usage(input=1000), None, searches=3) is None


@pytest.mark.parametrize(
    ("logged", "name"),
    [
        ("anthropic/claude-opus-4.5", Name("claude-opus-4-5", "anthropic")),
        ("openrouter/anthropic/claude-opus-4.5", Name("claude-opus-4-5", "anthropic")),
        (
            "us.anthropic.claude-opus-4-5-20251101-v1:0",
            Name("claude-opus-4-5-20251101", "anthropic"),
        ),
        ("global.anthropic.claude-opus-4-6-v1", Name("claude-opus-4-6", "anthropic")),
        ("claude-opus-4-5@20251101", Name("claude-opus-4-5-20251101")),
        ("claude-opus-4-5@default", Name("claude-opus-4-5")),
        ("claude-opus-5[1m]", Name("claude-opus-5")),
        ("Claude-Opus-4-6-fast", Name("claude-opus-4-6", fast=True)),
        ("models/gemini-2.5-pro", Name("gemini-2.5-pro")),
        ("moonshot-ai/kimi-k2.7-code", Name("kimi-k2.7-code", "moonshotai")),
        ("glm-4.6", Name("glm-4.6", "zai")),
        ("qwen/qwen3-coder", Name("qwen/qwen3-coder", "openrouter")),
        ("grok-code-fast-1", Name("grok-code-fast-1")),
        ("arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", None),
        ("gpt-oss:20b", None),
    ],
)
def test_names_are_brought_to_the_form_of_the_list(logged: str, name: Name | None) -> None:
    assert named(logged) == name


@pytest.mark.parametrize(
    "model",
    [
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "vertex_ai/claude-sonnet-4-5@20250929",
        "claude-sonnet-4-5-20250929[1m]",
        "github-copilot/claude-sonnet-4.5",
        "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    ],
)
def test_one_model_costs_the_same_under_all_its_names(model: str) -> None:
    assert BOOK.rates(model, None) == BOOK.rates("claude-sonnet-4-5", None)


@pytest.mark.parametrize(
    "model",
    [
        "gpt-5",
        "gpt-5-mini",
        "gpt-5.1-codex-max",
        "gpt-5.2-codex",
        "gpt-5.5",
        "o4-mini",
        "grok-4.5",
        "gemini-3-flash-preview",
        "deepseek-v4-flash",
        "kimi-k2.7-code",
        "glm-4.6",
        "MiniMax-M2",
        "qwen/qwen3-coder-plus",
        "codex-mini-latest",
        "claude-fable-5",
        "claude-sonnet-5",
    ],
)
def test_the_agents_models_are_known(model: str) -> None:
    assert (BOOK.cost(model, Usage(MILLION, MILLION), None) or 0) > 0


def test_a_price_tells_where_it_comes_from_and_since_when() -> None:
    early = BOOK.rates("claude-opus-4-6", at("2026-02-10"))
    late = BOOK.rates("claude-opus-4-6", None)
    assert early
    assert late

    assert [(tier.above, tier.input) for tier in early.tiers] == [
        (0, Decimal(5)),
        (200_000, Decimal(10)),
    ]
    assert (early.since, late.since) == (None, date(2026, 3, 13))
    assert late.source.startswith("genai-prices ")
    assert late.source.endswith(", anthropic; fast mode: Clew's own table")
    assert len(late.tiers) == 1


def test_peak_hours_cost_more_but_only_from_their_day_on() -> None:
    def cost(when: str) -> int | None:
        return BOOK.cost("deepseek-v4-pro", Usage(input=MILLION), at(when))

    assert cost("2026-09-01T00:59:59") == cost("2026-09-01T04:00") == 660_000
    assert cost("2026-09-01T01:00") == cost("2026-09-01T09:59") == 1_320_000
    assert cost("2026-08-01T02:00") == cost("2026-08-01T05:00") == 435_000


def test_hours_may_go_over_midnight() -> None:
    rates = BOOK.rates("gpt-5", None)
    assert rates
    night = Dated(rates, hours=(at("1970-01-01T22:00"), at("1970-01-01T06:00")))

    hours = ("21:59", "22:00", "05:59", "06:00")

    held = [night.holds(at(f"2026-01-01T{hour}")) for hour in hours]

    assert held == [False, True, True, False]


def test_every_model_of_the_list_has_sound_rates_or_none() -> None:
    from genai_prices.data import providers  # noqa: PLC0415  only this test needs it

    seen = 0
    for provider in providers:
        for model in provider.models:
            for one in listed(Name(model.id, provider.id)):
                aboves = [tier.above for tier in one.rates.tiers]
                assert aboves[0] == 0
                assert aboves == sorted(set(aboves))
                seen += 1
    assert seen > 1000


OFFLINE = """
import sys, threading
def watch(event, _):
    assert not event.startswith("socket."), event
sys.addaudithook(watch)
from core.measures.prices import load
from core.model import Usage
book, _ = load(None)
assert "genai_prices" not in sys.modules
print(book.cost("gpt-5", Usage(input=1000), None), threading.active_count())
"""


def test_no_price_is_looked_up_on_a_network() -> None:
    told = subprocess.run(
        [sys.executable, "-c", OFFLINE],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )

    assert (told.stdout.strip(), told.stderr) == ("1250 1", "")


MODELS = st.sampled_from(
    ["claude-sonnet-4-5", "claude-opus-4-6", "gpt-5.5", "gemini-2.5-pro", "glm-5"]
)
COUNTS = st.integers(0, 2**53)
MOMENTS = st.none() | st.integers(-(2**62), 2**62)


@st.composite
def usages(draw: st.DrawFn, most: int = 2**53) -> Usage:
    fresh, output, read, short, long = (draw(st.integers(0, most)) for _ in range(5))
    return Usage(fresh, output, read, short + long, short, long)


@given(MODELS, usages(), usages(), MOMENTS)
def test_more_tokens_never_cost_less(
    model: str, usage: Usage, more: Usage, when: int | None
) -> None:
    less = BOOK.cost(model, usage, when)
    total = BOOK.cost(model, added(usage, more), when)

    assert less is not None
    assert total is not None
    assert total >= less >= 0


@given(usages(most=40_000), usages(most=9_000), MOMENTS)
def test_replies_add_up_within_a_tier_but_for_the_rounding(
    one: Usage, other: Usage, when: int | None
) -> None:
    costs = [BOOK.cost("claude-sonnet-4-5", use, when) for use in (one, other, added(one, other))]

    assert None not in costs
    assert abs((costs[0] or 0) + (costs[1] or 0) - (costs[2] or 0)) <= 1


@given(usages(), st.integers(0, 10_000))
def test_searches_add_to_the_tokens(usage: Usage, searches: int) -> None:
    alone = BOOK.cost("claude-opus-5", usage, None)

    assert alone is not None
    assert BOOK.cost("claude-opus-5", usage, None, searches=searches) == alone + searches * 10_000


@given(COUNTS, COUNTS)
def test_written_tokens_cost_more_for_an_hour(written: int, hour: int) -> None:
    short = BOOK.cost("claude-opus-4-5", Usage(cache_creation=written + hour), None)
    long = BOOK.cost("claude-opus-4-5", Usage(cache_creation=written + hour, cache_1h=hour), None)

    assert short is not None
    assert long is not None
    assert abs(4 * (long - short) - 15 * hour) <= 4  # $10 less $6.25, each sum rounded


@given(st.text(), usages(), MOMENTS, st.booleans(), st.integers(0, 9))
def test_no_name_makes_a_price_raise(
    model: str, usage: Usage, when: int | None, fast: bool, searches: int
) -> None:
    BOOK.cost(model, usage, when, fast=fast, searches=searches)


def test_fifty_thousand_replies_are_priced_in_half_a_second() -> None:
    book, _ = load(None)
    models = ["claude-opus-4-6", "claude-sonnet-4-5-20250929", "gpt-5.5", "deepseek-v4-flash", "?"]
    start = at("2026-01-01")
    rows = [(models[i % 5], Usage(i, i, i, i, 0, i), start + i * 500_000) for i in range(50_000)]

    began = time.perf_counter()
    for model, usage, when in rows:
        book.cost(model, usage, when)

    assert time.perf_counter() - began < 0.5


OWN = """
[[price]]
model = "claude-*"
input = 1
output = 2

[[price]]
model = "Claude-Opus-4-5"
from = 2026-01-01
input = 10.5
output = 20
cache_read = 0.123456789012
above = 1000
long_input = 100
long_output = 200
searches = 3
fast = 2
"""


def test_own_prices_win_over_the_list(tmp_path: Path) -> None:
    book = own(tmp_path, OWN)

    assert book.cost("claude-sonnet-4-5", Usage(MILLION, MILLION), None) == 3_000_000
    assert book.cost("gpt-5", Usage(input=1000), None) == 1250
    assert book.cost("claude-unheard-of", Usage(input=1000), None) == 1000


def test_an_exact_name_wins_over_a_pattern_from_its_day_on(tmp_path: Path) -> None:
    book = own(tmp_path, OWN)

    assert book.cost("claude-opus-4-5", Usage(input=10), at("2026-01-01")) == 105
    assert book.cost("claude-opus-4-5", Usage(input=10), at("2025-12-31T23:59:59")) == 10
    assert book.cost("anthropic/claude-opus-4.5", Usage(input=10), None) == 105


def test_own_long_prices_hold_for_the_whole_request(tmp_path: Path) -> None:
    book = own(tmp_path, OWN)

    assert book.cost("claude-opus-4-5", Usage(input=1001, output=1), None) == 100_300
    assert book.cost("claude-opus-4-5", Usage(cache_read=MILLION), None) == 123_457  # stays
    assert book.cost("claude-opus-4-5", Usage(cache_creation=2000), None) == 200_000  # as input
    assert book.cost("claude-opus-4-5", Usage(input=2), None, fast=True, searches=2) == 42 + 6000


def test_an_own_price_tells_its_line(tmp_path: Path) -> None:
    rates = own(tmp_path, OWN).rates("claude-opus-4-5", None)
    assert rates

    assert rates == Rates(
        "Claude-Opus-4-5",
        (
            Tier(
                0, Decimal("10.5"), Decimal(20), Decimal("0.123456789012"), *[Decimal("10.5")] * 2
            ),
            Tier(1000, Decimal(100), Decimal(200), Decimal("0.123456789012"), *[Decimal(100)] * 2),
        ),
        rates.fast,
        Decimal(3),
        "your prices.toml line 7",
        date(2026, 1, 1),
    )


def test_the_newest_own_price_wins_and_of_equals_the_later(tmp_path: Path) -> None:
    lines = [("from = 2026-02-01", 3), ("from = 2026-01-01", 2), ("", 1), ("from = 2026-02-01", 4)]
    text = "\n".join(f'[[price]]\nmodel="m"\n{since}\ninput={n}\noutput=0' for since, n in lines)
    book = own(tmp_path, text)

    def cost(when: str) -> int | None:
        return book.cost("m", Usage(input=1), at(when))

    assert [cost(day) for day in ("2025-01-01", "2026-01-15", "2026-02-01")] == [1, 2, 4]


def test_brackets_in_a_name_are_no_pattern(tmp_path: Path) -> None:
    book = own(tmp_path, '[[price]]\nmodel = "opus[1m]*?"\ninput = 1\noutput = 1\n')

    assert book.cost("opus[1m]-a", Usage(input=1), None) == 1
    assert book.cost("opus1-a", Usage(input=1), None) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n\nnonsense", "prices.toml, line 3: this is not TOML (expected"),
        ("a = 1\n\na = 2", "prices.toml, line 3: this is not TOML (cannot overwrite"),
        ("a = 1\nb = [\n", "prices.toml, line 2: this is not TOML (invalid value)"),
        ("\n[[prices]]\nmodel = 'm'", "prices.toml, line 2: “prices” has no meaning here"),
        ("\ncurrency = 'EUR'", "prices.toml, line 2: “currency” has no meaning here"),
        ("[price]\nmodel = 'm'", "prices.toml: write [[price]] with two brackets"),
        ("price = [1]", "prices.toml: a price has to be a [[price]]"),
        ("price = [{model = 'm', input = 'x', output = 1}]", "prices.toml: “input” has to be"),
        ("[[price]]\nmodel = 'm'\ninput = 1", "prices.toml, line 1: “output” is missing"),
        ("\n[[price]]\ninput = 1\noutput = 1", "prices.toml, line 2: “model” has to be the name"),
        (
            "[[price]]\ninput=1\noutput=1\n[[price]]\nmodel='b'\ninput=1\noutput=1",
            "prices.toml, line 1: “model” has to be the name",
        ),
        ("[[price]]\nmodel = 3", "prices.toml, line 2: “model” has to be the name"),
        ("[[price]]\nmodel = 'm'\nouput = 1", "prices.toml, line 3: “ouput” has no meaning here"),
        ("[[price]]\nmodel = 'm'\ninput = -1\noutput = 1", "line 3: “input” has to be a number"),
        ("[[price]]\nmodel = 'm'\ninput = nan\noutput = 1", "line 3: “input” has to be a number"),
        ("[[price]]\nmodel = 'm'\ninput = inf\noutput = 1", "line 3: “input” has to be a number"),
        ("[[price]]\nmodel = 'm'\ninput = true\noutput = 1", "line 3: “input” has to be a number"),
        ("[[price]]\nmodel = 'm'\ninput = 1e-99\noutput = 1", "line 3: “input” has more than 12"),
        ("[[price]]\nmodel = 'm'\ninput = 1\noutput = 1\nfrom = 'May'", "line 5: “from” has to be"),
        (
            "[[price]]\nmodel = 'm'\ninput = 1\noutput = 1\nfrom = 2026-01-01T00:00:00Z",
            "line 5: “from” has to be",
        ),
        (
            "[[price]]\nmodel = 'm'\ninput = 1\noutput = 1\nlong_input = 1",
            "line 5: “long_input” needs",
        ),
        (
            "[[price]]\nmodel = 'm'\ninput = 1\noutput = 1\nabove = 9",
            "line 5: “above” needs “long_",
        ),
        ("[[price]]\nmodel = 'm'\ninput = 1\noutput = 1\nabove = 1.5", "line 5: “above” has to be"),
        (
            "[[price]]\nmodel='a'\ninput=1\noutput=1\n[[price]]\nmodel='b'\ninput=1\noutput='x'",
            "line 8: “output” has to be a number",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_list_stays(
    tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(text, "utf-8")

    book, trouble = load(file)

    assert words in trouble
    assert trouble.endswith("; your own prices are left out until this is put right.")
    assert book == BOOK


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    assert load(file) == (BOOK, "")  # not there: nothing wrong

    file.write_bytes(b"# caf\xc3\xa9\n# caf\xe9")
    assert "prices.toml, line 2: this is not UTF-8 text" in load(file)[1]
    book, trouble = load(tmp_path)
    assert book == BOOK
    assert "cannot be read" in trouble


@given(st.text())
def test_no_text_raises_anything_but_its_own_error(text: str) -> None:
    with suppress(PriceFileError):
        parsed(text, "prices.toml")


def test_a_deeply_nested_file_is_a_mistake_like_any_other() -> None:
    with pytest.raises(PriceFileError):
        parsed("a = " + "[" * 100_000, "prices.toml")


def test_the_template_is_an_empty_price_file_and_its_example_a_sound_one() -> None:
    assert parsed(template(), "prices.toml") == ()
    example = template().partition("# [[price]]")
    text = (example[1] + example[2]).replace("# ", "")

    (entry,) = parsed(text, "prices.toml")

    assert entry.fits("my-gateway/claude-opus-5")
    assert entry.dated.rates.tiers[1].cache_write_1h == 12


def test_the_version_changes_with_a_price_and_not_with_a_comment(tmp_path: Path) -> None:
    one = own(tmp_path, OWN)
    same = own(tmp_path, "# a comment\n" + OWN)
    other = own(tmp_path, OWN.replace("10.5", "10.6"))

    assert BOOK.version.startswith("genai-prices ")
    assert one.version == same.version
    assert len({BOOK.version, one.version, other.version}) == 3
