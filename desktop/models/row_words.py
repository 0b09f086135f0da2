"""What a screen reader says for a row of a transcript."""

from typing import Final

from core.model import BlockKind, Kind
from core.queries.transcript import BlockRow
from desktop.look import words
from desktop.look.words import translate
from desktop.models import boundary_words, calls, prompt_words

LONGEST: Final = 300  # characters of what a row is called


def sentence(row: BlockRow | None, project: str) -> str:
    """Return *row* in one sentence, with paths as seen from *project*."""
    if row is None:
        return translate("TranscriptModel", "No longer in the library")
    if row.boundary is not None:
        return words.one_line(boundary_words.sentence(row.boundary), LONGEST)
    when = words.clock(row.at) if row.at is not None else ""
    if row.call is not None:
        said = calls.sentence(row.call, project)
    else:
        who = _who(row)
        if row.kind is BlockKind.THINKING:
            who = translate("TranscriptModel", "Thinking, {0} characters").format(
                words.count(row.size)
            )
        text = words.one_line(row.text, 200)
        by = prompt_words.chip(row.prompt) if row.said is not Kind.QUEUED else ""
        said = ", ".join(part for part in (who, by, when, text) if part)
    if row.abandoned:
        said = translate("TranscriptModel", "{0}, left behind").format(said)
    if row.inherited:
        said = translate("TranscriptModel", "{0}, inherited").format(said)
    return words.one_line(said, LONGEST)


def _who(row: BlockRow) -> str:
    names = {
        Kind.PROMPT: translate("TranscriptModel", "You"),
        Kind.QUEUED: translate("TranscriptModel", "You, queued while busy"),
        Kind.COMMAND: translate("TranscriptModel", "Command"),
        Kind.SHELL: translate("TranscriptModel", "Shell"),
        Kind.TASK: translate("TranscriptModel", "Task"),
        Kind.RESULT: translate("TranscriptModel", "Result without its call"),
        Kind.SUMMARY: translate("TranscriptModel", "Summary"),
        Kind.COMPACTION: translate("TranscriptModel", "Context compacted"),
        Kind.INTERRUPT: translate("TranscriptModel", "You stopped the agent"),
        Kind.NOTICE: translate("TranscriptModel", "Notice"),
        Kind.META: translate("TranscriptModel", "System"),
        Kind.FAILURE: translate("TranscriptModel", "API error"),
    }
    if row.kind is BlockKind.IMAGE:
        return translate("TranscriptModel", "Image")
    return names.get(row.said, translate("TranscriptModel", "Reply"))
