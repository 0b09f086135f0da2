"""Where the user has been, to go back and forward as in a browser."""

from typing import Final

_LONGEST: Final = 100


class Trail:
    """The keys of conversations in the order they were opened, and where we are in it."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._at = -1

    @property
    def can_go_back(self) -> bool:
        """Whether something was opened before this."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether the user has gone back from something."""
        return self._at < len(self._keys) - 1

    def go(self, key: str) -> None:
        """Note that *key* was opened; what was ahead is forgotten."""
        if 0 <= self._at < len(self._keys) and self._keys[self._at] == key:
            return
        del self._keys[self._at + 1 :]
        self._keys.append(key)
        del self._keys[:-_LONGEST]
        self._at = len(self._keys) - 1

    def swap(self, key: str) -> None:
        """Note that *key* was opened in place of where we are."""
        if self._at < 0:
            self.go(key)
        else:
            self._keys[self._at] = key

    def step(self, by: int) -> str | None:
        """Go *by* steps (1 or -1) and return the key there; None if there is none."""
        if not 0 <= self._at + by < len(self._keys):
            return None
        self._at += by
        return self._keys[self._at]
