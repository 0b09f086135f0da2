"""The transcript: a virtual list of rows under a header, with find, fold and follow."""
