"""The fit of `core.threads.fitting` with numpy: the same numbers, many times faster."""

from collections.abc import Sequence

import numpy as np

from core.threads.fitting import STEPS, Examples


def fit(
    examples: Examples, ridge: float, prior: Sequence[float] | None = None
) -> tuple[float, ...]:
    """Return the weights, the constant last; see `core.threads.fitting.fit`."""
    rows = np.column_stack([np.array(examples.rows), np.ones(len(examples.rows))])
    answers, counts = np.array(examples.answers), np.array(examples.counts)
    size = rows.shape[1]
    start = np.array(prior) if prior else np.zeros(size)
    hold = np.full(size, ridge)
    hold[-1] = 1e-3
    weights = start
    for _ in range(STEPS):
        guess = 1.0 / (1.0 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (counts * (guess - answers)) + hold * (weights - start)
        curve = counts * guess * (1.0 - guess) + 1e-6
        bend = (rows * curve[:, None]).T @ rows + np.diag(hold)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-4:
            break
    return tuple(float(weight) for weight in weights)
