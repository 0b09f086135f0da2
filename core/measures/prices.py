"""What a reply would have cost at the price list of its day.

A price comes from the user's own file first, then from the price list that is bundled with
Clew (`core.measures.price_library` says which, and why). Nothing is looked up on a network and
nothing is guessed: a model that neither knows has no price.

What the figures are: what the maker's own API charges. A subscription, a gateway's margin, a
cloud's regional surcharge, a batch discount and taxes are not in them.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from core.measures import price_library
from core.measures.model_names import named
from core.measures.price_file import OwnPrice, PriceFileError, parsed, template
from core.measures.tariff import NEWEST, Dated, Rates, charge
from core.model import Usage

__all__ = ["PriceBook", "Rates", "load", "template"]

# Raise it when the same list and file would give another price: stored costs are then stale.
_RULES: Final = 1


@dataclass(frozen=True)
class PriceBook:
    """Prices of models at a time. Safe to share between threads: its memo only ever grows."""

    version: str  # changes whenever a price may have: the list's version, a hash of the file
    own: tuple[OwnPrice, ...] = ()
    _known: dict[str, tuple[Dated, ...]] = field(
        default_factory=dict[str, tuple[Dated, ...]], init=False, repr=False, compare=False
    )

    def cost(
        self, model: str, usage: Usage, at: int | None, *, fast: bool = False, searches: int = 0
    ) -> int | None:
        """Return what a reply costs in micro-dollars, or None if it has no price.

        A reply of which the log does not say which model wrote it ("") has no price. One that
        used nothing costs nothing, whichever model it names: so messages that a program made
        up itself, under a model that does not exist, are not counted as unpriced. Fast mode
        without a known price, and searches without one, make the whole reply unpriced.

        Args:
            model: The model as the log names it.
            usage: The tokens of the one reply.
            at: When it was written, in milliseconds since 1970, UTC; None takes the newest price.
            fast: Whether it was asked for at the higher price of a faster answer.
            searches: Web searches that the provider ran for it.
        """
        if not model:
            return None
        if not (usage.total or usage.cache_5m or usage.cache_1h or searches):
            return 0
        rates = self.rates(model, at)
        return None if rates is None else charge(rates, usage, fast=fast, searches=searches)

    def rates(self, model: str, at: int | None) -> Rates | None:
        """Return the prices of *model* at *at* and where they come from; None if unknown."""
        known = self._known.get(model)
        if known is None:
            known = self._known[model] = self._found(model)
        moment = NEWEST if at is None else at
        for one in known:
            if one.holds(moment):
                return one.rates
        return None

    def _found(self, model: str) -> tuple[Dated, ...]:
        name = named(model)
        names = (model.strip().lower(), name.model if name else "")
        own = tuple(one.dated for one in self.own if any(one.fits(each) for each in names))
        return own + (price_library.listed(name) if name else ())


def load(path: Path | None) -> tuple[PriceBook, str]:
    """Return the prices, and one sentence about what is wrong with the user's own, or "".

    A file that is not there is nothing wrong. One with a mistake is left out as a whole.

    Args:
        path: The user's price file; None for the bundled prices alone.
    """
    own: tuple[OwnPrice, ...] = ()
    trouble = ""
    if path is not None:
        try:
            own = parsed(path.read_text("utf-8-sig"), path.name)
        except FileNotFoundError:
            pass
        except PriceFileError as error:
            trouble = f"{error}; your own prices are left out until this is put right."
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            trouble = (
                f"{path.name}, line {line}: this is not UTF-8 text; "
                "your own prices are left out until this is put right."
            )
        except OSError as error:
            trouble = (
                f"{path.name} cannot be read ({error.strerror}); your own prices are left out."
            )
    return PriceBook(_version(own), own), trouble


def _version(own: tuple[OwnPrice, ...]) -> str:
    bundled = f"genai-prices {price_library.version()}, rules {_RULES}"
    if not own:
        return bundled
    told = [(one.model, one.dated.start, one.dated.rates) for one in own]
    said = [(model, start, rates.tiers, rates.fast, rates.search) for model, start, rates in told]
    return f"{bundled}, own {sha256(repr(said).encode()).hexdigest()[:16]}"
