"""Gives every message of a slice its id, its parent and its lane; finds copies.

A message's identity is its record's uuid, else a hash of the file's identity and the
offset. The same uuid in another file is a copy: it is stored, but counted only once (see
`core.store.families`). The same uuid twice in one file is stored once, unless the two say
different things: then the second is a message of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from sqlite3 import Connection

from core.light import light
from core.model import Facts, Hop, Message, Place, Problem, Reply, Severity
from core.store.digests import digest_of
from core.store.keys import Keys, listed
from core.store.rows import Rows

EARLIER = -1  # offset of messages that are no longer in their file


@light
@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the children of a record hang."""

    message: int | None  # nearest message above
    agent: str = ""
    branch: int = 0
    # What tells two children of one place from others: the key of that message's reply, which
    # may be several messages, else its uid, else the uid of the topmost record above.
    hung_on: int | None = None


@light
@dataclass(frozen=True, slots=True)
class Placed:
    """A message that is new to its session, ready to be written."""

    id: int
    uid: int
    uuid: str
    digest: int
    anchor: Anchor  # its parent
    agent: str
    branch: int
    message: Message
    reply: int | None = None  # key of the reply that it is a piece of


@dataclass(slots=True)
class Placement:
    """What `place` found in a slice."""

    new: list[Placed] = field(default_factory=list)
    hops: Rows = field(default_factory=lambda: Rows(3))  # of hop, without their session
    moved: list[tuple[Place, int]] = field(default_factory=list)  # still there, maybe elsewhere
    replaced: list[int] = field(default_factory=list)  # messages whose content changed
    elsewhere: set[int] = field(default_factory=set)  # the first others that hold them, too
    notes: list[Problem] = field(default_factory=list)
    told: list[Reply] = field(default_factory=list)  # of records that are here already


@light
@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    digest: int
    offset: int


# The plus keeps the search to the uids: an index would give all of the session. The ids keep it
# from going through what many other files hold, too, which mostly came before or after.
_BY_UID = """
SELECT uid, message.id, digest, offset, agent, branch, reply.key
FROM message LEFT JOIN reply ON reply.id = message.reply_id
WHERE uid IN (SELECT value FROM json_each(:uids)) AND +message.session_id = :session
    AND message.id BETWEEN (SELECT min(id) FROM message WHERE session_id = :session)
        AND (SELECT max(id) FROM message WHERE session_id = :session)
"""
# One of those that hold a message is enough: it belongs with all others that do already.
_ELSEWHERE = """
SELECT DISTINCT (SELECT session_id FROM message
    WHERE uid = asked.value AND session_id <> :session ORDER BY id LIMIT 1) AS other
FROM json_each(:uids) AS asked WHERE other IS NOT NULL
"""
_BY_HOP = """
SELECT hop.uid, hop.message_id, coalesce(message.agent, ''), coalesce(message.branch, 0),
       hop.hung_on FROM hop LEFT JOIN message ON message.id = hop.message_id
WHERE hop.session_id = :session AND hop.uid IN (SELECT value FROM json_each(:uids))
"""
_TIP = """
SELECT branch, message.id, coalesce(reply.key, uid) FROM message
LEFT JOIN reply ON reply.id = message.reply_id
WHERE message.session_id = :session AND agent = :agent ORDER BY message.id DESC LIMIT 1
"""


