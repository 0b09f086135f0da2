"""Real files of every format: what Clew counts is what a few lines of `json` count."""

from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from core.files.bundles import is_member
from core.files.layout import is_agent_meta
from core.framing import recognise
from core.messages import formats
from core.queries import totals
from tests.independent import Count
from tests.library import imported

DATA = Path(__file__).parents[3] / "shared" / "data"
MOST = 10  # files of each format
NO_IDS = {"system_telemetry.jsonl"}  # all ids in it are one placeholder

# Module of `tests.independent`, and where its files are. The files are found by what Clew takes
# them for; a file with a line that is no JSON is left to the tests of damage.
FORMATS: Final = {
    "antigravity": "antigravity",
    "buddy": "buddy",
    "claude-code": "claude_code",
    "claude-code-v2": "chat",
    "claude-stream-json-document": "stream_json",
    "codex": "codex",
    "copilot": "copilot",
    "cursor": "cursor",
    "deepseek": "deepseek",
    "droid": "droid",
    "droid-stream": "droid",
    "entire": "entire",
    "fx": "fx",
    "gemini": "gemini",
    "gemini-lines": "gemini_lines",
    "grok": "grok",
    "hermes": "hermes",
    "kimi": "kimi",
    "openclaw": "openclaw",
    "opencode-storage": "opencode_storage",
    "pi": "pi",
    "qwen": "qwen",
    "specstory": "specstory",
}


def found() -> dict[str, list[Path]]:
    """Return the public files of each format, at most `MOST`, the same ones every time."""
    by_format: dict[str, list[Path]] = {}
    for path in sorted(DATA.rglob("*")):
        if not path.is_file() or path.suffix not in {".jsonl", ".json", ".md"}:
            continue
        if is_member(path) or is_agent_meta(path):
            continue
        with path.open("rb") as stream:
            form = recognise(path, stream).format
        by_format.setdefault(form.name if form else "", []).append(path)
    return by_format


@pytest.fixture(scope="module")
def files() -> dict[str, list[Path]]:
    if not DATA.is_dir():
        pytest.skip("the public transcripts are not here")
    return found()


def counted(path: Path, tmp_path: Path) -> Count:
    """Return what Clew counts in the file at *path* alone."""
    with closing(imported(tmp_path / f"{len(list(tmp_path.iterdir()))}.clew", path)) as db:
        all_ = totals.totals(db)
        tokens = totals.tokens(db).values()
        return Count(
            all_.messages,
            all_.prompts,
            all_.tool_calls,
            sum(use.input for use in tokens),
            sum(use.output for use in tokens),
            sum(use.cache_read for use in tokens),
            sum(use.cache_creation for use in tokens),
        )


def test_every_public_file_is_in_a_named_format(files: dict[str, list[Path]]) -> None:
    assert [str(path) for path in files.get("", []) + files.get(formats.UNKNOWN, [])] == []


@pytest.mark.parametrize("form", FORMATS)
def test_counts_agree_with_those_that_json_alone_gives(
    form: str, files: dict[str, list[Path]], tmp_path: Path
) -> None:
    count = import_module(f"tests.independent.{FORMATS[form]}").count
    compared = 0
    for path in files[form]:
        if path.name in NO_IDS:
            continue
        try:
            expected = count(path)
        except (ValueError, KeyError):
            continue  # damaged: the counter knows no mercy
        assert (path.name, counted(path, tmp_path)) == (path.name, expected)
        compared += 1
        if compared == MOST:
            break
    assert compared > 0
