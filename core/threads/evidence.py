"""What a turn tells about its topic, in bounded space: words, files, tickets, pauses, form.

A turn is a prompt and all that follows until the next one. Its texts are read once and
cut where they are long, so that a turn with sixty tool calls weighs as much as one with two.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.model import BlockKind, Kind, Message
from core.records.fields import load, mapping, text
from core.threads.cues import Form, form
from core.threads.words import Lexicon, Vector, tokens

PROMPT, REPLY, INPUT, RESULT = 6000, 1500, 1200, 400  # letters read of a text at most
KEPT = 500  # letters of a prompt that are kept
MOST = 160  # words kept of a turn
PART = 80  # words kept of its beginning and of its last reply
_EDITS = frozenset({"Edit", "Write", "MultiEdit", "NotebookEdit"})
_FILE_KEYS = ("file_path", "path", "notebook_path")
# Both begin at the beginning of a word only: else a long one would be gone through again from
# each of its letters.
PATH = re.compile(
    r"(?<![\w.@~-])(?:[\w.@~-]+/)+[\w.@-]+|"
    r"(?<![\w-])[\w-]+\.(?:py|ts|tsx|js|jsx|md|rs|go|json|ya?ml|toml|sh)\b"
)
_TICKET = re.compile(r"(?:#|issues?[/ ]#?|pulls?/|PR[ #]+)(\d{1,6})\b|\b([A-Z]{2,8}-\d{1,5})\b")
_AND = re.compile(r"&&|\|\||[;|\n]")
_BRANCH = re.compile(r"\bgit (?:checkout -[bB]|switch -[cC]|worktree add)\b")
_COMMIT = re.compile(r"\bgit (?:commit|push|merge)\b|\bgh pr (?:create|merge)\b")


@dataclass(slots=True)
class Turn:
    """The evidence of one turn. Only `Gatherer` fills it in."""

    uuid: str
    at: int | None  # when the prompt was sent
    ended: int | None  # when the last thing before the next prompt happened
    prompt: str  # how it begins
    length: int  # letters of it that were read
    slash: bool  # a slash command
    branch: str
    cwd: str
    form: Form = field(default_factory=Form)
    words: Vector = field(default_factory=dict)
    taken: float = 0.0  # share of their length that the library's common words took
    asked: Vector = field(default_factory=dict)  # words of the prompt alone
    begun: Vector = field(default_factory=dict)  # of the first reply and the first calls
    told: Vector = field(default_factory=dict)  # of the last reply
    files: Vector = field(default_factory=dict)
    folders: Vector = field(default_factory=dict)
    edited: frozenset[int] = frozenset()  # files it changed
    looked: frozenset[int] = frozenset()  # files it read or searched
    tickets: frozenset[str] = frozenset()
    programs: Vector = field(default_factory=dict)  # first two words of shell commands
    tools: frozenset[str] = frozenset()
    question: bool = False  # the last reply ends by asking
    committed: bool = False  # something was committed, pushed or merged
    branches: bool = False  # a git branch or worktree was made
    calls: int = 0
    edits: int = 0
    interrupted: bool = False


class Gatherer:
    """Collects the evidence of one lane's turns, message by message."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._turn: _Open | None = None

    def open(self, message: Message, cwd: str, branch: str) -> Turn | None:
        """Begin a turn at the prompt *message*; return the one before, finished."""
        done = self.close()
        self._turn = _Open(self._lexicon, message, cwd, branch)
        return done

    def add(self, message: Message) -> None:
        """Add what *message* says to the turn it is in."""
        if self._turn:
            self._turn.add(message)

    def close(self) -> Turn | None:
        """Return the turn that is being collected, finished; None if there is none."""
        turn, self._turn = self._turn, None
        return turn.finish() if turn else None


