"""The fields of an entry: one file a question; each gives value, span and reason."""
