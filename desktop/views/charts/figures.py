"""The tiles of the dashboard, and what they say of a scope."""

from core.queries.rollups import Tiles as Sums
from desktop.look import words
from desktop.look.words import translate
from desktop.views.charts.tiles import Tile, Tiles


class Figures(Tiles):
    """Six numbers."""

    def __init__(self) -> None:
        self.conversations = Tile(translate("charts", "Conversations"))
        self.active = Tile(translate("charts", "Active time"))
        self.calls = Tile(translate("charts", "Tool calls"))
        self.failed = Tile(translate("charts", "Failed"))
        self.tokens = Tile(translate("charts", "Tokens"))
        self.cost = Tile(translate("charts", "Cost at API prices"))
        super().__init__(
            (self.conversations, self.active, self.calls, self.failed, self.tokens, self.cost)
        )

    def show_sums(self, sums: Sums) -> None:
        """Show *sums*."""
        prompts = translate("charts", "prompt"), translate("charts", "prompts")
        _number(self.conversations, sums.conversations, words.plural(sums.prompts, *prompts))
        self.active.say(
            words.duration(sums.active_ms), translate("charts", "gaps of at most 5 minutes")
        )
        messages = translate("charts", "message"), translate("charts", "messages")
        _number(self.calls, sums.calls, words.plural(sums.messages, *messages))
        rate = words.percent(sums.failed / sums.calls) if sums.calls else words.NO_TIME
        said = translate("charts", "{0} of {1}").format(
            words.count(sums.failed), words.count(sums.calls)
        )
        self.failed.say(rate, said)
        total = sums.input + sums.output + sums.cache_read + sums.cache_creation
        share = words.percent(sums.cache_read / total) if total else words.NO_TIME
        remark = translate("charts", "{0} read from the cache").format(share)
        _number(self.tokens, total, remark)
        whole = words.exact_money(sums.cost)
        remark = translate("charts", "not your bill")
        if sums.unpriced:
            replies = translate("charts", "reply"), translate("charts", "replies")
            left = words.plural(sums.unpriced, *replies)
            remark = translate("charts", "{0} without a price").format(left)
        self.cost.say(words.money(sums.cost), remark, whole=whole)


def _number(tile: Tile, value: int, remark: str = "") -> None:
    tile.say(
        words.short_count(value) if value >= 100_000 else words.count(value),
        remark,
        whole=words.count(value),
    )
