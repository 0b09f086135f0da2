"""The last 24 hours in the overview of the Diagnostics."""

from core.store.day import LastDay
from desktop.look import words
from desktop.look.words import NO_TIME, translate
from desktop.models.diagnostics_fact import Fact, ms


def facts(day: LastDay) -> tuple[Fact, ...]:
    """Return what *day* came to; always the same names."""
    most = translate("diagnostics", "{0} at most, p95 {1}")
    log = checkpoints = reads = NO_TIME
    if day.commits:
        log = most.format(words.size(day.log), words.size(day.log_p95))
    if day.checkpoints:
        checkpoints = translate("diagnostics", "{0}, longest {1}").format(
            words.count(day.checkpoints), ms(day.longest)
        )
        if day.held:
            held = translate("diagnostics", "{0}; {1} held back")
            checkpoints = held.format(checkpoints, words.count(day.held))
    if day.reads:
        reads = translate("diagnostics", "{0}, longest {1}").format(
            words.count(day.reads), ms(day.read)
        )
    return (
        Fact(
            translate("diagnostics", "Busy"),
            words.plural(day.minutes, "minute", "minutes"),
            translate(
                "diagnostics",
                "Minutes in which Clew wrote to its library or read it, since it was started, "
                "24 hours ago at most.",
            ),
        ),
        Fact(
            translate("diagnostics", "Log"), log,
            translate(
                "diagnostics",
                "Size of the write-ahead log’s file behind commits: the largest, and p95 of the "
                "largest of each minute that has a commit.",
            ),
        ),
        Fact(
            translate("diagnostics", "Checkpoints"), checkpoints,
            translate("diagnostics", "How many, the longest, and how many a reader held back."),
        ),
        Fact(
            translate("diagnostics", "Reads"), reads,
            translate("diagnostics", "Read transactions of the pool that ended, and the longest."),
        ),
        Fact(
            translate("diagnostics", "At once"),
            most.format(words.count(day.reading), words.count(day.reading_p95)),
            translate(
                "diagnostics",
                "Read transactions of the pool that were open when one of them ended: the most, "
                "and p95 of the most of each minute that has a read.",
            ),
        ),
    )  # fmt: skip
