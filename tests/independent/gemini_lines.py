"""Counts of a Gemini CLI log: the last line of an id is the message."""

import json
from pathlib import Path
from typing import Any

from tests.independent import Count
from tests.independent.gemini import of


def count(path: Path) -> Count:
    last: dict[str, dict[str, Any]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        found = [data] if "id" in data else (data.get("$set") or {}).get("messages", [])
        last |= {one["id"]: one for one in found}
    return of(list(last.values()))
