"""The words of the domain: what a transcript holds, once it has been understood.

Times are integer milliseconds since the epoch, UTC; ``None`` where the log has none.
Every type here is immutable and crosses stages, threads and signals as it is.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from core.light import light


class Role(StrEnum):
    """Who speaks in a message, as the API sees it."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"


class Kind(StrEnum):
    """What a message is. Only ``prompt`` and ``queued`` were typed by a person as prompts."""

    PROMPT = "prompt"  # typed by a person
    QUEUED = "queued"  # typed by a person while the agent was busy
    COMMAND = "command"  # a slash command and what it printed
    SHELL = "shell"  # a person's own shell line (``!``) and its output
    TASK = "task"  # what an agent was asked to do by the agent above it
    REPLY = "reply"  # what the model said, thought or called
    RESULT = "result"  # what a tool gave back
    SUMMARY = "summary"  # the text that replaces the history after a compaction
    COMPACTION = "compaction"  # the place where the history was compacted
    INTERRUPT = "interrupt"  # a person stopped the agent
    NOTICE = "notice"  # written by a machine: hooks, background tasks, team mates
    META = "meta"  # context put in by the agent program itself
    FAILURE = "failure"  # the API answered with an error


class PromptKind(StrEnum):
    """Who wrote what stands on the user's side of a session, and how."""

    TYPED = "typed"  # a person, as a prompt
    SLASH = "slash"  # a person, as a slash command
    BASH = "bash"  # a person, as a shell line of their own
    QUEUED = "queued"  # a person, while the agent was busy
    SDK = "sdk"  # a program that drives the agent
    HOOK = "hook"  # a hook of the person's own
    SYSTEM = "system"  # the agent program itself
    TEAMMATE = "teammate"  # another agent of a team
    NOTIFICATION = "notification"  # a background task
    AGENT = "agent"  # the agent above, as a sub-agent's task


TYPED = (Kind.PROMPT, Kind.QUEUED)  # what counts as "prompts" everywhere


class BlockKind(StrEnum):
    """What one piece of a message is; also decides in which search field its text is."""

    PROMPT = "prompt"
    REPLY = "reply"
    THINKING = "thinking"
    CALL = "call"  # a tool call: searched as "input"
    RESULT = "result"  # a tool's answer: searched as "output"
    NOTE = "note"  # everything else that has text
    IMAGE = "image"
    OTHER = "other"  # a kind of block this version does not know; its JSON is kept


class Outcome(StrEnum):
    """How a tool call ended. ``none``: the log holds no result."""

    OK = "ok"
    ERROR = "error"
    DENIED = "denied"
    INTERRUPTED = "interrupted"
    NONE = "none"


class Severity(StrEnum):
    """How bad a problem is. info: nothing lost; warning: salvaged or odd; error: bytes lost."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a source that could not be read as it stands."""

    line: int  # physical, from 1; 0 when the whole file is meant
    offset: int  # bytes from the start of the file
    severity: Severity
    reason: str  # one plain sentence
    excerpt: str = ""  # at most 200 bytes of what is there, as text


@light
@dataclass(frozen=True, slots=True)
class Place:
    """Where a record is in its source."""

    line: int  # physical, from 1
    offset: int  # bytes
    length: int  # bytes, without the line end


@light
@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one API reply, each kind counted apart."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_creation: int = 0
    cache_5m: int = 0  # the part of cache_creation kept for five minutes
    cache_1h: int = 0  # the part of cache_creation kept for an hour

    @property
    def total(self) -> int:
        """All tokens of the reply."""
        return self.input + self.output + self.cache_read + self.cache_creation


@light
@dataclass(frozen=True, slots=True)
class Reply:
    """The API reply that an assistant record is a piece of."""

    api_id: str  # message.id; "" when the record has none
    request: str  # requestId; "" when absent
    model: str
    usage: Usage
    final: bool  # the record carries a stop reason: its counts are the last ones
    fast: bool = False  # asked for at the higher price of a faster answer
    searches: int = 0  # web searches that the provider ran and charges for
    stated: int | None = None  # micro-dollars, where the log itself names what it cost


