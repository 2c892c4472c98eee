"""Many repositories on a schedule: when, in which clone, as which process, and what is known of it."""
