"""What the short message and the digest say, in English: the texts of one table, and days as people write them.

The keys are those of a table `[message]` among the words of a language.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

_TOLD = {
    "message.of": ("Action items of {repository}",),
    "message.open": ("{count} open",),
    "message.overdue": ("{count} overdue",),
    "message.overdue-changed": ("{count} overdue ({change})",),
    "message.soon": ("{count} due within 7 days",),
    "message.new": ("{count} new",),
    "message.done": ("{count} done",),
    "message.declined": ("{count} that nobody will do",),
    "message.period": ("{first} to {last}",),
    "message.oldest": ("Oldest: {title}",),
    "message.open-for": ("open for {age}",),
    "message.late": ("{count} postmortem is late", "{count} postmortems are late"),
    "message.unseen": ("Not all could be seen: the report says what",),
    "message.whole": ("All of it: {place}",),
    "digest.title": (
        "{count} action item of yours is overdue",
        "{count} action items of yours are overdue",
    ),
    "digest.whose": ("{name}, of the postmortems' action items these are yours and overdue:",),
    "digest.due": ("due {day}",),
    "digest.more": ("and {count} more",),
    "digest.rarely": ("This comes at most once a week.",),
}


class Words(Protocol):
    """The words of one language; texts that are put into them are taken as they are."""

    def say(self, key: str, **values: object) -> str:
        """Return what `key` says, with the values in it; its `count` tells one from several. KeyError: nothing."""

    def change(self, value: int) -> str:
        """Return by how much something changed, with its sign."""

    def day(self, day: date) -> str:
        """Return a day."""

    def age(self, days: int) -> str:
        """Return how long so many days are."""


class English:
    """The words in English."""

    def say(self, key: str, **values: object) -> str:
        """Return what `key` says, with the values in it."""
        told = _TOLD[key]
        return told[0 if values.get("count", 1) == 1 else -1].format(**values)

    def change(self, value: int) -> str:
        """Return by how much something changed, with its sign."""
        return f"{'+' if value > 0 else '−' if value else '±'}{abs(value)}"

    def day(self, day: date) -> str:
        """Return a day."""
        return day.isoformat()

    def age(self, days: int) -> str:
        """Return how long so many days are."""
        return f"{days} day{'' if days == 1 else 's'}"


ENGLISH: Words = English()
