"""Counts of a session in OpenCode's tree of files, found by the ids that are in them."""

import json
from pathlib import Path
from typing import Any

from tests.independent import Count
from tests.independent.opencode import of


def objects(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    paths = sorted(folder.rglob("*.json"))
    return [(path, json.loads(path.read_text(encoding="utf-8"))) for path in paths]


def count(path: Path) -> Count:
    session = json.loads(path.read_text(encoding="utf-8"))
    storage = path.parents[2]
    infos = [one for _, one in objects(storage / "message") if one["sessionID"] == session["id"]]
    parts = [
        (one.get("messageID") or place.parent.name, one) for place, one in objects(storage / "part")
    ]
    messages = [(info, [one for owner, one in parts if owner == info["id"]]) for info in infos]
    return of(messages, child=bool(session.get("parentID")))
