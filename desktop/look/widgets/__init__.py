"""The small widgets that every page is built of, one module each."""
