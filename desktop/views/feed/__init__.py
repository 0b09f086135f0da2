"""The settings of the local feed."""
