"""A whole conversation woven: its lanes, followed as it grows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum, auto
from sqlite3 import Connection
from statistics import fmean, median

from core.model import BlockKind, Kind, Role
from core.threads.events import opens
from core.threads.lanes import MAIN
from core.threads.links import Tie
from core.threads.references import TEXT, Said
from core.threads.references import Conversation as Talk
from core.threads.weights import Weights
from core.threads.words import Lexicon
from core.threads.woven import Bond, Edit, Measures, Rows
from core.weaving.lane import Lane
from core.weaving.reading import (
    SessionFacts,
    Spoken,
    Starter,
    messages,
    places,
    sessions,
    starters,
)
from core.weaving.stating import Setting, stating

_AGENT = "agent:"


class Reading(Enum):
    """How taking in what is new went."""

    DONE = auto()
    MORE = auto()  # there is more to take in
    ELSEWHERE = auto()  # it does not all stand at the end: begin another `Conversation`


class Conversation:
    """Follows one conversation; `read` takes in what is new, `rows` says what came of it."""

    def __init__(
        self, id: int, weights: Weights, shift: float, lexicon: Lexicon | None = None
    ) -> None:
        """Begin conversation *id*, a row id, without a message.

        Turns of several conversations can be compared where these share a *lexicon*.
        """
        self.id = id
        self.upto = 0  # the last message that was read
        self.taken = 0  # messages read so far
        self.agreed = False  # with the conversation's own counts, when it was last written
        self.written = False  # all of it, now or by an earlier one
        self.edits: Mapping[str, Edit] = {}
        self.lanes: dict[str, Lane] = {}
        self._weights = weights
        self._shift = shift
        self._lexicon = weights.lexicon() if lexicon is None else lexicon  # an empty one counts
        self._talk = Talk(weights.common)
        self._references: dict[str, list[Bond]] = {}
        self._sessions: tuple[SessionFacts, ...] = ()
        self._read: dict[int, int] = {}  # session: its last message that was read
        self._last_main = 0  # session that the main line has reached
        self._starters: dict[str, Starter] = {}
        self._again = False
        self._anew: set[str] = set()  # lanes that are put into words anew

    def read(self, db: Connection, spent: Callable[[], bool] = bool) -> Reading:
        """Take in what is new until *spent* says so; it is asked before each message.

        Unless it is all read, `rows` is not to be asked for yet.
        """
        found = sessions(db, self.id, self._sessions)
        order = [one.id for one in found if not one.agent]
        known = [one.id for one in self._sessions if not one.agent]
        left = {one.id: one.left for one in self._sessions}
        if order[: len(known)] != known or any(
            one.left != left[one.id] for one in found if one.id in left
        ):
            return Reading.ELSEWHERE
        titles = {one.id: one.title for one in self._sessions}
        if titles and any(titles.get(one.id, one.title) != one.title for one in found):
            self._again = True
        self._sessions = found
        place = {id_: at for at, id_ in enumerate(order)}
        for one in found:
            reading = self._take(db, one, place, spent)
            if reading is not Reading.DONE:
                return reading
        return Reading.DONE

    def _take(
        self,
        db: Connection,
        session: SessionFacts,
        place: Mapping[int, int],
        spent: Callable[[], bool],
    ) -> Reading:
        after = self._read.get(session.id, 0)
        branches = dict(session.left)
        where = cwd = branch = None
        touched: set[str] = set()
        for spoken in messages(db, session.id, after):
            if spent():
                for key in touched:
                    self.lanes[key].weigh()
                return Reading.MORE
            if where is None:
                where = places(db, session, after)[::-1]
            while where and where[-1][0] <= spoken.id:
                _, cwd, branch = where.pop()
            key = _lane_of(spoken, branches)
            if not spoken.message.agent:
                if place[session.id] < place.get(self._last_main, 0):
                    return Reading.ELSEWHERE
                self._last_main = session.id
            lane = self.lanes.get(key)
            if lane is None:
                lane = Lane(key, self._weights, self._shift, self._lexicon)
                self.lanes[key] = lane
            touched.add(key)
            begins = _begins(spoken, lane)
            if key == MAIN:
                self._say(spoken, begins=begins)
            lane.add(spoken, cwd or session.cwd, branch or session.git_branch, begins=begins)
            self._read[session.id] = spoken.id
            self.upto = max(self.upto, spoken.id)
            self.taken += 1
        return Reading.DONE

    def _say(self, spoken: Spoken, *, begins: bool) -> None:
        """Look for what a prompt refers to, and remember what was said."""
        wanted = (BlockKind.PROMPT, BlockKind.REPLY)
        text = "\n".join(b.text[:TEXT] for b in spoken.message.blocks if b.kind in wanted)[:TEXT]
        if not text:
            return
        said = Said(str(spoken.id), text, begins)
        if begins and (found := self._talk.refers(said)):
            bond = Bond(
                Tie.REFERENCE, spoken.id, int(found.target), MAIN, round(found.confidence, 3),
                found.method,
            )  # fmt: skip
            self._references.setdefault(MAIN, []).append(bond)
        self._talk.add(said)

    def rows(self, db: Connection) -> dict[str, Rows]:
        """Return the rows of every lane that has changed."""
        return dict(filter(None, self.steps(db)))

    def steps(self, db: Connection) -> Iterator[tuple[str, Rows] | None]:
        """Yield each lane that has changed with its rows, and None after each bit of the work.

        What is left of it is to be begun again, by another call, once `read` or `edit` took
        something in; what was done is not done once more.
        """
        if self._again or self._find_starters(db):
            self._anew = set(self.lanes)
        self._again = False
        titles = {one.id: one.title for one in self._sessions if not one.agent}
        named = {one.agent: one.title for one in self._sessions if one.agent}
        for key, lane in self.lanes.items():
            if not lane.grown and key not in self._anew:
                continue
            agent = key.removeprefix(_AGENT) if key.startswith(_AGENT) else ""
            starter = self._starters.get(agent)
            setting = Setting(
                depth=self._depth(agent),
                title=(starter.said if starter else "") or named.get(agent, ""),
                titles=titles if key == MAIN else {},
                references=self._references.get(key, ()),
            )
            again = key in self._anew
            for _ in stating(lane, setting, self.edits, again=again):
                yield None
            self._anew.discard(key)
            yield key, lane.rows

    def edit(self, edits: Iterable[Edit]) -> bool:
        """Take *edits* as all that the person has decided here; return whether any is news."""
        now = {one.prompt: one for one in edits}
        if now == self.edits:
            return False
        self.edits = now
        self._again = True
        return True

    def _find_starters(self, db: Connection) -> bool:
        """Look for who started the agents that nobody is known to have; return if any was found."""
        open_ = [
            agent
            for key in self.lanes
            if key.startswith(_AGENT) and (agent := key.removeprefix(_AGENT)) not in self._starters
        ]
        if not open_:
            return False
        found = starters(db, self.id, open_)
        self._starters.update(found)
        return bool(found)

    def _depth(self, agent: str) -> int:
        line: set[str] = set()  # a log may name an agent as its own starter
        while agent and agent not in line:
            line.add(agent)
            starter = self._starters.get(agent)
            agent = starter.lane if starter else ""
        return len(line)

    def totals(self) -> tuple[int, int]:
        """Return how many tool calls all lanes hold, and how many of them failed."""
        threads = [one for lane in self.lanes.values() for one in lane.rows.threads]
        return sum(one.calls for one in threads), sum(one.errors for one in threads)

    def own_lanes(self) -> list[Lane]:
        """Return the main line and the branches left behind."""
        return [lane for key, lane in self.lanes.items() if not key.startswith(_AGENT)]

    def measures(self) -> Measures:
        """Return the measures over the threads of the main line and its branches."""
        own = self.own_lanes()
        threads = [one for lane in own for one in lane.rows.threads]
        inside: list[float] = []
        across: list[float] = []
        for lane in own:
            begun = {part.first for part in lane.parts}
            for at in range(1, len(lane.near)):
                (across if at in begun else inside).append(lane.near[at])
        lengths = [one.messages for one in threads] or [0]
        active = [one.active_ms for one in threads] or [0]
        bonds = sum(len(lane.rows.bonds) for lane in own)
        return Measures(
            threads=len(threads),
            mean_messages=round(fmean(lengths), 2),
            median_messages=median(lengths),
            mean_active_ms=round(fmean(active), 1),
            median_active_ms=median(active),
            coherence=_mean(inside),
            across=_mean(across),
            baseline=_mean(inside + across),
            density=round(bonds / max(1, sum(lengths)), 5),
        )


def _mean(values: list[float]) -> float | None:
    return round(fmean(values), 4) if values else None


def _lane_of(spoken: Spoken, branches: Mapping[int, str]) -> str:
    if spoken.message.agent:
        return _AGENT + spoken.message.agent
    left = branches.get(spoken.branch)
    return f"branch:{left}" if left else MAIN


def _begins(spoken: Spoken, lane: Lane) -> bool:
    """Tell whether a turn begins at *spoken*: a prompt, or what an agent was asked."""
    if not spoken.message.agent:
        return opens(spoken.message)
    first = not lane.tallies
    asked = spoken.message.kind in {Kind.TASK, Kind.PROMPT, Kind.QUEUED}
    return spoken.message.role is Role.USER and (asked or first)
