"""Codex's prompt history (``history.jsonl``): what a person typed, of all sessions in one file.

Built from descriptions by others: each line is a session, a time in seconds and a text.
"""

from dataclasses import replace
from zlib import crc32

from core.messages.codex_items import typed
from core.messages.codex_line import Line, Told, message
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, strange
from core.model import Kind
from core.records.decode import Record
from core.records.fields import dump, moment, text


def detect(sample: Sample) -> Score:
    """Score lines of exactly a session, a time and a text."""
    keys = {"session_id", "ts", "text"}
    if sample.framing is not Framing.LINES or not sample.records:
        return NO
    fits = all(set(record) == keys for record in sample.records)
    return Score(85, "the prompts of Codex with their session and time") if fits else NO


def read(record: Record, memory: Memory) -> Told:
    """Return the prompt of one line of Codex's ``history.jsonl``."""
    session, asked = text(record.data, "session_id"), text(record.data, "text")
    if not asked:
        return (strange(record, "prompt"),), memory
    line = Line(record, "prompt", record.data, moment(record.data.get("ts")))
    said = message(line, {}, "user", Kind.PROMPT, typed(asked))
    # The file is cut from its beginning when it grows long: no place in it lasts.
    id_ = f"{dump(record.data.get('ts'))}-{crc32(asked.encode('utf-8', 'replace')):08x}"
    said = replace(said, uuid=id_)
    return (replace(known(record, "prompt", said), part=session),), memory


FORMAT = Format(
    name="codex-history",
    title="Codex prompts",
    revision=1,
    framing=Framing.LINES,
    aside=True,
    detect=detect,
    most=85,
    read=read,
    source="the three keys of ~/.codex/history.jsonl, as described by others",
    local=True,
)
