"""Conversations with their threads, for tests: where they begin is decided, not guessed."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from core.queries import conversations
from core.store import threads as store
from core.store.connection import open_reader, open_writer, transaction
from core.threads.woven import Edit, EditKind
from core.weaving.weaver import Weaver
from tests.library import NO_LOCK


def woven(library: Path, splits: Iterable[str] = ()) -> None:
    """Make the threads of *library*; those of its first conversation begin at *splits* too."""
    with closing(open_reader(library)) as reader:
        row = conversations.page(reader)[0]
    with closing(open_writer(library, hold=NO_LOCK)) as db:
        with transaction(db):
            for prompt in splits:
                store.edit(db, row.key, prompt, Edit(prompt, EditKind.SPLIT))
            store.mark(db, [row.id], anew=True)
        weaver = Weaver(db)
        while weaver.step() is not None:
            pass
