"""Threads woven from what the library holds, and kept in it."""
