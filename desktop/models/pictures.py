"""Pictures of the rows on show, from the library or out of its archive."""

from sqlite3 import Connection

from core.errors import StoreError
from core.queries import pictures
from core.queries.pictures import HeldPicture
from core.store.readers import Readers, Superseded
from desktop.workers.errands import Abandoned, Stale


class Pictures:
    """Reads a row of the library on the UI thread, and a pack of the archive on any other."""

    def __init__(self) -> None:
        self.db: Connection | None = None  # of the UI thread; the caller's
        self.readers: Readers | None = None

    def held(self, block: int) -> HeldPicture | None:
        """Return the picture in *block* as the library has it; None if there is none."""
        return pictures.held(self.db, block) if self.db is not None else None

    def fetched(self, block: int, stale: Stale) -> bytes:
        """Return the bytes of the picture in *block* out of the archive.

        Raises:
            Abandoned: it is *stale*, nobody waits for it any more.
            CoreError: the archive or the library cannot give it.
        """
        if self.readers is None:
            raise StoreError("No library is open.")
        try:
            with self.readers.lend("pictures", stale=stale) as db:
                return pictures.content(db, block)
        except Superseded as stopped:
            raise Abandoned from stopped
