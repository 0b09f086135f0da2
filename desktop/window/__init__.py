"""What the window does besides connecting its pages: one object for each idea."""
