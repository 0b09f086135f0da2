"""Rows about sessions: where each belongs, what it is called, what it says about others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from core.measures.titles import short
from core.model import Facts, Setting
from core.store.agents import AgentFile
from core.store.keys import key64, listed
from core.store.sayings import lane, leaf, origins
from core.store.slices import SourceInfo

_STATE = """
SELECT id, source_id, conversation_id, key, agent, shared, own_id, forks, cwd, git_branch, version
FROM session
"""
_CONVERSATION = """
INSERT INTO conversation (key, title, project, sort_at, messages, prompts, tool_calls, errors)
VALUES (:key, '', '', 0, 0, 0, 0, 0) RETURNING id
"""
_HOLDER = """
SELECT conversation.id, min(source.label) FROM conversation
JOIN session ON session.conversation_id = conversation.id
JOIN source ON source.id = session.source_id
WHERE conversation.key = :key AND session.key = :key GROUP BY conversation.id
"""
_SESSION = """
INSERT INTO session (source_id, part, conversation_id, key, agent, trunk, ghost)
VALUES (:source, :part, :conversation, :key, :agent, :trunk, :ghost) RETURNING id
"""
_WANT = """
INSERT INTO wanted (uid, session_id, kind, text) VALUES (:uid, :session, :kind, :text)
ON CONFLICT (uid, session_id, kind) DO UPDATE SET text = excluded.text
"""
_HERE = "SELECT value FROM json_each(?) CROSS JOIN wanted ON uid = value"
_NAMED = """
SELECT DISTINCT message.session_id FROM wanted JOIN message USING (uid)
WHERE wanted.kind = 'summary' AND uid IN (SELECT value FROM json_each(:uids))
"""
# Of several titles the one for the latest message: it is looked for from the session's end.
_TITLE = """
SELECT wanted.text FROM message CROSS JOIN wanted USING (uid)
WHERE wanted.kind = 'summary' AND message.session_id = :id
ORDER BY message.id DESC, wanted.text DESC LIMIT 1
"""
_MODEL_COST = """
INSERT OR REPLACE INTO model_cost (session_id, model, micro, input, output, cache_read,
    cache_creation) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_SHARES = """
INSERT OR IGNORE INTO link (session_id, target, kind)
SELECT :id, key, 'shares' FROM session WHERE id IN (SELECT value FROM json_each(:others))
"""
_SHARED = """
UPDATE session SET shared = 1
WHERE shared = 0 AND id IN (SELECT value FROM json_each(:sessions)) RETURNING id
"""
_ADOPT = "UPDATE session SET trunk = :trunk WHERE id = :id AND trunk = ''"
_PASTS = """
SELECT DISTINCT wanted.session_id, past.key FROM wanted JOIN message USING (uid)
JOIN session AS past ON past.id = message.session_id
WHERE wanted.kind = 'continues' AND message.session_id <> wanted.session_id
    AND uid IN (SELECT value FROM json_each(:uids))
"""
_ARRIVED = """
SELECT uid FROM message CROSS JOIN wanted USING (uid)
WHERE message.session_id IN (SELECT value FROM json_each(:sessions))
UNION SELECT uid FROM wanted WHERE session_id IN (SELECT value FROM json_each(:sessions))
"""
# One statement for each thing a record can set; the last one said wins.
_LATEST = {
    "custom_title": "UPDATE session SET custom_title = :said WHERE id = :id",
    "agent_name": "UPDATE session SET agent_name = :said WHERE id = :id",
    "ai_title": "UPDATE session SET ai_title = :said WHERE id = :id",
    "renamed": "UPDATE session SET renamed = :said WHERE id = :id",
    "moved_to": "UPDATE session SET moved_to = :said WHERE id = :id",
}
_LEAF = "UPDATE session SET leaf = ? WHERE id = ? AND leaf <> ?"
# Where the session began: the first one said stays.
_FIRST = {
    "cwd": "UPDATE session SET cwd = :said WHERE id = :id",
    "git_branch": "UPDATE session SET git_branch = :said WHERE id = :id",
    "version": "UPDATE session SET version = :said WHERE id = :id",
}


@dataclass(slots=True)
class OpenSession:
    """What is remembered of the session whose file is being read."""

    id: int
    source: int
    conversation: int
    key: str
    agent: str
    shared: bool
    own: int | None  # first message that is in no other file
    forks: int
    began: Setting  # where it began


