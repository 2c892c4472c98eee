"""Again: what another run overtook, before it did anything, reads and decides anew."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from closeout.errors import OvertakenError

Done = TypeVar("Done")
_TRIES = 3


def again(act: Callable[[], Done]) -> Done:
    """Return what `act` does, three times at most; the last OvertakenError is raised."""
    for _ in range(_TRIES - 1):
        with suppress(OvertakenError):
            return act()
    return act()
