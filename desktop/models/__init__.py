"""Rows of core become items that views can show."""
