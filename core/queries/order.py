"""In what order the sessions of a conversation are shown, everywhere."""

# Its own before its agents', originals before copies, then by time. For ORDER BY over `session`.
IN_ORDER = "session.agent <> '', session.copied, coalesce(session.started_at, 0), session.key"
