"""The list of conversations, a page at a time, and what one of them consists of."""

from dataclasses import dataclass
from enum import StrEnum
from sqlite3 import Connection

from core.queries.order import IN_ORDER


class Sort(StrEnum):
    """How the list is ordered; every order is descending."""

    RECENT = "recent"  # by last activity
    LONGEST = "longest"  # by messages
    ERRORS = "errors"  # by failed tool calls


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One conversation as the list shows it."""

    id: int
    key: str
    title: str
    project: str  # folder as recorded, "" when unknown
    started_at: int | None
    ended_at: int | None
    messages: int
    prompts: int
    tool_calls: int
    errors: int
    sort_at: int


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A working folder and how many conversations were held in it."""

    path: str
    conversations: int
    last_at: int | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One transcript file's run."""

    id: int
    key: str
    agent: str
    agent_type: str
    agent_title: str
    source: str  # path for display
    cwd: str
    git_branch: str
    version: str
    started_at: int | None
    ended_at: int | None
    messages: int
    prompts: int
    tool_calls: int
    errors: int


_COLUMNS = (
    "id, key, title, project, started_at, ended_at, messages, prompts, tool_calls, errors, sort_at"
)
_KEYS = {Sort.RECENT: "sort_at", Sort.LONGEST: "messages", Sort.ERRORS: "errors"}
_FIRST = 1 << 62  # above any sort key


# One statement for each order, with and without a project: made of constants only.
def _page_sql(key: str, *, project: bool) -> str:
    scope = "project = :project AND " if project else ""
    return (
        f"SELECT {_COLUMNS} FROM conversation "  # noqa: S608  constants only
        f"WHERE {scope}({key}, id) < (:at, :id) AND messages > 0 "
        f"ORDER BY {key} DESC, id DESC LIMIT :limit"
    )


PAGES = {sort: _page_sql(key, project=False) for sort, key in _KEYS.items()}
PROJECT_PAGES = {sort: _page_sql(key, project=True) for sort, key in _KEYS.items()}
_ONE = f"SELECT {_COLUMNS} FROM conversation WHERE key = :key"  # noqa: S608  constants only
_BY_ID = f"SELECT {_COLUMNS} FROM conversation WHERE id = :id"  # noqa: S608  constants only
_PROJECTS = """
SELECT project, count(*), max(ended_at) FROM conversation WHERE messages > 0
GROUP BY project ORDER BY max(sort_at) DESC
"""
_SESSIONS = f"""
SELECT session.id, key, agent, agent_type, agent_title, label, cwd, git_branch, version,
       started_at, ended_at, messages, prompts, tool_calls, errors
FROM session JOIN source ON source.id = session.source_id
WHERE conversation_id = :id
ORDER BY {IN_ORDER}, label
"""  # noqa: S608  a constant


def page(
    db: Connection,
    *,
    sort: Sort = Sort.RECENT,
    project: str | None = None,
    after: tuple[int, int] | None = None,
    limit: int = 200,
) -> list[ConversationRow]:
    """Return up to *limit* conversations that hold messages.

    *after* is the sort value and id of the last row of the page before; see `key_of`.
    """
    at, id_ = after or (_FIRST, _FIRST)
    sql = (PAGES if project is None else PROJECT_PAGES)[sort]
    found = db.execute(sql, {"at": at, "id": id_, "limit": limit, "project": project})
    return [ConversationRow(*row) for row in found]


def key_of(row: ConversationRow, sort: Sort) -> tuple[int, int]:
    """Return what to give `page` as *after* to go on behind *row*."""
    value: int = getattr(row, _KEYS[sort])
    return value, row.id


def one(db: Connection, key: str) -> ConversationRow | None:
    """Return the conversation with *key*."""
    try:
        row = db.execute(_ONE, {"key": key}).fetchone()
    except UnicodeEncodeError:  # bytes of a command line that are no text
        return None
    return ConversationRow(*row) if row else None


def by_id(db: Connection, id_: int) -> ConversationRow | None:
    """Return the conversation with row id *id_*."""
    row = db.execute(_BY_ID, {"id": id_}).fetchone()
    return ConversationRow(*row) if row else None


def projects(db: Connection) -> list[ProjectRow]:
    """Return every project, the one used last first."""
    return [ProjectRow(*row) for row in db.execute(_PROJECTS)]


def sessions(db: Connection, conversation: int) -> list[SessionRow]:
    """Return the sessions of *conversation*: its own in order, then its agents'."""
    return [SessionRow(*row) for row in db.execute(_SESSIONS, {"id": conversation})]
