"""What the small file beside a sub-agent's transcript says, whichever of the two comes first."""

from sqlite3 import Connection

from core.store.keys import key64

_APPLY = """
UPDATE session SET agent_type = :type, agent_title = :title
WHERE agent = :agent AND agent <> '' AND (trunk = :trunk OR :trunk = '')
"""
_CALL = """
UPDATE call SET agent = :agent WHERE hash = :hash AND agent = ''
    AND session_id IN (
        SELECT id FROM session WHERE key = :trunk OR trunk = :trunk OR :trunk = '')
"""
_MATCH = """
UPDATE call SET agent = coalesce((
    SELECT min(agent_file.agent) FROM session JOIN agent_file
        ON agent_file.trunk IN (session.key, session.trunk, '') AND agent_file.call = call.key
    WHERE session.id = :session), '')
-- The plus keeps the search to the new calls: an index would give all of the session.
WHERE id >= :first AND +session_id = :session AND agent = '' AND key <> '' AND key IN (
    SELECT agent_file.call FROM session JOIN agent_file
        ON agent_file.trunk IN (session.key, session.trunk, '') WHERE session.id = :session)
"""


class AgentFile:
    """Keeps descriptions of agents and applies them to their sessions and calls."""

    def __init__(self, db: Connection) -> None:
        """Write through *db*, inside the caller's transactions."""
        self._db = db

    def keep(self, trunk: str, agent: str, data: dict[str, str]) -> None:
        """Store the description of *agent* and apply it to what is already here."""
        row = {"trunk": trunk, "agent": agent, **data}
        self._db.execute(
            "INSERT INTO agent_file (trunk, agent, type, title, call) "
            "VALUES (:trunk, :agent, :type, :title, :call) ON CONFLICT (trunk, agent) "
            "DO UPDATE SET type = excluded.type, title = excluded.title, call = excluded.call",
            row,
        )
        self._apply(row)

    def introduce(self, trunk: str, agent: str) -> None:
        """Apply a stored description of *agent* to its session, which is new."""
        found = self._db.execute(
            "SELECT type, title, call FROM agent_file "
            "WHERE agent = ? AND (trunk = ? OR trunk = '')",
            (agent, trunk),
        ).fetchone()
        if found is not None:
            keys = ("type", "title", "call")
            self._apply({"trunk": trunk, "agent": agent, **dict(zip(keys, found, strict=True))})

    def match(self, session: int, first: int) -> None:
        """Give the calls of *session* from id *first* on the agents that said they are theirs."""
        self._db.execute(_MATCH, {"session": session, "first": first})

    def _apply(self, row: dict[str, str]) -> None:
        self._db.execute(_APPLY, row)
        if row["call"]:
            self._db.execute(_CALL, row | {"hash": key64(row["call"])})
