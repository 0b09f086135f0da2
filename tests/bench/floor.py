"""The floor of an import: one script that parses lines, inserts rows and fills the search index.

It writes the very schema that Clew uses, triggers and indexes included, in transactions of the
same size, and does as little as can be done for each record of a Claude Code transcript: no odd
shapes, no copies, no groups, no prices, no titles, no look at what is there. What Clew needs
beyond this is what understanding costs.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from sqlite3 import Connection
from typing import Any
from zlib import crc32

import orjson

from core.store import merging
from core.store.connection import open_writer
from core.store.migrate import migrate
from core.store.packing import Packer
from core.store.writer import FULL_RECORDS

_SOURCE = """
INSERT INTO source (id, path, label, format, revision, device, inode, size, mtime_ns, ctime_ns,
    offset, line, head, tail) VALUES (?, ?, ?, 'claude-code', 2, ?, ?, ?, ?, ?, ?, 0, x'', x'')
"""
_CONVERSATION = """
INSERT INTO conversation (id, key, title, project, sort_at, messages, prompts, tool_calls, errors)
VALUES (?, ?, ?, '', 0, 0, 0, 0, 0)
"""
_SESSION = """
INSERT INTO session (id, source_id, conversation_id, key, agent, trunk) VALUES (?, ?, ?, ?, '', '')
"""
_ROWS = {  # by table, in the order in which one refers to the other
    "message": """
        INSERT INTO message (id, session_id, uid, uuid, parent_id, hung_on, record, kind, role, at,
            agent, branch, reply_id, counted, digest, line, offset, length, detail, prompt)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, ?, 1, ?, ?, ?, ?, '', '')""",
    "block": """
        INSERT INTO block (id, message_id, session_id, kind, said, agent, shown, size, lines)
        VALUES (?, ?, ?, ?, ?, '', 1, ?, ?)""",
    "body": "INSERT INTO body_kept (id, text) VALUES (?, ?)",
    "call": """
        INSERT INTO call (id, session_id, message_id, hash, key, tool, input, at, outcome,
            result_id, duration_ms, agent, detail, counted)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', 1)""",
    "reply": """
        INSERT OR REPLACE INTO reply (id, session_id, key, api_id, model, at, input, output,
            cache_read, cache_creation, cache_5m, cache_1h, final, counted)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 1, 1)""",
    "hop": "INSERT OR IGNORE INTO hop (session_id, uid, message_id, hung_on) VALUES (?, ?, ?, ?)",
    "search": """
        INSERT INTO search (rowid, prompt, reply, thinking, input, output, note)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",
}
_COLUMNS = {"prompt": 0, "reply": 1, "thinking": 2, "call": 3, "result": 4}


def floor(logs: Path, library: Path) -> tuple[float, int]:
    """Import the transcripts below *logs* into the new *library*: seconds, and messages."""
    began = time.perf_counter()
    with closing(open_writer(library)) as db:
        migrate(db, library)
        script = _Script(db)
        for number, path in enumerate(sorted(logs.rglob("*.jsonl")), 1):
            script.file(number, path)
        script.flush()
    return time.perf_counter() - began, script.messages


class _Script:
    def __init__(self, db: Connection) -> None:
        self._db = db
        self._packer = Packer()
        self._rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _ROWS}
        self._calls: dict[str, list[Any]] = {}
        self._replies: dict[int, tuple[object, ...]] = {}
        self._blocks = self._reply = self.messages = 0
        db.execute("BEGIN")
        merging.put_off(db)

    def file(self, number: int, path: Path) -> None:
        stat = path.stat()
        row = (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        self._db.execute(_SOURCE, (number, bytes(path), str(path), *row, stat.st_size))
        self._db.execute(_CONVERSATION, (number, str(path), path.stem))
        self._db.execute(_SESSION, (number, number, number, path.stem))
        seen: dict[object, int | None] = {}
        replies: dict[str, int] = {}
        offset = 0
        with path.open("rb") as stream:
            for line, data in enumerate(stream, 1):
                place = (line, offset, len(data))
                offset += len(data)
                try:
                    record = orjson.loads(data)
                except orjson.JSONDecodeError:
                    continue
                if isinstance(record, dict):
                    self._record(number, record, place, seen, replies)
                if len(self._rows["message"]) >= FULL_RECORDS:
                    self.flush()
                    self._db.execute("BEGIN")

    def flush(self) -> None:
        self._rows["call"] += [tuple(row) for row in self._calls.values()]
        self._rows["reply"] += self._replies.values()
        for table, sql in _ROWS.items():
            self._db.executemany(sql, self._rows[table])
            self._rows[table].clear()
        self._calls.clear()
        self._replies.clear()
        self._db.execute("DELETE FROM rollup_note")
        self._db.execute("COMMIT")

    def _record(
        self,
        session: int,
        record: dict[str, Any],
        place: tuple[int, int, int],
        seen: dict[object, int | None],
        replies: dict[str, int],
    ) -> None:
        kind, uuid = record.get("type"), record.get("uuid") or f"{session}@{place[1]}"
        uid, parent = _key(uuid), seen.get(record.get("parentUuid"))
        message = record.get("message")
        if kind not in {"user", "assistant"} or not isinstance(message, dict):
            if record.get("uuid"):
                self._rows["hop"].append((session, uid, parent, uid))
                seen[uuid] = parent
            return
        self.messages += 1
        id_ = seen[uuid] = self.messages
        said = record.get("timestamp")
        at = _moment(said) if said else None
        reply = self._used(session, message, at, replies) if kind == "assistant" else None
        digest = 0
        for sort, text in self._pieces(session, id_, at, kind, message.get("content")):
            digest = crc32(text.encode("utf-8", "surrogatepass"), digest)
            rows = (self._blocks, id_, session, sort, kind, len(text), text.count("\n"))
            self._rows["block"].append(rows)
            self._rows["body"].append((self._blocks, self._packer.packed(text)))
            columns: list[str | None] = [None] * 6
            columns[_COLUMNS[sort]] = text
            self._rows["search"].append((self._blocks, *columns))
        self._rows["message"].append(
            (id_, session, uid, uuid, parent, None, kind, kind, kind, at, reply, digest, *place)
        )

    def _used(
        self, session: int, message: dict[str, Any], at: int | None, replies: dict[str, int]
    ) -> int:
        api, used = message.get("id") or "", message.get("usage") or {}
        if api not in replies:
            self._reply += 1
            replies[api] = self._reply
        counts = (
            used.get(key, 0)
            for key in (
                "input_tokens", "output_tokens", "cache_read_input_tokens",
                "cache_creation_input_tokens",
            )
        )  # fmt: skip
        id_ = replies[api]
        self._replies[id_] = (id_, session, _key(api), api, message.get("model") or "", at, *counts)
        return id_

    def _pieces(
        self, session: int, message: int, at: int | None, role: str, content: object
    ) -> Iterator[tuple[str, str]]:
        items = [{"type": "text", "text": content}] if isinstance(content, str) else content
        for item in filter(_is_object, items if isinstance(items, list) else ()):
            self._blocks += 1
            match item.get("type"):
                case "text":
                    yield "prompt" if role == "user" else "reply", item.get("text", "")
                case "thinking":
                    yield "thinking", item.get("thinking", "")
                case "tool_use":
                    key, given = item["id"], item.get("input")
                    self._calls[key] = [
                        self._blocks, session, message, _key(key), key, item.get("name", ""),
                        orjson.dumps(given).decode(), at, "none", None, None,
                    ]  # fmt: skip
                    yield "call", "\n".join(_flat(given))
                case "tool_result":
                    call = self._calls.get(item.get("tool_use_id", ""))
                    if call is not None:
                        call[8:11] = "ok", self._blocks, 0
                    yield "result", _text(item.get("content"))
                case _:
                    self._blocks -= 1


def _is_object(item: object) -> bool:
    return isinstance(item, dict)


def _moment(said: str) -> int | None:
    try:
        return int(datetime.fromisoformat(said).timestamp() * 1000)
    except ValueError:  # a name or number was blacked out in it
        return None


def _key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _flat(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _flat(inner)


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    items = content if isinstance(content, list) else []
    return "\n".join(item.get("text", "") for item in items if isinstance(item, dict))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as FOLDER:
        SECONDS, MESSAGES = floor(Path(sys.argv[1]), Path(FOLDER) / "library.clew")
    print(json.dumps({"seconds": SECONDS, "messages": MESSAGES}))
