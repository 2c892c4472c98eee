"""What blocks mean: regions meant for follow-ups, the entries in them, the fields of each."""
