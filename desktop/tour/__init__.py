"""A walk through the real window without a screen, with a picture of every page."""
