"""Logistic regression by Newton's method, in plain Python: a few dozen measures at most."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import mul

STEPS = 8  # Newton steps; more change nothing that matters


@dataclass(slots=True)
class Examples:
    """Rows of measures, each with its answer and how much it counts."""

    rows: list[list[float]] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)  # 1 or 0
    counts: list[float] = field(default_factory=list)

    def add(self, row: list[float], answer: float, count: float = 1.0) -> None:
        """Take one example in."""
        self.rows.append(row)
        self.answers.append(answer)
        self.counts.append(count)


def fit(
    examples: Examples, ridge: float, prior: Sequence[float] | None = None
) -> tuple[float, ...]:
    """Return the weights, the constant last, that best tell the answers from the rows.

    *ridge* keeps the weights near *prior*, or small. The same examples always give the same
    weights.
    """
    size = len(examples.rows[0]) + 1
    rows = [[*row, 1.0] for row in examples.rows]
    start = list(prior) if prior else [0.0] * size
    weights = start
    for _ in range(STEPS):
        slope = [ridge * (now - then) for now, then in zip(weights, start, strict=True)]
        slope[-1] *= 1e-3 / ridge
        bend = [[0.0] * size for _ in range(size)]
        for row, answer, count in zip(rows, examples.answers, examples.counts, strict=True):
            _take(row, answer, count, weights, slope, bend)
        for i in range(size):
            for j in range(i):
                bend[j][i] = bend[i][j]
            bend[i][i] += ridge if i < size - 1 else 1e-3
        step = _solve(bend, slope)
        weights = [weight - part for weight, part in zip(weights, step, strict=True)]
        if max(abs(part) for part in step) < 1e-4:
            break
    return tuple(weights)


def _take(  # noqa: PLR0913, PLR0917  the inner loop: what it works on is handed in
    row: list[float],
    answer: float,
    count: float,
    weights: list[float],
    slope: list[float],
    bend: list[list[float]],
) -> None:
    """Add one example's part to the slope and to the lower half of the bend."""
    score = sum(map(mul, row, weights))
    guess = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
    miss = count * (guess - answer)
    curve = count * guess * (1.0 - guess) + 1e-6
    used = [i for i, value in enumerate(row) if value]
    for i in used:
        slope[i] += miss * row[i]
        part, line = curve * row[i], bend[i]
        for j in used:
            if j > i:
                break
            line[j] += part * row[j]


def _solve(matrix: list[list[float]], right: Sequence[float]) -> list[float]:
    """Return x with matrix x = right, by elimination with the largest pivot."""
    size = len(matrix)
    lines = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(lines[k][i]))
        lines[i], lines[pivot] = lines[pivot], lines[i]
        for k in range(i + 1, size):
            factor = lines[k][i] / lines[i][i]
            if factor:
                lines[k] = [a - factor * b for a, b in zip(lines[k], lines[i], strict=True)]
    found = [0.0] * size
    for i in reversed(range(size)):
        rest = sum(lines[i][k] * found[k] for k in range(i + 1, size))
        found[i] = (lines[i][-1] - rest) / lines[i][i]
    return found
