"""The ledger: its one format, and where it is kept."""
