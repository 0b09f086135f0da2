"""Counts of log files made with `json` alone, to check what Clew reads against.

One module for each format, each with ``count(path)``. Nothing here knows Clew's code, so
that a mistake there is not repeated here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """What one file holds."""

    messages: int  # what a person or a model said; results in records of their own are not
    prompts: int  # of which typed by a person
    tool_calls: int
    input: int = 0  # tokens that were not read from a cache
    output: int = 0
    cache_read: int = 0
    cache_creation: int = 0
