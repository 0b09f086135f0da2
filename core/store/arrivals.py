"""What of a slice is new, for those who need no message of it: mostly numbers."""

from dataclasses import dataclass, field

from core.model import Kind
from core.store.pairing import DELEGATES
from core.store.placing import Placed, Placement


@dataclass(slots=True)
class Arrival:
    """The new messages of a slice."""

    first: int  # id of the first of them; they are numbered from there
    uids: list[int]  # in order
    uuids: tuple[str, ...]  # likewise
    pasts: tuple[str, ...] = ()  # uuids of what they continue behind a compaction
    places: frozenset[int | None] = frozenset()  # what those hang on that may begin a branch
    starts: bool = False  # whether any of them starts an agent
    replaced: bool = False  # whether any of them is in the place of one that said something else
    elsewhere: set[int] = field(default_factory=set[int])  # the first other sessions with them

    @property
    def last(self) -> int:
        """Id of the last message; 0 if there is none."""
        return self.first + len(self.uids) - 1 if self.uids else 0


def arrival(placement: Placement) -> Arrival:
    """Return what *placement* says is new."""
    new = placement.new
    messages = [placed.message for placed in new]
    return Arrival(
        first=new[0].id if new else 0,
        uids=[placed.uid for placed in new],
        uuids=tuple(placed.uuid for placed in new),
        pasts=tuple(one.logical_parent for one in messages if one.logical_parent),
        places=frozenset(placed.anchor.hung_on for placed in new if _starts_fork(placed)),
        starts=any(
            block.call is not None and block.call.tool in DELEGATES
            for one in messages
            for block in one.blocks
        ),
        replaced=bool(placement.replaced),
        elsewhere=placement.elsewhere,
    )


def _starts_fork(placed: Placed) -> bool:
    """Tell whether *placed* could be where a person went on after a rewind."""
    return (
        placed.message.kind is Kind.PROMPT
        and placed.agent == ""
        and placed.anchor.hung_on is not None
    )
