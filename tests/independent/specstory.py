"""SpecStory's pages counted by their headings, each after a rule or the title."""

import re
from pathlib import Path

from tests.independent import Count

HEADING = re.compile(
    r"(?:^---|^# [^\n]*)\n\n_\*\*(User|Assistant|Agent)[^*\n]*\*\*_$", re.MULTILINE
)


def count(path: Path) -> Count:
    """Count one page of 2025; those hold no tool calls that can be told from text."""
    speakers = HEADING.findall(path.read_text(encoding="utf-8"))
    return Count(len(speakers), speakers.count("User"), 0)
