"""How Clew itself is doing: what it uses, what waits, what to warn of, and its upkeep."""
