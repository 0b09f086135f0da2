"""What is said about formats, files and kinds of records, and what its numbers mean."""

from collections.abc import Sequence

from core.queries import formats
from core.queries.formats import Counted, FileRow, Sum
from desktop.look import words
from desktop.look.words import translate


def summary(total: Sum, known: int) -> str:
    """Return in a line how much of everything was understood; *known* formats were seen."""
    if not total.files:
        return ""
    files = words.plural(total.files, translate("health", "file"), translate("health", "files"))
    seen = words.plural(known, translate("health", "format"), translate("health", "formats"))
    parts = [translate("health", "{0} in {1}").format(files, seen)]
    share = formats.score(total)
    if share is not None:
        lines = words.plural(
            formats.lines(total), translate("health", "record"), translate("health", "records")
        )
        said = translate("health", "{0} of {1} understood")
        parts.append(said.format(formats.written(share), lines))
    if total.others:
        said = translate("health", "{0} not recognised")
        parts.append(said.format(words.count(total.others)))
    return " · ".join(parts)


def damaged(files: int) -> str:
    """Return how many *files* look damaged."""
    one, many = translate("health", "looks damaged"), translate("health", "look damaged")
    return words.plural(files, one, many)


def damage_rule() -> str:
    """Return when a file looks damaged."""
    return translate(
        "health",
        "Files of more than 50 lines of which more than 20 % hold no record. Show only them.",
    )


def looks_damaged() -> str:
    """Return what is said of a file that looks damaged."""
    return translate("health", "looks damaged")


def not_recognised() -> str:
    """Return what stands for the format of a file that has none."""
    return translate("health", "Not recognised")


def known(*, known: bool) -> str:
    """Return whether a kind of record is *known*."""
    return translate("health", "Yes") if known else translate("health", "Not yet")


def reason(row: FileRow) -> str:
    """Return by what a file was recognised, or why not, and whether it looks damaged."""
    said = [row.reason] if row.reason else []
    if not row.recognised:
        said = [translate("health", "nothing: {0}").format(row.reason)]
    if formats.looks_damaged(row):
        said.append(looks_damaged())
    return " · ".join(said)


def why(row: FileRow) -> str:
    """Return the same as `reason` in a sentence of its own."""
    said = reason(row)
    return translate("health", "Recognised by {0}").format(said) if said else ""


def counted(row: Counted) -> str:
    """Return what the score of *row* is made of."""
    total = formats.lines(row)
    if not total:
        return translate("health", "It holds no records.")
    said = translate("health", "{0} of {1} records understood\n{2} of unknown kinds\n{3} broken")
    return said.format(
        words.count(row.understood), words.count(total), words.count(row.strange),
        words.count(row.broken),
    )  # fmt: skip


def span(versions: Sequence[str]) -> str:
    """Return *versions*, in order, in a few words: "2.0.1 – 2.1.9 (34)"."""
    if len(versions) <= 2:
        return ", ".join(words.one_line(one, 40) for one in versions)
    numbered = [one for one in versions if one[:1].isdecimal()] or versions
    first, last = words.one_line(numbered[0], 40), words.one_line(numbered[-1], 40)
    return f"{first} – {last} ({words.count(len(versions))})"


def place(label: str) -> str:
    """Return the name of the file *label* with its folder's, which tells it from its likes."""
    return "/".join(label.replace("\\", "/").rsplit("/", 2)[-2:])


def records() -> str:
    """Return what is counted as a record."""
    return translate(
        "health", "JSON objects, or sections of a page, that were read: one line or item each."
    )


def score_rule() -> str:
    """Return how the score comes about."""
    return translate(
        "health",
        "Records of kinds that Clew knows, out of all records and broken lines. "
        "Less than 100 % means that something is in the file which Clew does not show.",
    )


def strange_rule() -> str:
    """Return what a record of an unknown kind is."""
    return translate(
        "health", "Records of kinds that Clew does not know. They are kept as they are, not shown."
    )


def broken_rule() -> str:
    """Return what a broken line is."""
    return translate("health", "Lines that hold no record: cut off, or not JSON.")


def version_rule() -> str:
    """Return whose version it is."""
    return translate("health", "The version of the program that wrote the records, as they say.")
