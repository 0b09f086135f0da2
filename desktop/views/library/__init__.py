"""The left pane: every conversation, by day or by project."""
