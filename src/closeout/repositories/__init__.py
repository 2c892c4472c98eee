"""Where documents live and go back to."""
