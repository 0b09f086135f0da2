"""The window: pages, models and delegates over what `core` reads and keeps."""
