"""The user's own prices: a TOML file that says more than the library, or something else."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, cast

from core.errors import CoreError
from core.measures.tariff import Dated, Rates, Tier, midnight

_REQUIRED: Final = ("input", "output")
_CACHE: Final = ("cache_read", "cache_write_5m", "cache_write_1h")
_KINDS: Final = (*_REQUIRED, *_CACHE)
_LONG: Final = tuple(f"long_{kind}" for kind in _KINDS)
_NUMBERS: Final = (*_KINDS, *_LONG, "searches", "fast")
_KEYS: Final = frozenset({"model", "from", "above", *_NUMBERS})
_DEAREST: Final = 1_000_000  # dollars; more is a slip of the keyboard
_MOST_TOKENS: Final = 2**53  # no prompt is longer, and JSON's numbers end here
_DIGITS: Final = 12  # behind the point; keeps every sum exact

_HEADER: Final = re.compile(r"\s*\[\[\s*price\s*\]\]")
_TOLD_LINE: Final = re.compile(
    r"(.*) \((?:at line (\d+), column \d+|at end of document)\)", re.DOTALL
)

_TEMPLATE: Final = """\
# Your own prices. They win over the prices that Clew brings along.
#
# Each [[price]] is one model, in dollars per million tokens. Take the # from the lines below,
# put in your figures, and repeat the block for each further model.
#
# model     as the log names it; * stands for any letters, ? for any one. An exact name wins
#           over a pattern. Capital and small letters are the same.
# from      the first day (UTC) on which the price holds; left out: always. The newest price
#           that holds on the day of the reply is taken.
# input, output                                  both have to be there
# cache_read, cache_write_5m, cache_write_1h     left out: the same as input
# above     prompts of more than so many tokens cost the long_ prices, the whole request;
#           it needs long_input and long_output, the other three may stay as they are
# searches  dollars per thousand web searches; left out: they cost nothing
# fast      how many times as much fast mode costs; left out: the same
#
# A file with a mistake is left out as a whole, and Clew says in which line the mistake is.

# [[price]]
# model = "my-gateway/claude-*"
# from = 2026-01-01
# input = 3.00
# output = 15.00
# cache_read = 0.30
# cache_write_5m = 3.75
# cache_write_1h = 6.00
# above = 200000
# long_input = 6.00
# long_output = 22.50
# long_cache_read = 0.60
# long_cache_write_5m = 7.50
# long_cache_write_1h = 12.00
# searches = 10.00
# fast = 6
"""


class PriceFileError(CoreError):
    """The user's price file cannot be used; the text says why, and in which line."""


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """One entry of the file."""

    model: str  # a name or a pattern, in small letters
    dated: Dated

    @property
    def exact(self) -> bool:
        """Whether the entry names one model."""
        return not ("*" in self.model or "?" in self.model)

    def fits(self, name: str) -> bool:
        """Return whether the entry speaks of *name*, which is in small letters."""
        if self.exact:
            return name == self.model
        # Brackets are letters here: "claude-opus-5[1m]" is a model's name.
        pattern = re.escape(self.model).replace(r"\*", ".*").replace(r"\?", ".")
        return re.fullmatch(pattern, name, re.DOTALL) is not None


def template() -> str:
    """Return the text of a new price file: what it may hold, and an example in comments."""
    return _TEMPLATE


