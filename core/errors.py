"""Errors that a caller of the core should handle. Everything else is a bug."""


class CoreError(Exception):
    """The root of Clew's own errors; its text is one plain sentence for a person."""


class StoreError(CoreError):
    """The library cannot be opened, read or written."""


class NewerLibraryError(StoreError):
    """The library was made by a newer Clew; it was left untouched."""


class HeldError(StoreError):
    """Somebody else has the library to write to it; nothing was changed."""


class ForeignFileError(StoreError):
    """The file is not a Clew library; it was left untouched."""


class StaleSliceError(CoreError):
    """Another process has read this stretch of the file meanwhile; nothing was written."""


class CrewError(CoreError):
    """Nobody could be found to help with an import."""


class DamagedPackError(CoreError):
    """Bytes of the archive are not those that were put there."""


class NotArchivedError(CoreError):
    """The archive does not hold what was asked for, or not all of it."""
