"""The pages of the gallery: every icon, token, control and widget, laid out to be looked at."""
