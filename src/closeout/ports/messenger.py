"""Messengers: what brings a short text to people, in a chat or by mail."""

from __future__ import annotations

from typing import Protocol


class Messenger(Protocol):
    """One address, which nobody is shown; `name` is what leads to it (`env:CHAT_URL`), and what errors call it."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def seconds(self) -> float:
        """How long bringing one text may take at most."""

    def send(self, title: str, text: str) -> None:
        """Bring a text, once: nothing is tried again.

        Raises ConfigurationError or TrackerError where surely nobody got it, OutcomeUnknown where somebody may have.
        """
