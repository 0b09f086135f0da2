"""The settings of desktop notifications."""
