"""What is counted of a turn, and of the turns of a thread together."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.measures.topics import TERMS, terms
from core.model import BlockKind, Kind
from core.records.fields import load, mapping, text
from core.weaving.reading import Spoken

IDLE = 300_000  # milliseconds of a gap that count as work, unless a tool ran in it
_ASKED = 2000  # letters of a prompt that are kept
_WEIGHT = 3  # of a prompt's word against a reply's
_FILE_KEYS = ("file_path", "notebook_path")


@dataclass(slots=True)
class Tally:
    """Counts of messages next to each other in one lane."""

    first: int = 0  # row id of the first message
    pieces: list[tuple[int, int, int]] = field(
        default_factory=list[tuple[int, int, int]]
    )  # session, first and last message
    messages: int = 0
    prompts: int = 0
    calls: int = 0
    errors: int = 0
    started: int | None = None
    ended: int | None = None
    active: int = 0  # milliseconds
    said: str = ""  # the prompt
    tools: Counter[str] = field(default_factory=Counter[str])
    files: Counter[str] = field(default_factory=Counter[str])
    words: Counter[str] = field(default_factory=Counter[str])

    def add(self, spoken: Spoken) -> None:
        """Count one message more."""
        message = spoken.message
        self.first = self.first or spoken.id
        self._reach(spoken.session, spoken.id, spoken.id)
        self.messages += 1
        self.prompts += message.kind in {Kind.PROMPT, Kind.QUEUED}
        self.calls += spoken.calls
        self.errors += spoken.errors
        if message.at is not None:
            if self.ended is not None and message.at > self.ended:
                gap = message.at - self.ended
                self.active += gap if message.kind is Kind.RESULT else min(gap, IDLE)
            self.started = message.at if self.started is None else min(self.started, message.at)
            self.ended = message.at if self.ended is None else max(self.ended, message.at)
        for block in message.blocks:
            if block.kind is BlockKind.REPLY:
                terms(block.text, self.words)
            elif block.call:
                self._call(block.call.tool, block.call.input)

    def ask(self, spoken: Spoken) -> None:
        """Count the prompt that the turn begins with."""
        self.add(spoken)
        self.said = "\n".join(
            block.text for block in spoken.message.blocks if block.kind is BlockKind.PROMPT
        )[:_ASKED]
        terms(self.said, self.words, _WEIGHT)

    def plus(self, other: "Tally") -> None:
        """Count what *other*, which comes later, has counted."""
        self.first = self.first or other.first
        for piece in other.pieces:
            self._reach(*piece)
        self.messages += other.messages
        self.prompts += other.prompts
        self.calls += other.calls
        self.errors += other.errors
        self.active += other.active
        self.started = _least(self.started, other.started)
        self.ended = other.ended if self.ended is None else max(self.ended, other.ended or 0)
        self.tools.update(other.tools)
        self.files.update(other.files)
        self.words.update(other.words)

    def close(self) -> None:
        """Forget the words that will never be among those of a thread."""
        if len(self.words) > 2 * TERMS:
            self.words = Counter(dict(ranked(self.words)[: 2 * TERMS]))

    def _reach(self, session: int, first: int, last: int) -> None:
        if self.pieces and self.pieces[-1][0] == session:
            _, begun, end = self.pieces[-1]
            self.pieces[-1] = (session, min(begun, first), max(end, last))
        else:
            self.pieces.append((session, first, last))

    def _call(self, tool: str, given: str) -> None:
        self.tools[tool] += 1
        if given:
            fields = mapping(load(given))
            for key in _FILE_KEYS:
                if path := text(fields, key):
                    self.files[path] += 1


def total(tallies: Iterable[Tally]) -> Tally:
    """Return *tallies*, in order, counted together."""
    found = Tally()
    for one in tallies:
        found.plus(one)
    return found


def ranked(words: Counter[str]) -> list[tuple[str, int]]:
    """Return *words* with their counts, the most frequent first, equals by the alphabet."""
    return sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))


def _least(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
