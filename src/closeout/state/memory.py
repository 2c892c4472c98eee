"""A ledger in memory, for tests; what is kept is its text, so that the format is used too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from closeout.domain.ledger import Ledger
from closeout.state.lines import dumps, loads


@dataclass
class MemoryLedger:
    """The ledger's text; `pause` is called around every save."""

    text: str = ""
    saves: int = 0
    shared: bool = True
    pause: Callable[[str], None] = lambda where: None

    def load(self) -> Ledger:
        """Return the ledger."""
        return loads(self.text) if self.text else Ledger()

    def save(self, ledger: Ledger, *, last: bool = False) -> None:  # noqa: ARG002 - the lease ends with the run
        """Keep the ledger."""
        text = dumps(ledger)
        if text != self.text:
            self.pause("before ledger")
            self.text = text
            self.saves += 1
            self.pause("after ledger")

    @contextmanager
    def lease(self) -> Iterator[None]:
        """There is one run at a time."""
        yield

    def hold(self, seconds: float) -> None:
        """There is one run at a time."""
