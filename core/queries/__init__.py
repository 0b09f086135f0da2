"""Rows for views: functions of a read-only connection, each with its SQL beside it."""
