"""What is said of the hits of a search as a whole."""

from core.queries.search import Found
from desktop.look import words
from desktop.look.words import translate


def summary(found: Found, ms: float, conversations: int) -> str:
    """Return in one line how many hits were found in so many *conversations*, and how fast."""
    shown, total = len(found.hits), found.total
    took = translate("search", "{0} ms").format(max(1, round(ms)))
    where = words.plural(conversations, "conversation", "conversations")
    if shown == total:
        return f"{words.plural(total, 'hit', 'hits')} in {where} · {took}"
    said = translate("search", "Best {0} of {1} hits, in {2} · {3}")
    if found.newest:
        said = translate("search", "Newest {0} of {1} hits, in {2} · {3}")
    more = "+" if found.at_least else ""
    return said.format(words.count(shown), words.count(total) + more, where, took)


def meaning(found: Found) -> str:
    """Return how the hits of *found* are ordered, and what was left out."""
    said = [translate("search", "By rank (BM25); newer ones count for up to half more.")]
    if found.newest:
        said = [translate("search", "The newest first: too many match for a rank to tell much.")]
    if found.at_least:
        said.append(translate("search", "There may be more: not all were counted."))
    if found.cut:
        cut = "Very many words begin so: those that the newest texts use most were looked for."
        said.append(translate("search", cut))
    return "\n".join(said)
