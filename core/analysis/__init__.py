"""What conversations were about and how they went: pure functions over `material`."""