class _Open:
    """A turn whose messages are still coming."""

    def __init__(self, lexicon: Lexicon, message: Message, cwd: str, branch: str) -> None:
        said = "\n".join(b.text for b in message.blocks if b.kind is BlockKind.PROMPT)[:PROMPT]
        self._lexicon = lexicon
        self.turn = Turn(
            message.uuid, message.at, message.at, said[:KEPT], len(said),
            message.kind is Kind.COMMAND, branch, cwd, form(said),
        )  # fmt: skip
        self._said = Counter(tokens(said))
        self._words: Counter[str] = Counter()  # of replies and calls
        self._results: Counter[str] = Counter()
        self._begun: Counter[str] = Counter()
        self._last: list[str] = []  # the words of the last reply
        self._files: Counter[str] = Counter()
        self._edited: set[str] = set()
        self._looked: set[str] = set()
        self._programs: Counter[str] = Counter()
        self._tickets: set[str] = set()
        self._tools: set[str] = set()
        self._told = ""
        self._replies = 0
        self._tickets.update(tickets(said))
        for path in PATH.findall(said)[:20]:
            self._files[path] += 1

    def add(self, message: Message) -> None:
        turn = self.turn
        if message.at is not None and (turn.ended is None or message.at > turn.ended):
            turn.ended = message.at
        if message.kind is Kind.INTERRUPT:
            turn.interrupted = True
        for block in message.blocks:
            if block.kind is BlockKind.REPLY:
                self._reply(block.text)
            elif block.call:
                self._call(block.call.tool, block.call.input, block.text)
            elif block.kind is BlockKind.RESULT:
                self._results.update(tokens(block.text[:RESULT]))

    def _reply(self, said: str) -> None:
        said = said[:REPLY] if len(said) > REPLY else said
        if not said.strip():
            return
        self._last = tokens(said)
        self._words.update(self._last)
        if self._replies < 1:
            self._begun.update(self._last)
        self._replies += 1
        self._told = said

    def _call(self, tool: str, given: str, flat: str) -> None:
        turn = self.turn
        turn.calls += 1
        self._tools.add(tool)
        flat = flat[:INPUT]
        found = tokens(flat)
        self._words.update(found)
        if turn.calls <= 3:
            self._begun.update(found)
        if tool == "Bash":
            self._shell(flat)
            return
        if len(given) < 200_000:
            fields = mapping(load(given))
            kind = self._edited if tool in _EDITS else self._looked
            for key in _FILE_KEYS:
                if path := text(fields, key):
                    self._files[path] += 1
                    kind.add(path)
        if tool in _EDITS:
            turn.edits += 1

    def _shell(self, line: str) -> None:
        if _COMMIT.search(line):
            self.turn.committed = True
        if _BRANCH.search(line):
            self.turn.branches = True
        self._tickets.update(tickets(line))
        for part in _AND.split(line)[:6]:
            words = part.split()[:2]
            if words:
                self._programs[" ".join(words)] += 1
        for path in PATH.findall(line)[:12]:
            self._files[path] += 1

    def finish(self) -> Turn:
        turn, lexicon = self.turn, self._lexicon
        count = lexicon.count
        asked: dict[int, float] = {}
        count(self._said, 1.0, asked)
        words = {word: 2 * weight for word, weight in asked.items()}
        count(self._words, 1.0, words)
        count(self._results, 0.3, words)
        begun: dict[int, float] = {}
        count(self._begun, 1.0, begun)
        told: dict[int, float] = {}
        count(Counter(self._last), 1.0, told)
        turn.words = lexicon.vector(words, MOST)
        turn.taken = lexicon.taken(turn.words)
        turn.asked = lexicon.vector(asked, MOST)
        turn.begun = lexicon.vector(begun, PART)
        turn.told = lexicon.vector(told, PART)
        names: Counter[int] = Counter()
        folders: Counter[int] = Counter()
        for path, times in self._files.items():
            parts = [part for part in path.split("/") if part]
            if not parts:
                continue
            names[_file(lexicon, parts)] += times
            for depth in (2, 3):
                if len(parts) > depth:
                    folders[lexicon.number("//" + "/".join(parts[-depth - 1 : -1]))] += times
        turn.files = lexicon.vector(names, 60)
        turn.folders = lexicon.vector(folders, 60)
        programs = {lexicon.number("$" + line): times for line, times in self._programs.items()}
        turn.programs = lexicon.vector(programs, 40)
        turn.edited, turn.looked = (
            frozenset(_file(lexicon, path.split("/")) for path in paths)
            for paths in (self._edited, self._looked)
        )
        turn.tickets = frozenset(self._tickets)
        turn.tools = frozenset(self._tools)
        turn.question = "?" in self._told[-160:]
        return turn


def _file(lexicon: Lexicon, parts: Sequence[str]) -> int:
    """Return the number of a file: its name and its folder's, wherever they lie."""
    return lexicon.number("/" + "/".join([part for part in parts if part][-2:]))


def tickets(said: str) -> set[str]:
    """Return the issues and pull requests that *said* names."""
    return {one or other for one, other in _TICKET.findall(said)}


def gather(messages: Sequence[tuple[Message, bool, str, str]], lexicon: Lexicon) -> list[Turn]:
    """Return the turns of one lane; each message with: opens a turn, folder, git branch."""
    gatherer = Gatherer(lexicon)
    turns: list[Turn | None] = []
    for message, begins, cwd, branch in messages:
        if begins:
            turns.append(gatherer.open(message, cwd, branch))
        else:
            gatherer.add(message)
    turns.append(gatherer.close())
    return [turn for turn in turns if turn]
