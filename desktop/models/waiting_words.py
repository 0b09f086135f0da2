"""What is said of conversations that wait for the person. Nothing in it comes from a log."""

from collections.abc import Collection

from core.measures.endings import Ending
from core.queries.conversations import ConversationRow
from desktop.look import words
from desktop.look.words import translate


def notification(rows: Collection[ConversationRow]) -> str:
    """Return the sentence that the desktop shows of *rows*, at least one."""
    guessed = _guessed(rows)
    if len(rows) > 1:
        said = (
            translate("waiting", "{0} conversations may wait for you: they have been quiet since.")
            if guessed
            else translate("waiting", "{0} conversations have waited for you for 2 minutes.")
        )
        return said.format(words.count(len(rows)))
    if guessed:
        return translate(
            "waiting",
            "A tool call has had no result for 2 minutes. It may still run, "
            "or its program may ask for your permission.",
        )
    return translate("waiting", "A conversation has waited for you for 2 minutes.")


def example() -> str:
    """Return what a notification says that was only asked for to see one."""
    return translate("waiting", "This is how Clew tells you that a conversation waits for you.")


def badge(rows: Collection[ConversationRow]) -> str:
    """Return in three or four words how many of *rows* there are; "" if none."""
    if not rows:
        return ""
    if _guessed(rows):
        said = translate("waiting", "{0} may wait for you")
    elif len(rows) == 1:
        said = translate("waiting", "{0} waits for you")
    else:
        said = translate("waiting", "{0} wait for you")
    return said.format(words.count(len(rows)))


def meaning() -> str:
    """Return what the number in `badge` counts."""
    return translate(
        "waiting",
        "Conversations that grew while Clew was open, have been quiet for 2 minutes, wait for you "
        "as far as their records tell, and that you have not looked at since. "
        "Press to see the one that has waited longest.",
    )


def _guessed(rows: Collection[ConversationRow]) -> bool:
    return any(row.ending != Ending.WAITING for row in rows)
