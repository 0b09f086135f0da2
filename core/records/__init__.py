"""Bytes to JSON objects: physical lines, tolerant decoding, salvage of damaged lines."""
