"""Long outputs of tools that Claude Code keeps beside a session, in files of their own.

The transcript holds the beginning and an absolute path. Only the path's name is used, and only
inside the session's own folder: a log can make nobody read another file.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path

from core.files.patience import NoAnswerError, Patience
from core.model import Block, Facts
from core.opening import opened

FOLDER = "tool-results"
MOST = 16 << 20  # bytes of an output that are read


def folder_of(path: Path) -> Path:
    """Return the folder in which the session whose transcript is at *path* keeps long outputs.

    An agent's are with those of the session that it works for.
    """
    parts = path.parts
    if "subagents" in parts[1:]:
        at = len(parts) - 1 - parts[::-1].index("subagents")
        return Path(*parts[:at]) / FOLDER
    return path.with_suffix("") / FOLDER


def filled(fact: Facts, folder: Path, patience: Patience | None = None) -> Facts:
    """Return *fact* with the whole text of results that are kept in files in *folder*.

    A file that is gone, no regular file or outside of *folder* leaves what the log holds.

    Raises:
        NoAnswerError: it does not answer within *patience*; the log is read when it does.
    """
    message = fact.message
    if message is None:
        return fact
    for block in message.blocks:
        if block.result is not None and block.result.persisted:
            break
    else:
        return fact
    blocks = tuple(_whole(block, folder, patience) for block in message.blocks)
    return replace(fact, message=replace(message, blocks=blocks))


def _whole(block: Block, folder: Path, patience: Patience | None) -> Block:
    name = block.result.persisted if block.result else ""
    if not name or name != Path(name).name or name in {".", ".."} or "\0" in name:
        return block
    path = folder / name
    try:
        led_away = partial(_is_led_away, path)
        if led_away() if patience is None else patience.ask(path, led_away):
            return block
        with opened(path, patience) as (stream, _, _):
            text = stream.read(MOST).decode("utf-8", "replace")
    except NoAnswerError:
        raise
    except (OSError, ValueError):
        return block
    return replace(block, text=text, given=block.text) if len(text) > len(block.text) else block


def _is_led_away(path: Path) -> bool:
    """Tell whether *path* is a link, or a folder above it that belongs to the session."""
    return any(one.is_symlink() for one in (path, path.parent, path.parent.parent))
