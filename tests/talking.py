"""Sessions as somebody might have them, drawn at random: the same draws, the same session."""

import random
from collections.abc import Callable

from tests import builders as b

_CALLS = (
    ("Read", {"file_path": "/p/a.py"}),
    ("Read", {"file_path": "/p/b.py"}),
    ("Edit", {"file_path": "/p/a.py", "old_string": "a"}),
    ("Bash", {"command": "grep -r x ."}),
    ("Bash", {"command": "pytest -q"}),
    ("Grep", {"pattern": "x"}),
)


class Talk:
    """Writes a session as somebody might: rewinds, agents, late and failing calls, pauses."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._at = 0
        self._last: str | None = None
        self._number = 0
        self._open: list[tuple[str, str, dict[str, object]]] = []
        self.prompts: list[tuple[str, str | None]] = []
        self._acts: list[Callable[[str], b.Line]] = [
            self._prompt, self._prompt, self._says, self._says, self._call, self._call, self._call,
            self._answer, self._answer, self._answer, self._compact,
        ]  # fmt: skip
        if draw.random() < 0.5:  # without these, cuts are clean and pieces stay as they are
            self._acts += [self._rewind, self._agent, self._agent]

    def line(self) -> b.Line:
        """Return the next line."""
        draw = self._draw
        self._at += draw.choice((1, 5, 30, 200, 1_000))
        self._number += 1
        act = self._prompt if not self.prompts else draw.choice(self._acts)
        return act(f"u{self._number}")

    def _prompt(self, uuid: str) -> b.Line:
        said = self._draw.choice(
            (
                "fix the chart",
                "no, that is wrong",
                "thanks, it works",
                "try again",
                "why the lexer?",
            )
        )
        self.prompts.append((uuid, self._last))
        line = b.prompt(uuid, f"{said} {self._draw.choice('abc') * 4}", self._last, at=self._at)
        self._last = uuid
        return line

    def _rewind(self, uuid: str) -> b.Line:
        _, self._last = self._draw.choice(self.prompts)
        return self._prompt(uuid)

    def _says(self, uuid: str) -> b.Line:
        word = self._draw.choice(("chart", "lexer", "unicode"))
        used = b.usage(10, 20, self._draw.choice((0, 50_000)), self._draw.choice((0, 40_000)))
        line = b.says(uuid, f"The {word} is done.", self._last, at=self._at, usage=used, api=uuid)
        self._last = uuid
        return line

    def _call(self, uuid: str) -> b.Line:
        tool, given = self._draw.choice(_CALLS)
        line = b.calls(uuid, f"k{uuid}", tool, dict(given), self._last, at=self._at)
        self._open.append((uuid, f"k{uuid}", {}))
        self._last = uuid
        return line

    def _answer(self, uuid: str) -> b.Line:
        if not self._open:
            return self._says(uuid)
        call, key, more = self._open.pop(self._draw.randrange(len(self._open)))
        error = self._draw.random() < 0.4
        said = (
            "Exit code 1\nmake: nothing to do" if error else "done " * self._draw.choice((1, 9_000))
        )
        if not more:
            self._last = uuid
        return b.answers(uuid, key, said, parent=call, at=self._at, error=error, **more)

    def _agent(self, uuid: str) -> b.Line:
        own: dict[str, object] = {"isSidechain": True, "agentId": self._draw.choice(("ag1", "ag2"))}
        if self._draw.random() < 0.3:
            return b.prompt(uuid, "look into the lexer", None, at=self._at, **own)
        line = b.calls(uuid, f"k{uuid}", "Read", {"file_path": "/p/a.py"}, None, at=self._at, **own)
        self._open.append((uuid, f"k{uuid}", own))
        return line

    def _compact(self, uuid: str) -> b.Line:
        line = b.boundary(uuid, self._last or "", at=self._at)
        self._last = uuid
        return line
