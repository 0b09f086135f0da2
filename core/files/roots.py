"""What is known of each root that is followed."""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path


class State(Enum):
    """How a root is followed."""

    WATCHED = auto()
    POLLED = auto()
    LOST = auto()
    SILENT = auto()  # its file system does not answer


@dataclass(slots=True)
class Root:
    """A folder with all below it, or a single file, that is followed."""

    real: Path
    whole: bool
    state: State = State.LOST
    identity: tuple[int, int] | None = None  # device and inode of its folder
    trouble: str = ""  # a sentence, unless it is followed as well as can be

    @property
    def folder(self) -> Path:
        """The folder that has to be watched."""
        return self.real if self.whole else self.real.parent


@dataclass(frozen=True, slots=True)
class Mended:
    """What a look at the roots brought."""

    again: tuple[Path, ...]  # roots in which anything may have happened unseen
    trouble: str  # why not all of them are watched; "": they are
