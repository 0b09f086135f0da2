"""Logistic regression by Newton's method, with numpy."""

from dataclasses import dataclass, field

import numpy as np

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


def fit(examples: Examples, ridge: float) -> tuple[float, ...]:
    """Return the weights, the constant last, that best tell the answers from the rows.

    *ridge* keeps the weights small, but for the constant. The same examples always give the
    same weights.
    """
    rows = np.column_stack([np.array(examples.rows), np.ones(len(examples.rows))])
    answers, counts = np.array(examples.answers), np.array(examples.counts)
    size = rows.shape[1]
    hold = np.full(size, ridge)
    hold[-1] = 1e-3
    weights = np.zeros(size)
    for _ in range(STEPS):
        guess = 1.0 / (1.0 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (counts * (guess - answers)) + hold * weights
        curve = counts * guess * (1.0 - guess) + 1e-6
        bend = (rows * curve[:, None]).T @ rows + np.diag(hold)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-4:
            break
    return tuple(float(weight) for weight in weights)
