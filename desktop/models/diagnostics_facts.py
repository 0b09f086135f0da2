"""The overview of the Diagnostics: groups of names and values, each with its definition."""

from typing import Final

from core.monitoring.report import Report
from core.queries.archive import Figures
from core.store.checkpoints import Run
from desktop.look import words
from desktop.look.words import NO_TIME, translate
from desktop.models import diagnostics_day
from desktop.models.diagnostics_fact import Fact, Group, ms

_TAKEN: Final = {
    "PASSIVE": ("diagnostics", "{0} of {1} pages, passing by"),
    "TRUNCATE": ("diagnostics", "{0} of {1} pages, log emptied"),
}


def groups(told: Report, now: int) -> tuple[Group, ...]:
    """Return what *told* says; *now* is ms since the epoch. Always the same groups and names."""
    return (
        Group(translate("diagnostics", "Memory and disk"), _sizes(told)),
        Group(translate("diagnostics", "Engine"), _engine(told)),
        Group(translate("diagnostics", "Write-ahead log"), _log(told, now)),
        Group(translate("diagnostics", "Readers"), _readers(told)),
        Group(translate("diagnostics", "Last 24 hours"), diagnostics_day.facts(told.day)),
        Group(
            translate("diagnostics", "Versions"),
            tuple(Fact(name, value, "") for name, value in told.versions),
        ),
    )


def _sizes(told: Report) -> tuple[Fact, ...]:
    seen = told.seen
    memory = NO_TIME if seen.memory is None else words.size(seen.memory)
    if seen.processes > 1:
        several = translate("diagnostics", "{0} in {1} processes")
        memory = several.format(memory, words.count(seen.processes))
    return (
        Fact(
            translate("diagnostics", "Memory"), memory,
            translate(
                "diagnostics",
                "Resident memory of Clew and the processes it started. "
                "What they share is counted for each.",
            ),
        ),
        Fact(
            translate("diagnostics", "Library"), words.size(seen.library),
            translate("diagnostics", "Size of the library’s file."),
        ),
        Fact(
            translate("diagnostics", "Pages"),
            translate("diagnostics", "{0}, {1} of them empty").format(
                words.count(told.pages), words.count(told.free_pages)
            ),
            translate(
                "diagnostics", "What the library is made of. Compact gives empty pages back."
            ),
        ),
        Fact(
            translate("diagnostics", "Original logs"), _kept(told.archive),
            translate(
                "diagnostics",
                "Logs that the library keeps byte for byte, packed, so that they can be written "
                "out again: how many, their size, and the bytes that this takes in the library.",
            ),
        ),
        Fact(
            translate("diagnostics", "Free on disk"),
            NO_TIME if seen.free is None else words.size(seen.free),
            translate("diagnostics", "Room on the disk that the library is on."),
        ),
    )  # fmt: skip


def _kept(found: Figures) -> str:
    said = translate("diagnostics", "{0}, {1}, packed {2}").format(
        words.plural(found.files, "file", "files"),
        words.size(found.size),
        words.size(found.packed),
    )
    if not found.on:
        return translate("diagnostics", "{0}; no more are kept").format(said)
    if found.due:
        return translate("diagnostics", "{0}; {1} to be read").format(said, words.count(found.due))
    return said


def _engine(told: Report) -> tuple[Fact, ...]:
    beat = told.seen.beat
    if beat.failed:
        doing = translate("diagnostics", "ended")
    elif beat.importing:
        doing = translate("diagnostics", "importing")
    else:
        doing = translate("diagnostics", "idle")
    watching = translate("diagnostics", "everything")
    if beat.degraded:
        watching = translate("diagnostics", "not everything")
    lag = ms(beat.lag * 1000) if beat.waiting else translate("diagnostics", "none")
    last = NO_TIME if beat.last_lag is None else ms(beat.last_lag * 1000)
    return (
        Fact(translate("diagnostics", "Doing"), doing, beat.failed),
        Fact(
            translate("diagnostics", "Waiting"),
            translate("diagnostics", "{0} files, {1} commands").format(
                words.count(beat.waiting), words.count(told.seen.queued)
            ),
            translate(
                "diagnostics",
                "Files that were written to and not read since, and commands to the engine.",
            ),
        ),
        Fact(
            translate("diagnostics", "Lag"), lag,
            translate("diagnostics", "How long the file that waits longest has been waiting."),
        ),
        Fact(
            translate("diagnostics", "Last file"), last,
            translate(
                "diagnostics",
                "From the system’s notice that a file was written to until it was read and "
                "committed, for the last one.",
            ),
        ),
        Fact(translate("diagnostics", "Watched"), watching, beat.degraded),
    )  # fmt: skip


