"""What could be done better: patterns that cost time or tokens, each with what shows it."""
