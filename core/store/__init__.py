"""The library: one writer, numbered migrations, SQLite in WAL."""