def _log(told: Report, now: int) -> tuple[Fact, ...]:
    done = told.checkpoints
    kinds = ", ".join(f"{words.count(number)} {mode}" for mode, number in done.by_mode)
    times = NO_TIME
    if done.count:
        times = translate("diagnostics", "p50 {0}, p95 {1}, longest {2}").format(
            ms(done.p50), ms(done.p95), ms(done.longest)
        )
    return (
        Fact(
            translate("diagnostics", "Size"), words.size(told.seen.wal),
            translate("diagnostics", "Size of the log’s file. It is emptied when Clew is idle."),
        ),
        _kept_with(told),
        Fact(
            translate("diagnostics", "Other writers"),
            translate("diagnostics", "not kept out")
            if told.unlocked
            else translate("diagnostics", "kept out"),
            told.unlocked
            or translate(
                "diagnostics",
                "Who writes to the library has a lock on a file beside it, so that windows and "
                "commands never write at once.",
            ),
        ),
        Fact(
            translate("diagnostics", "Pages in it"), words.count(told.wal_frames),
            translate("diagnostics", "Since it was last begun anew, read from the file itself."),
        ),
        Fact(
            translate("diagnostics", "Checkpoints"), kinds or "0",
            translate(
                "diagnostics",
                "How often the log was taken into the library since the start. PASSIVE waits for "
                "nobody, TRUNCATE leaves an empty log.",
            ),
        ),
        Fact(
            translate("diagnostics", "They took"), times,
            translate("diagnostics", "p50 and p95 of the last 256 checkpoints."),
        ),
        Fact(
            translate("diagnostics", "Held back"), words.count(done.busy),
            translate("diagnostics", "Checkpoints that a reader kept from doing all they should."),
        ),
        Fact(
            translate("diagnostics", "Last one"),
            NO_TIME if done.last is None else _run(done.last, now),
            "" if done.last is None else _run_tip(done.last),
        ),
    )  # fmt: skip


def _kept_with(told: Report) -> Fact:
    name = translate("diagnostics", "Kept with")
    if dict(told.reader).get("journal_mode") == "wal":
        return Fact(
            name,
            translate("diagnostics", "a write-ahead log"),
            translate("diagnostics", "What is read and what is written never wait for each other."),
        )
    return Fact(
        name,
        translate("diagnostics", "a rollback journal"),
        translate(
            "diagnostics",
            "The file system that the library is on has no memory that processes share, so there "
            "is no write-ahead log. Everything works, but reads wait for commits, and commits "
            "for reads.",
        ),
    )


def _run(run: Run, now: int) -> str:
    if run.trouble:
        return run.trouble
    taken = translate(*_TAKEN[run.mode]).format(
        words.count(max(0, run.checkpointed)), words.count(max(0, run.log))
    )
    return f"{words.ago(run.at, now)}: {taken}"


def _run_tip(run: Run) -> str:
    said = translate("diagnostics", "It took {0}.").format(ms(run.ms))
    if run.pinned_by:
        held = translate("diagnostics", "Held back by a read of {0}.")
        said += " " + held.format(", ".join(run.pinned_by))
    return said


def _readers(told: Report) -> tuple[Fact, ...]:
    reads = told.seen.reads
    oldest = translate("diagnostics", "none")
    if reads.reading:
        oldest = f"{ms(reads.oldest * 1000)}, {reads.reading[0].purpose}"
    return (
        Fact(
            translate("diagnostics", "Connections"), words.count(reads.open),
            translate("diagnostics", "Open to read, counted; a transaction is in few of them."),
        ),
        Fact(
            translate("diagnostics", "Reading now"), words.count(len(reads.reading)),
            translate("diagnostics", "Read transactions that were open at this look, counted."),
        ),
        Fact(
            translate("diagnostics", "Oldest"), oldest,
            translate("diagnostics", "How long the oldest of them has been open, and what for."),
        ),
        Fact(
            translate("diagnostics", "Ended"),
            translate("diagnostics", "{0}, {1} stopped").format(
                words.count(reads.done), words.count(reads.stopped)
            ),
            translate(
                "diagnostics",
                "Reads since the start; those nobody waited for any more were stopped.",
            ),
        ),
    )  # fmt: skip
