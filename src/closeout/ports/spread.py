"""Work that is the same for many things: done by this process (the builtin `map`), or by several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")


class Spread(Protocol):
    """Who does it. What is done, and all that goes in and comes out, can be pickled."""

    def __call__(self, act: Callable[[Thing], Made], things: Sequence[Thing], /) -> Iterable[Made | None]:
        """Return what `act` makes of each thing, in their order; None for one whose process died of it."""