class Placer:
    """Places the messages of one slice of one session."""

    def __init__(  # noqa: PLR0913  the session, and how it is read
        self,
        db: Connection,
        session: int,
        key: str,
        agent: str,
        *,
        first_id: int,
        keys: Keys,
        rewriting: bool | None = None,
    ) -> None:
        """Prepare for session *session* with *key*; new messages get ids from *first_id*.

        With 0 the library has nothing of the session, and is not asked for anything.
        *keys* may know the ids of its records already.

        *rewriting* is None when a file is read on from where it ended. When it is read again
        from its beginning it tells whether messages that are here already are written anew:
        all of them where the reader has learnt something, else those behind the first
        difference, because ids grow in file order.
        """
        self.rewriting = rewriting
        self._db = db
        self._session = session
        self._key = key
        self._agent = agent
        self._keys = keys
        self._next = first_id
        self._known: dict[int, _Known] = {}
        self._anchors: dict[int, Anchor] = {}
        self._found = Placement()
        self._tip = 0
        self._last: Anchor | None = None  # where a record without a parent of its own hangs

    def place(self, facts: Sequence[Facts], digests: Sequence[int] = ()) -> Placement:
        """Return the rows *facts* call for. Reads the library, writes nothing.

        *digests* are those of the facts' messages one by one, where they were made already.
        """
        if self._session:
            self._look_up(facts)
        for fact, digest in zip(facts, digests or repeat(None, len(facts)), strict=True):
            message = fact.message
            if message is not None:
                self._message(message, digest_of(message) if digest is None else digest)
            elif fact.hop is not None:
                self._hop(fact.hop)
        return self._found

    def uid(self, message: Message) -> int:
        """Return the key of *message*."""
        return self._keys[message.uuid or self._made_up(message)]

    def _made_up(self, message: Message) -> str:
        return f"{self._key}@{message.place.offset}"

    def _look_up(self, facts: Sequence[Facts]) -> None:
        """Read what the library knows about the ids in *facts*, in three statements."""
        keys = self._keys
        own: set[int] = set()
        parents: set[int] = set()
        for fact in facts:
            message = fact.message
            if message is not None:
                own.add(self.uid(message))
                if message.parent:
                    parents.add(keys[message.parent])
                if message.logical_parent:
                    parents.add(keys[message.logical_parent])
            elif fact.hop is not None and fact.hop.parent:
                parents.add(keys[fact.hop.parent])
        asked = {"session": self._session, "uids": listed(own | parents)}
        for uid, id_, digest, offset, agent, branch, reply in self._db.execute(_BY_UID, asked):
            self._known[uid] = _Known(id_, digest, offset)
            self._anchors[uid] = Anchor(id_, agent, branch, uid if reply is None else reply)
        asked["uids"] = listed(own)
        self._found.elsewhere |= elsewhere(self._db, self._session, asked["uids"])
        asked["uids"] = listed(parents - self._anchors.keys())
        for uid, *anchor in self._db.execute(_BY_HOP, asked):
            self._anchors.setdefault(uid, Anchor(*anchor))
        row = self._db.execute(_TIP, {"session": self._session, "agent": self._agent}).fetchone()
        if row:
            self._tip = row[0]
            self._last = Anchor(row[1], self._agent, row[0], row[2])

    def _hop(self, hop: Hop) -> None:
        """Hang what comes below *hop* on what is above it; the first of a chain is a place too."""
        anchor = self._anchor(hop.parent)
        uid = self._keys[hop.uuid]
        if anchor.hung_on is None:
            anchor = replace(anchor, hung_on=uid)
        self._anchors.setdefault(uid, anchor)
        self._found.hops.add((uid, anchor.message, anchor.hung_on or uid))

    def _anchor(self, parent: str) -> Anchor:
        known = self._anchors.get(self._keys[parent]) if parent else None
        return known or Anchor(None, self._agent, self._tip)

    def _above(self, message: Message) -> Anchor:
        """Return where *message* hangs: a compaction on what it continues, if that is here."""
        if not message.linked and not message.sidechain and self._last is not None:
            return self._last
        return self._anchor(message.parent or message.logical_parent)

    def _message(self, message: Message, digest: int) -> None:
        uuid = message.uuid or self._made_up(message)
        uid = self._keys[uuid]
        known = self._known.get(uid)
        if known is not None and known.digest != digest and known.offset != EARLIER:
            self._note(message)
            uuid = f"{uuid}~{digest:08x}"
            uid = self._keys[uuid]
            known = self._known.get(uid) or self._stored(uid)
        if known is not None:
            if known.digest == digest and not self._anew(known, message):
                if known.offset == EARLIER:
                    self._found.moved.append((message.place, known.id))
                    self._known[uid] = _Known(known.id, digest, message.place.offset)
                if message.reply is not None and message.reply.api_id:
                    self._found.told.append(message.reply)  # it may know of more tokens
                return
            self._found.replaced.append(known.id)
        self.rewriting = None if self.rewriting is None else True
        anchor = self._above(message)
        agent = self._lane(message, anchor, uuid)
        branch = self._tip if anchor.message is None else anchor.branch
        reply = message.reply
        piece = self._keys.of_reply(reply, uid) if reply is not None else None
        placed = Placed(self._next, uid, uuid, digest, anchor, agent, branch, message, piece)
        self._next += 1
        self._found.new.append(placed)
        self._known[uid] = _Known(placed.id, digest, message.place.offset)
        place = uid if piece is None else piece
        self._anchors[uid] = here = Anchor(placed.id, agent, branch, place)
        if agent == self._agent:
            self._tip, self._last = branch, here

    def _anew(self, known: _Known, message: Message) -> bool:
        """Tell whether a message that is here and has not changed is written anew all the same."""
        if not self.rewriting or known.offset != EARLIER:
            return False
        # What a file of its own held may be gone now; what was read of it stays.
        return not any(b.result and b.result.persisted and b.given is None for b in message.blocks)

    def _stored(self, uid: int) -> _Known | None:
        """Look up one key that was made after `_look_up`: two messages with one uuid."""
        asked = {"session": self._session, "uids": listed((uid,))}
        row = self._db.execute(_BY_UID, asked).fetchone()
        return None if row is None else _Known(*row[1:4])

    def _lane(self, message: Message, anchor: Anchor, uuid: str) -> str:
        """Return the agent whose lane *message* is in; '' on the main line."""
        if self._agent:
            return self._agent
        if not message.sidechain:
            return ""
        return message.agent or anchor.agent or f"side-{uuid[:8]}"

    def _note(self, message: Message) -> None:
        place = message.place
        reason = "This uuid was used before in the file for something else; both were kept."
        self._found.notes.append(Problem(place.line, place.offset, Severity.INFO, reason))


def elsewhere(db: Connection, session: int, uids: object) -> set[int]:
    """Return the first other sessions than *session* that hold *uids*, as `listed` gives them."""
    asked = {"uids": uids, "session": session}
    return {other for (other,) in db.execute(_ELSEWHERE, asked)}
