"""What is sent for an event: JSON objects, made from what the library holds now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import TypeAlias

import orjson

from core.events import ImportFinished, ImportProgressed
from core.queries import conversations, journal, transcript
from core.queries.conversations import ConversationRow
from core.queries.export import moment
from core.queries.journal import Entry, MessageRow
from core.queries.transcript import BlockRow
from core.redaction import PEOPLE, redacted
from core.stream.requests import CONVERSATION, EVERYTHING, PROJECT, Cursor
from core.stream.settings import PREVIEW, TEXT, Choices

Json: TypeAlias = "dict[str, object]"

_AT_ONCE = 50  # messages read at a time
_MARGIN = 4_096  # characters read beyond what is shown, so that no secret is cut in two


@dataclass(frozen=True, slots=True)
class Update:
    """One message to tools, ready to be sent."""

    type: str
    topics: tuple[str, ...]  # who hears of it: those that asked for any of these
    kind: str  # of the message; "" if it is about none
    cursor: Cursor | None  # None: it is not kept, and cannot be asked for again
    short: bytes  # with previews
    whole: bytes  # with the texts as well; the same as *short* where there are none


class Updates:
    """Makes updates from the library behind *db*. Costs about 20 µs for a block."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def of(self, entry: Entry, choices: Choices, *, text: bool) -> Iterator[Update]:
        """Yield the updates of *entry*; with *text* their ``whole`` has texts, if that is allowed.

        First its messages, in order, then earlier ones that it changed, then the conversation.
        What is gone from the library since is left out; the parts keep their numbers.
        """
        row = conversations.by_id(self._db, entry.conversation_id)
        if row is None:
            return
        make = _Maker(self._db, row, entry, choices, text=text and choices.full_text)
        last = 0
        if entry.first:
            last = entry.last - entry.first + 1
            for first in range(entry.first, entry.last + 1, _AT_ONCE):
                until = min(first + _AT_ONCE - 1, entry.last)
                found = journal.messages(self._db, entry.session_id, first, until)
                for message, blocks in self._with_blocks(found):
                    part = message.id - entry.first + 1
                    yield make.message("new_message", part, message, blocks)
            for id_ in journal.answered(self._db, entry):
                last += 1
                found = journal.messages(self._db, entry.session_id, id_, id_)
                for message, blocks in self._with_blocks(found):
                    yield make.message("message_updated", last, message, blocks)
        yield make.conversation(last + 1)

    def thread(self, key: str, event: int, choices: Choices) -> Update | None:
        """Return the update that says that the threads of conversation *key* are others now."""
        row = conversations.one(self._db, key)
        if row is None:
            return None
        said = _head("thread_updated", event, None, _project(row.project, choices), row.key)
        topics = (EVERYTHING, *_project_topics(row, choices), CONVERSATION + row.key)
        return _update("thread_updated", topics, said)

    def _with_blocks(
        self, found: Sequence[MessageRow]
    ) -> Iterator[tuple[MessageRow, list[BlockRow]]]:
        wanted = [block for message in found for block in message.blocks]
        rows = {row.id: row for row in transcript.rows(self._db, wanted)}
        for message in found:
            yield message, [rows[id_] for id_ in message.blocks if id_ in rows]


def progress(event: ImportProgressed | ImportFinished, at: int) -> Update:
    """Return how far an import is, or how it ended, while the library is at event *at*."""
    said = _head("import_progress", at, None, None, None)
    match event:
        case ImportProgressed():
            said |= {
                "state": "running",
                "files_done": event.files_done,
                "files_total": event.files_total,
                "bytes_done": event.bytes_done,
                "bytes_total": event.bytes_total,
            }
        case ImportFinished():
            said |= {
                "state": "cancelled" if event.cancelled else "finished",
                "files": event.files,
                "files_changed": event.files_changed,
                "bytes_read": event.bytes_read,
                "problems": event.problems,
            }
    said["seconds"] = round(event.seconds, 3)
    return _update("import_progress", (EVERYTHING,), said)


class _Maker:
    """Makes the updates of one event."""

    def __init__(
        self, db: Connection, row: ConversationRow, entry: Entry, choices: Choices, *, text: bool
    ) -> None:
        self._db, self._row, self._entry = db, row, entry
        self._choices, self._text = choices, text
        keys = dict.fromkeys((row.key, entry.session))  # the same for most
        self._topics = (
            EVERYTHING,
            *_project_topics(row, choices),
            *(CONVERSATION + key for key in keys),
        )

    def message(
        self, type_: str, part: int, message: MessageRow, blocks: Sequence[BlockRow]
    ) -> Update:
        said = self._head(type_, part) | {
            "session": self._entry.session,
            "message": message.uuid,
            "kind": message.kind,
            "role": message.role,
            "at": moment(message.at),
            "agent": message.agent or None,
            "branch": message.branch,
            "copy": message.copy,
            "blocks": [self._block(block) for block in blocks],
        }
        short = orjson.dumps(said)
        whole = short
        if self._text:
            said["blocks"] = [self._block(block) | self._whole(block) for block in blocks]
            whole = orjson.dumps(said)
        cursor = Cursor(self._entry.event_id, part)
        return Update(type_, self._topics, message.kind, cursor, short, whole)

    def conversation(self, part: int) -> Update:
        row = self._row
        said = self._head("conversation_updated", part) | {
            "session": self._entry.session,
            "title": self._said(row.title)[:PREVIEW],
            "started_at": moment(row.started_at),
            "ended_at": moment(row.ended_at),
            "messages": row.messages,
            "prompts": row.prompts,
            "tool_calls": row.tool_calls,
            "errors": row.errors,
            "format": row.format or None,
        }
        cursor = Cursor(self._entry.event_id, part)
        return _update("conversation_updated", self._topics, said, cursor)

    def _head(self, type_: str, part: int) -> Json:
        cursor = Cursor(self._entry.event_id, part)
        project = _project(self._row.project, self._choices)
        return _head(type_, self._entry.event_id, cursor, project, self._row.key)

    def _block(self, row: BlockRow) -> Json:
        call = row.call
        said: Json = {
            "kind": str(row.kind),
            "size": row.size,
            "preview": self._said(row.text[: PREVIEW + _MARGIN])[:PREVIEW],
        }
        if call is not None:
            said["tool"] = self._said(call.tool)[:PREVIEW]
            said["outcome"] = str(call.outcome)
            said["duration_ms"] = call.duration_ms
        return said

    def _whole(self, row: BlockRow) -> Json:
        text = row.text
        if row.size > len(text):
            text = transcript.text(self._db, row.id)
        return {
            "text": self._said(text[: TEXT + _MARGIN])[:TEXT],
            "truncated": len(text) > TEXT,
        }

    def _said(self, text: str) -> str:
        return redacted(text) if self._choices.redact else text


def _head(
    type_: str, event: int, cursor: Cursor | None, project: str | None, conversation: str | None
) -> Json:
    return {
        "type": type_,
        "event_id": event,
        "cursor": None if cursor is None else str(cursor),
        "project": project,
        "conversation": conversation,
    }


def _update(
    type_: str, topics: tuple[str, ...], said: Json, cursor: Cursor | None = None
) -> Update:
    made = orjson.dumps(said)
    return Update(type_, topics, "", cursor, made, made)


def _project(folder: str, choices: Choices) -> str:
    return redacted(folder, PEOPLE) if choices.redact else folder


def _project_topics(row: ConversationRow, choices: Choices) -> tuple[str, ...]:
    """Return the names of the project, as it is and as it is told."""
    names = dict.fromkeys((row.project, _project(row.project, choices)))
    return tuple(PROJECT + name for name in names if name)
