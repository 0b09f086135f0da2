"""Text as it is read, without what would make a terminal colour it or move its cursor."""

import re

# ECMA-48 control sequences (colours, cursor), and operating system commands (titles, links).
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")


def plain(text: str) -> str:
    """Return *text* without a terminal's control sequences."""
    return _SEQUENCE.sub("", text) if "\x1b" in text else text