@dataclass(frozen=True, slots=True)
class Image:
    """A picture inside a message, decoded from its base64."""

    media_type: str
    data: bytes


@light
@dataclass(frozen=True, slots=True)
class Call:
    """A tool call as the model wrote it."""

    key: str  # the API's tool_use id
    tool: str
    input: str  # JSON text, whatever its shape


@light
@dataclass(frozen=True, slots=True)
class Result:
    """What a tool gave back, and how it went."""

    key: str  # the tool_use id it answers
    outcome: Outcome
    agent: str = ""  # id of the sub-agent that did the work
    detail: str = ""  # JSON text of the facts worth keeping from toolUseResult
    persisted: str = ""  # name of the file that holds all of it, in the session's own folder


@light
@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a message, in order. *text* is what is shown and searched."""

    kind: BlockKind
    text: str = ""
    call: Call | None = None
    result: Result | None = None
    image: Image | None = None
    given: str | None = None  # the text as the record has it, where *text* is more than that
    packed: bytes | None = None  # *text* as the library keeps it, where that was made already


@light
@dataclass(frozen=True, slots=True)
class Message:
    """One record of a person, the model or the agent program that a reader may want to see."""

    place: Place
    record: str  # the record's own type: user, assistant, system, attachment
    uuid: str  # "" when the record has none
    parent: str  # parentUuid; "" for a root
    kind: Kind
    role: Role
    at: int | None
    blocks: tuple[Block, ...]
    reply: Reply | None = None
    sidechain: bool = False
    agent: str = ""  # agentId
    session: str = ""  # sessionId as written on the record
    forked_from: str = ""  # session the record was copied from, where the log says so
    logical_parent: str = ""  # what a compaction continues
    detail: str = ""  # JSON text: a compaction's trigger and token counts
    prompt: PromptKind | None = None  # who wrote it; None: as its kind says
    linked: bool = True  # False: the record does not say what it hangs on; the one before is meant
    index: int | None = None  # place of its block in the API's reply, where the log tells


@light
@dataclass(frozen=True, slots=True)
class Hop:
    """A record in the parent chain that is not shown; children are hung on its own parent."""

    uuid: str
    parent: str


@light
@dataclass(frozen=True, slots=True)
class Setting:
    """What a record says about its session as a whole. Empty fields say nothing."""

    cwd: str = ""
    git_branch: str = ""
    version: str = ""
    custom_title: str = ""
    agent_name: str = ""
    ai_title: str = ""
    renamed: str = ""
    leaf: str = ""  # uuid of the newest message on the active branch
    continued_in: str = ""  # the session that goes on from here
    trunk: str = ""  # the session that this one works for, or goes on from
    moved_to: str = ""  # the working folder that the session was moved to


@dataclass(frozen=True, slots=True)
class LeafSummary:
    """A title that was written into any file for the session that holds *leaf*."""

    leaf: str
    text: str


@dataclass(frozen=True, slots=True)
class AgentLink:
    """The log says which agent a tool call started."""

    call: str
    agent: str


@dataclass(frozen=True, slots=True)
class ModelCost:
    """What the agent program says one model has cost a session so far."""

    model: str
    micro: int  # micro-dollars
    usage: Usage


@dataclass(frozen=True, slots=True)
class StatedCost:
    """What the agent program itself says a session has cost; each one replaces the last."""

    micro: int  # micro-dollars
    complete: bool  # False: a model was used whose price the program did not know
    models: tuple[ModelCost, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """A record of a kind this version does not know; kept as it is."""

    place: Place
    raw: str


@light
@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one record says."""

    kind: str  # record kind for the census, such as ``system/turn_duration``
    known: bool
    place: Place
    version: str = ""
    message: Message | None = None
    hop: Hop | None = None
    setting: Setting | None = None
    summary: LeafSummary | None = None
    links: tuple[AgentLink, ...] = ()
    reply: Reply | None = None  # usage that is told after the pieces of the reply, or without any
    cost: StatedCost | None = None
    part: str = ""  # key of the session it belongs to, where one file holds several
    unknown: Unknown | None = None
    notes: tuple[Problem, ...] = field(default=())
