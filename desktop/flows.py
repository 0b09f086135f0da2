"""Steps with the user in between, written as coroutines: no dialog ever spins a loop of its own."""

import asyncio
import logging
from collections.abc import Coroutine
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

log = logging.getLogger(__name__)

_running: Final[set[asyncio.Task[None]]] = set()  # asyncio itself holds tasks weakly


def start(flow: Coroutine[object, object, None]) -> None:
    """Begin *flow* on the loop of this thread; what it raises is raised as any slot's error is."""
    task = asyncio.get_running_loop().create_task(flow)
    _running.add(task)
    task.add_done_callback(_ended)


async def stop() -> None:
    """Cancel every flow that still waits for the user; returns when all have ended."""
    waiting = tuple(_running)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def answered(dialog: QDialog) -> bool:
    """Show *dialog*, and return whether it was accepted once it is closed."""
    closed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def tell(result: int) -> None:
        if not closed.done():
            closed.set_result(result == QDialog.DialogCode.Accepted)

    dialog.finished.connect(tell)
    dialog.open()
    return await closed


async def chosen_folder(parent: QWidget, title: str, start_in: Path) -> tuple[Path, ...]:
    """Let the user choose a folder; nothing is returned if he does not."""
    dialog = QFileDialog(parent, title, str(start_in))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return await _chosen(dialog)


async def chosen_files(parent: QWidget, title: str, start_in: Path) -> tuple[Path, ...]:
    """Let the user choose transcripts; nothing is returned if he does not."""
    dialog = QFileDialog(parent, title, str(start_in))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters([parent.tr("Transcripts (*.jsonl)"), parent.tr("All files (*)")])
    return await _chosen(dialog)


async def chosen_target(parent: QWidget, title: str, named: Path) -> tuple[Path, ...]:
    """Let the user choose where to write a file, which is to be called as *named* is.

    Who chooses a file that is there has agreed to lose it. Nothing is returned otherwise.
    """
    dialog = QFileDialog(parent, title, str(named.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.selectFile(named.name)
    return await _chosen(dialog)


async def _chosen(dialog: QFileDialog) -> tuple[Path, ...]:
    try:
        if not await answered(dialog):
            return ()
        return tuple(Path(name) for name in dialog.selectedFiles())
    finally:
        dialog.deleteLater()


def _ended(task: asyncio.Task[None]) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        raise error
