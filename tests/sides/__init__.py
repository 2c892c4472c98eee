"""A tracker as people use it, and as whoever breaks it does: what the registry asks of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from closeout.domain.issue import Sight
from closeout.ports.tracker import Tracker
from fakes.http import Loopback


@dataclass(frozen=True, slots=True)
class Shown:
    """An issue as people see it: `owners` are logins, `due` is an ISO date or empty, `text` its whole body; `below` that it is
    below its incident's own.
    """

    ref: str
    title: str
    open: bool
    owners: tuple[str, ...]
    due: str
    key: str
    text: str
    below: bool = False


class Subject(Protocol):
    """A tracker that the laws of the port are tried on, in a world that goes wrong for it.

    A world in which something cannot go wrong skips the test that asks for it.
    """

    @property
    def owners(self) -> tuple[str, ...]:
        """People who can own an issue; but for a real server, at least three."""

    @property
    def deleted(self) -> Sight:
        """What a deleted issue looks like."""

    def tracker(self) -> Tracker:
        """The adapter, without the rest of a run."""

    def remove(self, ref: str) -> None:
        """Delete an issue for good."""

    def break_listing(self) -> None:
        """Let no list be read any more."""

    def lose(self) -> None:
        """Let the next write be done, and its reply be lost."""

    def lag(self, reads: int) -> None:
        """Let lists show what was there so many reads ago; 0: as it is now."""


class Side(Subject, Protocol):
    """A tracker as people use it, and as whoever breaks it does.

    `toml` is what closeout.toml says of it, `environment` what a run finds there; `server` answers for it on loopback
    (None where issues are files). Numbers are refs, as `Shown` tells them.
    """

    @property
    def toml(self) -> str: ...
    @property
    def environment(self) -> Mapping[str, str]: ...
    @property
    def server(self) -> Loopback | None: ...
    @property
    def secrets(self) -> tuple[str, ...]:
        """What may never be printed."""

    def now(self) -> datetime:
        """What the time is, in UTC."""

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""

    def catch_up(self) -> None:
        """Let lists show what is there now, and lag from here."""

    # What people do.

    def issues(self) -> list[Shown]:
        """Every issue that is there, with or without a key; no pull requests."""

    def close(self, ref: str) -> None: ...
    def reopen(self, ref: str) -> None: ...
    def retitle(self, ref: str, title: str) -> None: ...
    def assign(self, ref: str, login: str) -> None: ...
    def set_due(self, ref: str, day: str) -> None: ...
    def add_words(self, ref: str, words: str) -> None:
        """Write some lines of a person's own below the text."""

    def pulls(self) -> list[int]:
        """The numbers of the pull requests that are open."""

    def merge(self, number: int) -> None: ...

    # What goes wrong.

    def take_rights(self, after: int = 0) -> None:
        """Take our right to write issues away, once so many more writes were answered."""

    def give_rights(self) -> None: ...
