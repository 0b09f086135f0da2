"""What is said of how Clew itself is doing, and what its numbers mean."""

from typing import Final, Literal, TypeAlias

from core.events import UpkeepFinished
from core.monitoring.alerts import Alert, Subject
from core.monitoring.upkeep import Task
from desktop.look import words
from desktop.look.words import translate

Health: TypeAlias = Literal["ok", "warning", "failed"]

_KIB: Final = 1024


def health(found: tuple[Alert, ...]) -> Health:
    """Return how things are, all *found* alerts taken together."""
    if any(one.serious for one in found):
        return "failed"
    return "warning" if found else "ok"


def state(found: tuple[Alert, ...]) -> str:
    """Return how things are, a sentence for each of *found*."""
    if not found:
        return translate("diagnostics", "Everything works.")
    return "\n".join(sentence(one) for one in found)


def sentence(alert: Alert) -> str:  # noqa: PLR0911  one for each subject
    """Return what is wrong, and what it means for the person."""
    value, limit = round(alert.value), round(alert.limit)
    match alert.subject:
        case Subject.ENGINE | Subject.WATCH:
            return alert.said
        case Subject.DISK if alert.serious:
            said = translate(
                "diagnostics",
                "Only {0} is free on the library’s disk. Reading stops when it is full.",
            )
            return said.format(words.size(value))
        case Subject.DISK:
            said = translate(
                "diagnostics",
                "{0} is free on the library’s disk; a backup and an upkeep need {1}.",
            )
            return said.format(words.size(value), words.size(limit))
        case Subject.WAL if alert.said:
            said = translate(
                "diagnostics",
                "The write-ahead log has grown to {0}: it is held back by a read of {1}.",
            )
            return said.format(words.size(value), alert.said)
        case Subject.WAL:
            said = translate(
                "diagnostics",
                "The write-ahead log has grown to {0}; another program may be reading the library.",
            )
            return said.format(words.size(value))
        case Subject.MEMORY:
            said = translate("diagnostics", "Clew uses {0} of memory, more than the {1} it should.")
            return said.format(words.size(value), words.size(limit))
        case Subject.READER:
            said = translate("diagnostics", "A read of {0} has been going on for {1}.")
            return said.format(alert.said, words.duration(value * 1000))


def task(name: str) -> str:
    """Return what the upkeep *name* is called."""
    return {
        Task.OPTIMISE: translate("diagnostics", "Optimise"),
        Task.CHECK: translate("diagnostics", "Check"),
        Task.REINDEX: translate("diagnostics", "Rebuild search index"),
        Task.COMPACT: translate("diagnostics", "Compact"),
    }[Task(name)]


def task_rule(name: str) -> str:
    """Return what the upkeep *name* does."""
    return {
        Task.OPTIMISE: translate(
            "diagnostics",
            "Counts statistics anew, merges the pieces of the full-text index, gives free pages "
            "back and empties the write-ahead log.",
        ),
        Task.CHECK: translate(
            "diagnostics",
            "Reads the whole library: its pages, its references, the full-text index against the "
            "texts, and every stored sum. Nothing is changed.",
        ),
        Task.REINDEX: translate(
            "diagnostics",
            "Makes the full-text index anew from the texts. Searches use the old one until then.",
        ),
        Task.COMPACT: translate("diagnostics", "Gives free pages of the library back to the disk."),
    }[Task(name)]


def ended(event: UpkeepFinished) -> str:
    """Return how an upkeep ended."""
    name = task(event.task)
    if event.cancelled:
        return translate("diagnostics", "{0}: stopped; what was done is kept.").format(name)
    if event.trouble:
        return translate("diagnostics", "{0}: {1}").format(name, event.trouble)
    wrong = [line for line in event.found if not line.endswith(": ok")]
    if wrong:
        return translate("diagnostics", "{0}: {1}").format(name, "; ".join(wrong))
    took = words.duration(max(1, round(event.seconds * 1000)))
    if event.found:
        done = translate("diagnostics", "{0}: all {1} checks passed, in {2}.")
        return done.format(name, words.count(len(event.found)), took)
    return translate("diagnostics", "{0}: done in {1}.").format(name, took)


def setting(name: str, value: str) -> str:
    """Return the *value* of the pragma *name* with its unit."""
    try:
        number = int(value)
    except ValueError:
        return value
    match name:
        case "cache_size" if number < 0:
            said = words.size(-number * _KIB)
        case "journal_size_limit" if number < 0:
            said = translate("diagnostics", "none")
        case "page_size":
            said = translate("diagnostics", "{0} bytes").format(words.count(number))
        case "journal_size_limit" | "mmap_size":
            said = words.size(number) if number else "0"
        case "busy_timeout":
            said = words.duration(number)
        case "wal_autocheckpoint":
            said = translate("diagnostics", "{0} pages").format(words.count(number))
        case _:
            said = value
    return said


def setting_rule(name: str) -> str:
    """Return what the pragma *name* decides."""
    return {
        "journal_mode": translate(
            "diagnostics",
            "wal: readers never wait for the writer. delete: they wait for its commits, since the "
            "file system has no memory that processes share.",
        ),
        "synchronous": translate(
            "diagnostics", "NORMAL: a crash of Clew loses nothing, a power cut the last second."
        ),
        "page_size": translate("diagnostics", "What the file is divided into."),
        "auto_vacuum": translate("diagnostics", "Free pages can be given back step by step."),
        "cache_size": translate("diagnostics", "Pages kept in memory, for each connection."),
        "mmap_size": translate(
            "diagnostics", "None: a disk error in mapped memory would end the program."
        ),
        "temp_store": translate("diagnostics", "Where sorting happens."),
        "foreign_keys": translate("diagnostics", "Checked where something is written."),
        "query_only": translate("diagnostics", "Readers cannot write."),
        "busy_timeout": translate("diagnostics", "How long one waits for another program."),
        "wal_autocheckpoint": translate(
            "diagnostics", "A net: Clew’s own checkpoints come long before."
        ),
        "journal_size_limit": translate("diagnostics", "What the write-ahead log shrinks to."),
        "user_version": translate("diagnostics", "The last step of the schema."),
    }.get(name, "")
