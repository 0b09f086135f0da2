"""What a conversation that is being written now is doing, in a few words."""

from core.measures.endings import Ending
from core.queries.conversations import ConversationRow
from core.queries.live import Doing
from desktop.look import words
from desktop.look.words import translate

_TOOL = 24  # characters of a tool's name


def state(row: ConversationRow, doing: Doing | None, now: int) -> str:
    """Return what *row* says of this moment, *now* being ms since the epoch; "": nothing.

    Only what the log holds is told: whether a program asks for a permission stands nowhere.
    """
    if row.ending == Ending.WAITING:
        return translate("conversations", "waiting for you")
    if row.ending == Ending.CUT_OFF:
        return translate("conversations", "no reply yet")
    if row.ending != Ending.PENDING or doing is None:
        return ""
    tool = words.one_line(doing.tool, _TOOL)
    if doing.at is None or now < doing.at:
        return translate("conversations", "{0}: no result yet").format(tool)
    said = translate("conversations", "working: {0} {1}")
    return said.format(tool, since(now - doing.at))


def since(ms: int) -> str:
    """Return a length of time as a clock that runs: minutes and seconds, with hours if need be."""
    seconds = ms // 1000
    minutes, hours = seconds // 60 % 60, seconds // 3600
    if hours:
        return f"{hours}:{minutes:02}:{seconds % 60:02}"
    return f"{minutes}:{seconds % 60:02}"
