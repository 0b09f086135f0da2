"""What is old: removed, taken back, deleted for good."""
