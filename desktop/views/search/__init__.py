"""Search over everything: the field in the top bar and the panel that hangs from it."""
