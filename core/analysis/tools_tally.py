"""Counts of things by name that can be added up, each with a few examples to look at."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from core.records.fields import items

Key: TypeAlias = tuple[str, ...]
Row: TypeAlias = list[object]  # the key's words, the count, the examples: as JSON has it

EXAMPLES: Final = 3  # kept of each thing, the first ones


class Tally:
    """How often each key was seen, and where first.

    Tallies add up to the same counts in any order; only which examples are kept may differ.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._counts: dict[Key, int] = {}
        self._examples: dict[Key, list[int]] = {}

    def add(self, key: Key, example: int = 0, count: int = 1) -> None:
        """Count *key* *count* times more; *example* is a row id, 0: none."""
        self._counts[key] = self._counts.get(key, 0) + count
        if example:
            kept = self._examples.setdefault(key, [])
            if len(kept) < EXAMPLES:
                kept.append(example)

    def merge(self, rows: list[Row]) -> None:
        """Add what `rows` of another tally returned."""
        for *words, count, examples in rows:
            key = tuple(str(word) for word in words)
            self._counts[key] = self._counts.get(key, 0) + int(str(count))
            kept = self._examples.setdefault(key, [])
            kept += [int(str(one)) for one in items(examples)][: EXAMPLES - len(kept)]

    def rows(self) -> list[Row]:
        """Return everything, in the order of the keys, as lists for JSON."""
        return [[*key, self._counts[key], self.examples(key)] for key in sorted(self._counts)]

    def __getitem__(self, key: Key) -> int:
        return self._counts.get(key, 0)

    def __iter__(self) -> Iterator[tuple[Key, int]]:
        yield from self._counts.items()

    def __len__(self) -> int:
        return len(self._counts)

    def examples(self, key: Key) -> list[int]:
        """Return row ids where *key* was seen, at most `EXAMPLES`."""
        return list(self._examples.get(key, ()))

    def under(self, *first: str) -> list[tuple[Key, int]]:
        """Return the rest of the keys that begin with *first*, the most frequent first."""
        width = len(first)
        found = [(key[width:], n) for key, n in self._counts.items() if key[:width] == first]
        return sorted(found, key=lambda one: (-one[1], one[0]))
