"""Clew's engine: from transcript files to the rows that views show. It knows no Qt.

Data flows one way, and the packages are named after what flows:

    files      which bytes are new            discover, cursor, watch
      v
    records    bytes to JSON objects          reader, decode, fields
      v
    messages   objects to what was said       formats, claude_code, ...
      v
    threads    who answers whom               branches
      v
    measures   counts and tokens              usage, titles, rates
      v
    store      the one writer (SQLite, WAL)   writer, families, migrations
      v
    queries    rows for views (read-only)     conversations, transcript, search, tools, ...

``engine`` wires the stages together and owns the only writable connection;
``events`` carry news back, once per commit; ``doors`` is the command line.
The views themselves live in ``desktop``.
"""

__version__ = "0.1.0"
