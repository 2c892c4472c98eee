"""The ledger's keeper."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from closeout.domain.ledger import Ledger


class LedgerKeeper(Protocol):
    """Where the ledger is kept; only a run that will write takes the lease."""

    @property
    def shared(self) -> bool:
        """Whether every run sees what this one saves; else a listing must tell what other runs made."""

    def load(self) -> Ledger:
        """Return the ledger as it stands; an empty one that says it does not exist if there is none.

        Raises ConfigurationError if it is damaged or was written by a newer version.
        """

    def save(self, ledger: Ledger, *, last: bool = False) -> None:
        """Replace the ledger, wholly or not at all; the `last` save of a run may give the lease back with it.

        Raises MovedError without the lease, or if another run saved since this one loaded.
        """

    def lease(self) -> AbstractContextManager[None]:
        """Have the right to write for one run, from its first save on at the latest.

        Raises MovedError if another run keeps it.
        """

    def hold(self, seconds: float) -> None:
        """Make sure that the lease lasts for as long as one write may take. Raises MovedError if it was lost."""
