"""The sheet that says how Clew itself is doing, and its upkeep."""
