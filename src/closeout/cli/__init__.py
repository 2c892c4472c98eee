"""The commands: one file each, and one table of them."""
