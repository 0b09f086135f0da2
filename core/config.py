"""Where things are: the library file and the folders agents write their transcripts to."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Config:
    """What the engine has to know before it starts."""

    library: Path


def default_library() -> Path:
    """Return the library file of this user; its folder may not exist yet."""
    return Path(platformdirs.user_data_dir("clew", appauthor=False)) / "library.clew"


def agent_roots(environment: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Return the existing folders in which Claude Code keeps transcripts, without repeats.

    ``CLAUDE_CONFIG_DIR`` may hold several folders, separated by commas.
    """
    home = Path(environment.get("HOME") or Path.home())
    named = [Path(part.strip()) for part in environment.get("CLAUDE_CONFIG_DIR", "").split(",")]
    bases = [path for path in named if path.parts]
    bases += [home / ".claude", home / ".config" / "claude"]
    found: dict[Path, Path] = {}
    for base in bases:
        projects = base / "projects"
        if projects.is_dir():
            found.setdefault(projects.resolve(), projects)
    return tuple(found.values())
