"""Which API call of a Codex rollout an item belongs to, and which tokens it took.

A rollout has no ids of calls. A call is the run of reply items between two things that the
program or a person put in. Its ``token_count`` event is written before its items by early
versions, after its results by later ones, and again with each change of a rate limit.
"""

from core.messages.format import Memory
from core.messages.telling import with_
from core.model import Reply, Usage
from core.records.fields import JsonObject, count, mapping, text, truth


def opened(memory: Memory, *, copy: bool = False) -> Memory:
    """Return *memory* after an item of a reply; a *copy* for the screen may come too early."""
    number = count(memory, "call")
    if truth(memory, "closed") or not number:
        return with_(memory, call=number + 1, closed=False, paid=False, items=not copy, searches=0)
    return memory if copy or truth(memory, "items") else with_(memory, items=True)


def closed(memory: Memory) -> Memory:
    """Return *memory* after something that the model did not write: the next item is a new call."""
    if truth(memory, "closed") or not count(memory, "call"):
        return memory
    return with_(memory, closed=True)


def reply(memory: Memory, usage: Usage | None = None) -> Reply:
    """Return the call that is open in *memory*, a piece of it or, with *usage*, its tokens."""
    return Reply(
        api_id=f"call-{count(memory, 'call')}",
        request="",
        model=text(memory, "model"),
        usage=usage or Usage(),
        final=usage is not None,
        fast=truth(memory, "fast"),
        searches=count(memory, "searches"),
    )


def told(info: JsonObject, memory: Memory) -> tuple[Reply | None, Memory]:
    """Return the tokens that a ``token_count`` event adds; None if it says nothing new.

    ``total_token_usage`` grows from call to call: if it has not, this is a repetition.
    """
    total, last = mapping(info.get("total_token_usage")), mapping(info.get("last_token_usage"))
    before = mapping(memory.get("total"))
    if total and total == before:
        return None, memory
    if not (total or last):
        return None, memory
    if total:
        memory = with_(memory, total=dict(total))
    usage = _usage(last) if last else _grown(total, before)
    if truth(memory, "copying"):
        return None, memory  # counted in the session that it was copied from
    if not usage.total:
        return None, memory
    if truth(memory, "paid") or not count(memory, "call"):
        number = count(memory, "call") + 1
        memory = with_(memory, call=number, closed=False, paid=True, items=False, searches=0)
    else:
        done = truth(memory, "closed") or truth(memory, "items")
        memory = with_(memory, paid=True, closed=done)
    return reply(memory, usage), memory


def _usage(data: JsonObject) -> Usage:
    """Return the counts of *data*: its input includes what was cached, its output all thoughts."""
    cached = count(data, "cached_input_tokens")
    given = max(0, count(data, "input_tokens") - cached)
    return Usage(input=given, output=count(data, "output_tokens"), cache_read=cached)


def _grown(total: JsonObject, before: JsonObject) -> Usage:
    """Return how much *total* is above *before*; all of it if it was set back."""
    now, then = _usage(total), _usage(before)
    pairs = (
        (now.input, then.input),
        (now.output, then.output),
        (now.cache_read, then.cache_read),
    )
    if any(new < old for new, old in pairs):
        return now
    more = [new - old for new, old in pairs]
    return Usage(input=more[0], output=more[1], cache_read=more[2])
