"""The pane beside the transcript: threads, outline and details of one conversation."""
