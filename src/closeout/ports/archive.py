"""The archive: documents and ledger as they stood on an earlier day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from closeout.domain.ledger import Ledger
from closeout.ports.documents import DocumentSource


class Archive(Protocol):
    """What git keeps of the days before; a day ends at midnight UTC."""

    def documents(self, day: date) -> DocumentSource | None:
        """Return where the documents are read as they stood when a day ended; None where nothing that old is here."""

    def ledger(self, day: date) -> Ledger:
        """Return the ledger as it stood when a day ended; one that says it does not exist if there was none.

        Raises ConfigurationError if it cannot be read.
        """

    def published(self, revision: str) -> Mapping[str, date]:
        """Return by path the day on which each file of a revision came to its branch; none where git does not tell."""
