"""Which bytes are new: what exists on disk, how far it was read, and what just changed."""
