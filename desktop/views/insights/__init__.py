"""The insights of one conversation: lanes over its turns, figures, topics, tools."""
