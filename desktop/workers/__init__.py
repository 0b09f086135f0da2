"""Work that must not block the window: the engine, slow reads, listings of folders."""
