"""The table of log formats Clew can read. One module and one row or a few here for each."""

from core.messages import (
    amp,
    antigravity,
    buddy,
    chat,
    chatgpt_export,
    claude_export,
    claude_files,
    cline,
    codex,
    codex_history,
    copilot,
    cursor,
    deepseek,
    droid,
    entire,
    fx,
    gemini,
    grok,
    hermes,
    kimi,
    kiro,
    opencode,
    pi,
    qwen,
    specstory,
    stream_json,
    unknown,
)
from core.messages.format import NO, Format, Sample, Score

FORMATS: tuple[Format, ...] = (
    *claude_files.FORMATS,
    *stream_json.FORMATS,
    codex.FORMAT,
    codex_history.FORMAT,
    *gemini.FORMATS,
    copilot.FORMAT,
    *opencode.FORMATS,
    *pi.FORMATS,
    cline.FORMAT,
    kiro.FORMAT,
    cursor.FORMAT,
    *droid.FORMATS,
    qwen.FORMAT,
    buddy.FORMAT,
    *kimi.FORMATS,
    *grok.FORMATS,
    antigravity.FORMAT,
    deepseek.FORMAT,
    specstory.FORMAT,
    amp.FORMAT,
    hermes.FORMAT,
    fx.FORMAT,
    entire.FORMAT,
    claude_export.FORMAT,
    chatgpt_export.FORMAT,
    *chat.FORMATS,
    unknown.FORMAT,
)
UNKNOWN = unknown.FORMAT.name
WEAK = frozenset({UNKNOWN, "legacy"})  # what a file is only until more of it is there
UNRECOGNISED = ""  # stored as the format of a file that none of the table reads
REMOVED = "removed"  # likewise, of a file whose conversations a person has removed

# A file that nothing fitted is looked at again when the table has learnt something.
REVISION = sum(form.revision for form in FORMATS)

_BY_NAME = {form.name: form for form in FORMATS}


def named(name: str) -> Format | None:
    """Return the format called *name*, if this version has it."""
    return _BY_NAME.get(name)


def revision(name: str) -> int:
    """Return the revision that files stored under format *name* should have been read with."""
    form = _BY_NAME.get(name)
    return form.revision if form else REVISION


def best(sample: Sample) -> tuple[Format | None, Score]:
    """Return the format that fits *sample* best and how well; of equals the first of the table.

    One that could not fit better than another does is not asked.
    """
    found: Format | None = None
    most = NO
    for form in FORMATS:
        if form.framing is sample.framing and form.most > most.points:
            score = form.detect(sample)
            if score.points > most.points:
                found, most = form, score
    return found, most
