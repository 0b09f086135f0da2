"""What a person can ask about threads, and how each is taken back.

Threads and prompts are named by uuids, conversations by their keys: both outlive a library.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from core.queries.threads import Settings
from core.threads.woven import Edit, EditKind


@dataclass(frozen=True, slots=True)
class WeaveThreads:
    """Make the threads of a conversation now if they are due: somebody looks at it."""

    conversation: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on with what waited for another thread or for its time; nobody asks for anything."""


@dataclass(frozen=True, slots=True)
class SplitThread:
    """Let a thread begin at a prompt."""

    conversation: str
    prompt: str


@dataclass(frozen=True, slots=True)
class MergeThreads:
    """Put the thread that begins, or is taken up again, at a prompt to another one."""

    conversation: str
    prompt: str
    into: str = ""  # a prompt of the other thread; "": the thread just before


@dataclass(frozen=True, slots=True)
class LeaveToModel:
    """Forget what the person has decided at a prompt."""

    conversation: str
    prompt: str


@dataclass(frozen=True, slots=True)
class RenameThread:
    """Call a thread, meant by its key, something; "": by its topic again."""

    conversation: str
    thread: str
    name: str


@dataclass(frozen=True, slots=True)
class MarkFinding:
    """Show a finding no more, since a moment in ms; None: show it again."""

    key: str
    dismissed_at: int | None
    cases: int = 0  # how often it had happened then; when it grows much it is shown again


@dataclass(frozen=True, slots=True)
class TrackFinding:
    """Compare a finding before and after a moment in ms, when it was acted on; None: no more."""

    key: str
    acted_at: int | None


@dataclass(frozen=True, slots=True)
class SetSensitivity:
    """Make more cuts everywhere, above zero, or fewer, below; in log-odds."""

    value: float


@dataclass(frozen=True, slots=True)
class SetSelfTraining:
    """Learn from the library in the background, or use what comes with Clew."""

    on: bool


@dataclass(frozen=True, slots=True)
class KeepLogs:
    """Keep logs as they are in the archive, or no more of them from now on."""

    on: bool


Decision: TypeAlias = SplitThread | MergeThreads | LeaveToModel | RenameThread
ThreadCommand: TypeAlias = WeaveThreads | Decision | SetSensitivity | SetSelfTraining
FindingCommand: TypeAlias = MarkFinding | TrackFinding
BackgroundCommand: TypeAlias = ThreadCommand | FindingCommand | KeepLogs | Resume
MOST_SENSITIVE = 8.0  # log-odds either way; beyond it nothing changes any more


def edit_of(command: Decision) -> Edit | None:
    """Return what *command* decides about its prompt; None: nothing, or it is no such command."""
    match command:
        case SplitThread(_, prompt):
            return Edit(prompt, EditKind.SPLIT)
        case MergeThreads(_, prompt, into):
            return Edit(prompt, EditKind.MERGE, into)
        case LeaveToModel() | RenameThread():
            return None


def inverse(
    command: ThreadCommand,
    edits: Sequence[Edit],
    names: Mapping[str, str],
    settings: Settings,
) -> ThreadCommand | None:
    """Return the command that takes *command* back; None where there is nothing to take back.

    The others are what stands before *command* is given: the conversation's decisions, its
    names by thread, and what is set (see `core.queries.threads`).
    """
    match command:
        case WeaveThreads():
            return None
        case RenameThread(conversation, thread, _):
            return RenameThread(conversation, thread, names.get(thread, ""))
        case SetSensitivity():
            return SetSensitivity(settings.sensitivity)
        case SetSelfTraining():
            return SetSelfTraining(settings.self_training)
        case SplitThread() | MergeThreads() | LeaveToModel():
            return _before(command.conversation, command.prompt, edits)


def _before(conversation: str, prompt: str, edits: Sequence[Edit]) -> Decision:
    before = next((one for one in edits if one.prompt == prompt), None)
    if before is None:
        return LeaveToModel(conversation, prompt)
    if before.kind is EditKind.SPLIT:
        return SplitThread(conversation, prompt)
    return MergeThreads(conversation, prompt, before.target)
