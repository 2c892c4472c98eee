"""closeout keeps the action items of incident postmortems alive until they are closed."""

__version__ = "0.1.0"
