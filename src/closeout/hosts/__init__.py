"""Hosts over HTTP: one typed function per endpoint, who we are, how fast we may go; they know nothing of closeout's words."""
