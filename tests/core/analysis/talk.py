"""Conversations for the analysers, made of a few words each."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from core.analysis.context import Context, context
from core.analysis.context_piece import context_piece, last_reply
from core.analysis.material import Call, Cut, Material, Said, Spot, Turn
from core.analysis.terms import Frequencies, Terms
from core.model import Kind, Outcome, Usage

MINUTE = 60_000


def spot(number: int) -> Spot:
    return Spot(number, f"u{number}")


def said(number: int, text: str, at: int | None = None, kind: Kind = Kind.REPLY) -> Said:
    return Said(spot(number), at, kind, text)


def asked(number: int, text: str, at: int | None = None) -> Said:
    return said(number, text, at, Kind.PROMPT)


def call(  # noqa: PLR0917  as short as a test wants it
    number: int,
    tool: str,
    given: str = "{}",
    outcome: Outcome = Outcome.OK,
    at: int | None = None,
    took: int | None = None,
    reply: int = 0,
) -> Call:
    return Call(1000 + number, spot(number), tool, given, outcome, at, took, reply=reply)


def turn(
    prompt: Said | None, replies: Sequence[Said] = (), calls: Sequence[Call] = (), **more: object
) -> Turn:
    made = Turn("", prompt, tuple(replies), tuple(calls), session="s")
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name, as replace takes them


def chat(*texts: str, first: int = 1, start: int = 0, step: int = MINUTE) -> list[Turn]:
    """Return a turn for every two of *texts*: a prompt and its reply, a minute apart."""
    turns: list[Turn] = []
    for at in range(0, len(texts), 2):
        prompt = asked(first + at, texts[at], start + at * step)
        replies = [
            said(first + at + 1, text, start + (at + 1) * step) for text in texts[at + 1 : at + 2]
        ]
        turns.append(turn(prompt, replies))
    return turns


def talk(turns: Sequence[Turn], cuts: Sequence[Cut] = (), key: str = "c") -> Material:
    return Material(key, "/p", tuple(turns), tuple(cuts))


def cut(at: Turn, thread: str, type_: str = "words") -> Cut:
    assert at.prompt
    return Cut(at.prompt.spot, thread, type_, 0.8, ("New words.",))


USED = Usage(input=100, output=20, cache_read=5000, cache_creation=30)


def analysed(
    talked: Material, known: Frequencies, terms: Terms | None = None, at: Sequence[int] = ()
) -> Context:
    """Return the context analysis of *talked*, cut into pieces before its turns *at*."""
    before, pieces = "", []
    places = [0, *sorted(at), len(talked.turns)]
    for begin, end in pairwise(places):
        turns = talked.turns[begin:end]
        pieces.append(context_piece(turns, terms or Terms(), before))
        before = last_reply(turns, before)
    return context(pieces, talked.cuts, lambda _: known)
