"""Where issues live: one file a tracker; each translates, none decides."""
