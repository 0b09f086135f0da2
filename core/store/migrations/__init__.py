"""The numbered steps of the schema, applied in order; a released file is never edited."""
