"""How many threads a conversation would have at other sensitivities: for a live count."""

from collections.abc import Sequence
from sqlite3 import Connection

from core.queries import threads as queries
from core.threads.sensing import segments_at
from core.threads.shaping import shaped
from core.weaving.conversation import Conversation
from core.weaving.learnt import fitting


def counts(db: Connection, conversation: int, sensitivities: Sequence[float]) -> tuple[int, ...]:
    """Return the threads of the main line and branches of *conversation* at each sensitivity.

    Reads the conversation once and writes nothing; what the person split and merged counts.
    Costs as much as weaving it once, and a few milliseconds more for each sensitivity.
    """
    _, weights = fitting(db)
    one = Conversation(conversation, weights, 0.0)
    one.read(db)
    edits = {edit.prompt: edit for edit in queries.edits(db, conversation)}
    lanes = one.own_lanes()
    for lane in lanes:
        lane.flush()
    return tuple(
        sum(
            len(
                {
                    part.thread
                    for part in shaped(segments_at(lane.threader, weights, more), lane.uuids, edits)
                }
            )
            for lane in lanes
        )
        for more in sensitivities
    )