def parsed(text: str, file: str) -> tuple[OwnPrice, ...]:
    """Return the entries of a price file, the one that wins first.

    Args:
        text: What the file holds.
        file: Its name, for the words about where a price, or a mistake, is.

    Raises:
        PriceFileError: The text is no TOML, or not the TOML of a price file.
    """
    lines = text.splitlines()
    try:
        # With a line's end: an error in the last line is then told with its number.
        top = cast("dict[str, object]", tomllib.loads(text + "\n", parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise PriceFileError(_where_toml_stops(str(error), lines, file)) from error
    except (RecursionError, ValueError) as error:  # nested too deep; a date or number beyond all
        raise PriceFileError(f"{file} cannot be read as TOML") from error
    entries = top.pop("price", [])
    if top:
        key = next(iter(top))
        raise PriceFileError(f"{file}{_line(_find(lines, key, 0))}: “{key}” has no meaning here")
    if not isinstance(entries, list):
        raise PriceFileError(f"{file}: write [[price]] with two brackets")
    found: list[OwnPrice] = []
    headers = [number for number, line in enumerate(lines, 1) if _HEADER.match(line)]
    for index, entry in enumerate(cast("list[object]", entries)):
        if not isinstance(entry, dict):
            raise PriceFileError(f"{file}: a price has to be a [[price]] with lines of its own")
        header = headers[index] if index < len(headers) else 0
        found.append(_Entry(cast("dict[str, object]", entry), lines, header, file).price())
    found.reverse()  # of two equals the later wins: it was added to correct the earlier
    return tuple(sorted(found, key=_rank))


def _rank(own: OwnPrice) -> tuple[bool, int]:
    """Order entries: names before patterns, the newest first."""
    since = own.dated.rates.since
    return not own.exact, -(since.toordinal() if since else 0)


def _where_toml_stops(message: str, lines: list[str], file: str) -> str:
    told = _TOLD_LINE.fullmatch(message)
    what, line = (told[1], int(told[2] or len(lines))) if told else (message, 0)
    return f"{file}{_line(line)}: this is not TOML ({what[:1].lower()}{what[1:]})"


def _line(number: int) -> str:
    return f", line {number}" if number else ""


def _find(lines: list[str], key: str, after: int) -> int:
    """Return the number of the first line behind line *after* that sets *key*, else *after*."""
    start = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=\].]")
    for number, line in enumerate(lines[after:], after + 1):
        if start.match(line):
            return number
        if after and _HEADER.match(line):
            break
    return after


@dataclass(frozen=True, slots=True)
class _Entry:
    """One [[price]] on its way to a price; mistakes are told with their line."""

    values: Mapping[str, object]
    lines: list[str]
    header: int  # the line of its [[price]]; 0 = written in another way, so unknown
    file: str

    def price(self) -> OwnPrice:
        for key in self.values:
            if key not in _KEYS:
                raise self._mistake(key, f"“{key}” has no meaning here")
        model = self.values.get("model")
        if not isinstance(model, str) or not model.strip():
            raise self._mistake("model", "“model” has to be the name of a model in quotes")
        since = self._since()
        tiers = self._tiers(self._numbers())
        fast = self._number("fast") or Decimal(1)
        rates = Rates(
            model=model,
            tiers=tiers,
            fast=tuple(tier.times(fast, fast, tier.above) for tier in tiers),
            search=self._number("searches") or Decimal(0),
            source=f"your {self.file}" + (f" line {self.header}" if self.header else ""),
            since=since,
        )
        return OwnPrice(model.strip().lower(), Dated(rates, midnight(since)))

    def _since(self) -> date | None:
        since = self.values.get("from")
        if since is None:
            return None
        if isinstance(since, datetime) or not isinstance(since, date):
            raise self._mistake("from", "“from” has to be a day such as 2026-01-31, no quotes")
        return since

    def _numbers(self) -> dict[str, Decimal]:
        for key in _REQUIRED:
            if key not in self.values:
                raise self._mistake("", f"“{key}” is missing in this price")
        numbers = {key: self._number(key) for key in (*_KINDS, *_LONG)}
        return {key: number for key, number in numbers.items() if number is not None}

    def _number(self, key: str) -> Decimal | None:
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if not isinstance(value, Decimal) or not value.is_finite() or not 0 <= value <= _DEAREST:
            raise self._mistake(key, f"“{key}” has to be a number from 0 to {_DEAREST}, no quotes")
        if value != round(value, _DIGITS):
            raise self._mistake(key, f"“{key}” has more than {_DIGITS} digits behind the point")
        return value

    def _tiers(self, numbers: Mapping[str, Decimal]) -> tuple[Tier, ...]:
        usual = [numbers.get(kind, numbers["input"]) for kind in _KINDS]
        above = self.values.get("above")
        if above is None:
            if stray := next((key for key in _LONG if key in numbers), None):
                raise self._mistake(stray, f"“{stray}” needs “above”, the tokens it starts at")
            return (Tier(0, *usual),)
        if isinstance(above, bool) or not isinstance(above, int) or not 0 < above <= _MOST_TOKENS:
            raise self._mistake("above", "“above” has to be a whole number of tokens")
        for key in _REQUIRED:
            if f"long_{key}" not in numbers:
                raise self._mistake("above", f"“above” needs “long_{key}”")
        long = [
            numbers.get(f"long_{kind}", numbers.get(kind, numbers["long_input"])) for kind in _KINDS
        ]
        return (Tier(0, *usual), Tier(above, *long))

    def _mistake(self, key: str, what: str) -> PriceFileError:
        line = _find(self.lines, key, self.header) if key and self.header else self.header
        return PriceFileError(f"{self.file}{_line(line)}: {what}")