class Sessions:
    """The sessions of one open library. Writes inside its caller's transactions."""

    def __init__(self, db: Connection) -> None:
        """Work on *db*."""
        self._db = db
        self.agents = AgentFile(db)
        self.told: set[int] = set()  # sessions that another file has said something about

    def close(self) -> None:
        """Forget what is remembered: the transaction it was part of is gone."""
        self.told.clear()

    def open(
        self, source: int, info: SourceInfo, part: str, facts: Sequence[Facts]
    ) -> tuple[OpenSession, bool]:
        """Return the session *part* of *source*, and whether it was made just now.

        *facts* are its first ones if it is new: they may tell whose agent it is.
        """
        # Read again for every slice: another process may have regrouped it meanwhile.
        asked = (source, part)
        row = self._db.execute(_STATE + "WHERE source_id = ? AND part = ?", asked).fetchone()
        fresh = row is None
        if row is None:
            id_ = self._create(source, info, part, facts)
            row = self._db.execute(_STATE + "WHERE id = ?", (id_,)).fetchone()
        session = OpenSession(
            row[0], row[1], row[2], row[3], row[4], bool(row[5]), row[6], row[7],
            Setting(cwd=row[8], git_branch=row[9], version=row[10]),
        )  # fmt: skip
        return session, fresh

    def recall(self, session: OpenSession) -> None:
        """Read again what others may have changed about *session*."""
        row = self._db.execute(_STATE + "WHERE id = ?", (session.id,)).fetchone()
        session.conversation, session.shared, session.own = row[2], bool(row[5]), row[6]

    def _create(self, source: int, info: SourceInfo, part: str, facts: Sequence[Facts]) -> int:
        place = info.layout
        agent, trunk = lane(place, part, facts)
        key = self._key(part or place.key, info.label)
        conversation = self._db.execute(_CONVERSATION, {"key": key}).fetchone()[0]
        asked = {
            "source": source,
            "part": part,
            "conversation": conversation,
            "key": part or place.key,
            "agent": agent,
            "trunk": trunk,
            "ghost": int(info.aside),
        }
        id_ = int(self._db.execute(_SESSION, asked).fetchone()[0])
        if agent:
            self.agents.introduce(trunk, agent)
        if info.aside:
            self._add_link(id_, part or place.key, "about")
        return id_

    def _key(self, key: str, label: str) -> str:
        """Return the key for the conversation of a new file, *label*, whose stem is *key*.

        Of unrelated files with one stem the first by path has it plain, whichever came first.
        """
        holder = self._db.execute(_HOLDER, {"key": key}).fetchone()
        if holder is None:
            return key
        conversation, other = holder
        if other <= label:
            return suffixed(key, label)
        row = (suffixed(key, other), conversation)
        self._db.execute("UPDATE conversation SET key = ? WHERE id = ?", row)
        return key

    def _adopt(self, session: OpenSession, facts: Sequence[Facts]) -> bool:
        """Note whose agent *session* is if its path does not tell; return whether that is new."""
        said = (fact.message.session for fact in facts if fact.message)
        trunk = next((key for key in said if key), "")
        row = {"trunk": trunk, "id": session.id}
        if not trunk or not self._db.execute(_ADOPT, row).rowcount:
            return False
        self.agents.introduce(trunk, session.agent)
        return True

    def link(self, session: OpenSession, facts: Sequence[Facts], pasts: Sequence[str]) -> bool:
        """Note which other sessions this one says it belongs with; return whether any is new.

        *pasts* are the uuids of what its new messages continue.
        """
        said: set[tuple[str, str]] = set()
        for fact in facts:
            if fact.message is not None and not session.agent:
                said |= origins(fact.message)
            if fact.setting is not None and fact.setting.continued_in:
                said.add((fact.setting.continued_in, "continued"))
            if fact.setting is not None and fact.setting.trunk and not session.agent:
                said.add((fact.setting.trunk, "continues"))
        links = {(target, kind) for target, kind in said if target != session.key}
        if any(kind in {"fork", "copy"} for _, kind in links):
            self._db.execute("UPDATE session SET copied = 1 WHERE id = ?", (session.id,))
        self._grant([self._want(session.id, past, "continues", "") for past in pasts])
        fresh = [self._add_link(session.id, target, kind) for target, kind in sorted(links)]
        adopted = bool(session.agent) and self._adopt(session, facts)
        return adopted or any(fresh)

    def share(self, session: int, others: set[int]) -> set[int]:
        """Note *others*, sessions that hold copies of the new messages.

        Returns *session* and those that share messages for the first time; none if none does.
        """
        if not others:
            return set()
        self._db.execute(_SHARES, {"id": session, "others": listed(others)})
        first = self._db.execute(_SHARED, {"sessions": listed((*others, session))})
        return {session, *(id_ for (id_,) in first.fetchall())}

    def say(self, session: OpenSession, facts: Sequence[Facts], uids: Sequence[int]) -> None:
        """Apply titles, the working folder, and what was said about messages; *uids* are new."""
        settings = [fact.setting for fact in facts if fact.setting is not None]
        latest = {
            name: said for one in settings for name in _LATEST if (said := getattr(one, name))
        }
        for name, said in latest.items():
            self._db.execute(_LATEST[name], {"said": short(said), "id": session.id})
        began = {name: getattr(session.began, name) for name in _FIRST}
        for name, sql in _FIRST.items():
            if not began[name]:
                began[name] = next((said for one in settings if (said := getattr(one, name))), "")
                if began[name]:
                    self._db.execute(sql, {"said": began[name], "id": session.id})
        session.began = Setting(**began)
        stands = leaf(facts)
        if stands is not None:
            self._db.execute(_LEAF, (stands, session.id, stands))
        named = [
            self._want(session.id, fact.summary.leaf, "summary", fact.summary.text)
            for fact in facts
            if fact.summary is not None
        ]
        # Asked every time: what sessions want comes back with them when a removal is taken back.
        here = self._db.execute(_HERE, (listed(uids),)).fetchall() if uids else []
        self._grant([*named, *(uid for (uid,) in here)])

    def cost(self, session: OpenSession, facts: Sequence[Facts]) -> None:
        """Note what the agent program says *session* has cost so far: the last word counts."""
        stated = next((fact.cost for fact in reversed(facts) if fact.cost is not None), None)
        if stated is None:
            return
        row = (stated.micro, stated.complete, session.id)
        self._db.execute("UPDATE session SET stated = ?, complete = ? WHERE id = ?", row)
        self._db.execute("DELETE FROM model_cost WHERE session_id = ?", (session.id,))
        self._db.executemany(
            _MODEL_COST,
            (
                (
                    session.id, one.model, one.micro, one.usage.input, one.usage.output,
                    one.usage.cache_read, one.usage.cache_creation,
                )
                for one in stated.models
            ),
        )  # fmt: skip

    def arrive(self, sessions: Iterable[int]) -> set[int]:
        """Apply what *sessions*, which came back, want of others and they of them; return whom."""
        found = self._db.execute(_ARRIVED, {"sessions": listed(sessions)}).fetchall()
        self._grant([uid for (uid,) in found])
        told, self.told = self.told, set()
        return told

    def _add_link(self, session: int, target: str, kind: str) -> bool:
        sql = "INSERT OR IGNORE INTO link (session_id, target, kind) VALUES (?, ?, ?)"
        return self._db.execute(sql, (session, target, kind)).rowcount > 0

    def _want(self, session: int, uuid: str, kind: str, text: str) -> int:
        """Remember something about a message by its uuid; return its key, for `_grant`."""
        uid = key64(uuid)
        self._db.execute(_WANT, {"uid": uid, "session": session, "kind": kind, "text": text})
        return uid

    def _grant(self, uids: Iterable[int]) -> None:
        """Apply what is wanted about *uids* to the sessions that hold them."""
        asked = {"uids": listed(uids)}
        if asked["uids"] == "[]":
            return
        for (session,) in self._db.execute(_NAMED, asked).fetchall():
            title = self._db.execute(_TITLE, {"id": session}).fetchone()[0]
            row = (short(title), session)
            self._db.execute("UPDATE session SET summary_title = ? WHERE id = ?", row)
            self.told.add(session)
        for session, key in self._db.execute(_PASTS, asked).fetchall():
            if self._add_link(session, key, "continues"):
                self.told.add(session)


def suffixed(key: str, label: str) -> str:
    """Return *key* with an end of its own for the file *label*."""
    return f"{key}~{key64(label) & 0xFFFFFF:06x}"
