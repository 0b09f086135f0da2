"""JSON objects to what was said: one module for each log format."""
