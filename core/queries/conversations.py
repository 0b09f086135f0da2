"""The list of conversations, a page at a time, and what one of them consists of."""

from dataclasses import dataclass, replace
from enum import StrEnum
from sqlite3 import Connection

from core.light import light
from core.queries import at_once
from core.queries.order import IN_ORDER


class Sort(StrEnum):
    """How the list is ordered; every order is descending."""

    RECENT = "recent"  # by last activity
    LONGEST = "longest"  # by messages
    ERRORS = "errors"  # by failed tool calls
    COST = "cost"  # by what it cost at API prices


class Bucket(StrEnum):
    """What kind of thing a row of the list is."""

    WHOLE = ""  # a transcript
    GHOST = "ghost"  # prompts of a session whose transcript is gone
    NOISE = "noise"  # an agent by which a program warms up or guesses, and nothing else


@light
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
    cost: int = 0  # micro-dollars at API prices, its agents included
    unpriced: int = 0  # replies that are not in it, because nobody knows their price
    format: str = ""
    ending: str = ""
    bucket: str = ""  # a `Bucket`


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
    format: str = ""
    recognised: str = ""  # by what its format was recognised; ends "Recognised by ..."
    cost: int = 0  # micro-dollars of the replies that it counts
    unpriced: int = 0
    stated: int | None = None  # micro-dollars, as the agent program says; None: it does not
    complete: bool = True  # the agent program knew the price of every model
    ending: str = ""


_NAMES = (
    "id", "key", "title", "project", "started_at", "ended_at", "messages", "prompts", "tool_calls",
    "errors", "sort_at", "cost", "unpriced", "format", "ending", "bucket",
)  # fmt: skip
_COLUMNS = ", ".join(_NAMES)
_KEYS = {
    Sort.RECENT: "sort_at",
    Sort.LONGEST: "messages",
    Sort.ERRORS: "errors",
    Sort.COST: "cost",
}
_FIRST = 1 << 62  # above any sort key


# One statement for each order, with and without a project: made of constants only.
def _page_sql(key: str, *, project: bool, noise: bool) -> str:
    scope = "project = :project AND " if project else ""
    kept = "" if noise else "AND bucket <> 'noise' "
    return (
        f"SELECT {_COLUMNS} FROM conversation "  # noqa: S608  constants only
        f"WHERE {scope}({key}, id) < (:at, :id) AND messages + prompts > 0 {kept}"
        f"ORDER BY {key} DESC, id DESC LIMIT :limit"
    )


PAGES = {
    (sort, project, noise): _page_sql(key, project=project, noise=noise)
    for sort, key in _KEYS.items()
    for project in (False, True)
    for noise in (False, True)
}
_NOISE = """
SELECT count(*) FROM conversation
WHERE bucket = 'noise' AND messages + prompts > 0 AND (:project IS NULL OR project = :project)
"""
_FORMATS = """
SELECT DISTINCT format FROM conversation WHERE messages + prompts > 0 AND bucket = ''
"""
_ONE = f"SELECT {_COLUMNS} FROM conversation WHERE key = :key"  # noqa: S608  constants only
_BY_ID = f"SELECT {_COLUMNS} FROM conversation WHERE id = :id"  # noqa: S608  constants only
_PROJECTS = """
SELECT project, count(*), max(ended_at) FROM conversation
WHERE messages + prompts > 0 AND (:noise OR bucket <> 'noise')
GROUP BY project ORDER BY max(sort_at) DESC
"""
_SESSIONS = f"""
SELECT session.id, key, agent, agent_type, agent_title, label, cwd, git_branch, version,
       started_at, ended_at, messages, prompts, tool_calls, errors,
       source.format, recognised, cost, unpriced, stated, complete, ending
FROM session JOIN source ON source.id = session.source_id
WHERE conversation_id = :id
ORDER BY {IN_ORDER}, label
"""  # noqa: S608  a constant


def page(  # noqa: PLR0913  one keyword for each thing that a page depends on
    db: Connection,
    *,
    sort: Sort = Sort.RECENT,
    project: str | None = None,
    after: tuple[int, int] | None = None,
    limit: int = 200,
    noise: bool = False,
) -> list[ConversationRow]:
    """Return up to *limit* conversations that hold messages; with *noise* those of `Bucket` too.

    *after* is the sort value and id of the last row of the page before; see `key_of`.
    """
    at, id_ = after or (_FIRST, _FIRST)
    sql = PAGES[sort, project is not None, noise]
    asked = {"at": at, "id": id_, "limit": limit, "project": project}
    return [ConversationRow(*row) for row in at_once.rows(db, sql, _NAMES, asked)]


def noise(db: Connection, project: str | None = None) -> int:
    """Return how many conversations, of *project* or of all, `page` leaves out as noise."""
    return int(db.execute(_NOISE, {"project": project}).fetchone()[0])


def formats(db: Connection) -> frozenset[str]:
    """Return the formats of all transcripts that `page` lists, noise aside."""
    return frozenset(name for (name,) in db.execute(_FORMATS))


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


def projects(db: Connection, *, noise: bool = False) -> list[ProjectRow]:
    """Return every project, the one used last first; with *noise* that of `Bucket` counts too."""
    return [ProjectRow(*row) for row in db.execute(_PROJECTS, {"noise": noise})]


def sessions(db: Connection, conversation: int) -> list[SessionRow]:
    """Return the sessions of *conversation*: its own in order, then its agents'."""
    found = [SessionRow(*row) for row in db.execute(_SESSIONS, {"id": conversation})]
    return [replace(one, complete=bool(one.complete)) for one in found]
