"""The past of a branch: where it stood when a day ended, and when each of its files came to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from closeout import git

_AT_ONCE = 5  # files; nobody writes more postmortems on one day, they were brought from elsewhere
_SUFFIXES = ("md", "markdown", "mdown", "mkd")


def last(root: Path, commit: str, day: date) -> str:
    """Return the last commit of a branch, whose head is given, when a day ended (UTC); empty where none that old is here."""
    end = datetime.combine(day + timedelta(days=1), time(), UTC) - timedelta(seconds=1)
    told = git.git(root, "rev-list", "--max-count=1", "--first-parent", f"--before={int(end.timestamp())}", commit)
    return (told or "").strip()


def published(root: Path, commit: str) -> Mapping[str, date]:
    """Return the day (UTC) on which each Markdown file came to a branch, whose head is given, under whatever name.

    Nothing is known of those that came with many others: such a commit tells when they were moved here. None for a clone whose older commits were left out: what came before would seem to have come with its first one.
    """
    if not commit or git.is_shallow(root):
        return {}
    layout = ("--format=%x01%ct", "--name-status", "-z", "-M", "--diff-filter=AR")
    which = [f":(icase)*.{suffix}" for suffix in _SUFFIXES]
    along = ("--reverse", "--first-parent", "--diff-merges=first-parent")
    listed = git.git(root, "log", *along, *layout, commit, "--", *which) or ""
    found: dict[str, date | None] = {}
    for block in listed.split("\x01")[1:]:
        seconds, *names = block.split("\0")
        day = datetime.fromtimestamp(int(seconds), UTC).date()
        words = iter(stripped for name in names if (stripped := name.lstrip("\n")))
        new: list[str] = []
        for word in words:
            path = next(words, "")
            if word.startswith("R"):
                found[next(words, "")] = found.get(path, day)
            else:
                new.append(path)
        for path in new:
            found.setdefault(path, None if len(new) > _AT_ONCE else day)
    return {path: came for path, came in found.items() if came is not None}
