"""Data health: what was recognised, how much of it was understood, and what is wrong."""
