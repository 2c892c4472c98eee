"""Every test alike: the same examples each time."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("test", derandomize=True, max_examples=100, deadline=None)
settings.load_profile("test")
