"""How rows are drawn: what a row consists of, its layout, and the painting of it."""
