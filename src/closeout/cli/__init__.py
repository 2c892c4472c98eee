"""The commands: one file each, one table of them, and what they show."""
