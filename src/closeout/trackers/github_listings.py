"""Listings of a GitHub repository's issues: full ones, narrowed ones, and what a cache saves of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from closeout.errors import TrackerError
from closeout.hosts.github import GitHub
from closeout.hosts.github_replies import RawIssue, Repository
from closeout.ports.cache import IssueCache
from closeout.trackers.github_words import LABEL

OVERLAP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Listings:
    """Issues and pull requests of a repository, by number; each method asks once, page by page."""

    host: GitHub
    repository: Repository
    cache: IssueCache | None = None

    def glance(self) -> dict[int, RawIssue] | None:
        """Return the issues with our label, or, with a cache, all of them; None if the cache is not surely whole."""
        return self.refreshed() if self.cache is not None else self.labelled()

    def full(self) -> dict[int, RawIssue]:
        """Return every issue. Raises TrackerError for an empty list of a repository that has open ones."""
        repository = self.repository
        found = {raw.number: raw for raw in self.host.issues(repository.full_name)}
        if not found and repository.open_issues_count:
            message = (
                f"{self._place}: could not list the issues: the list is empty, but {repository.open_issues_count} are "
                "open. Run again later; nothing was changed"
            )
            raise TrackerError(message)
        self._keep(found)
        return found

    def labelled(self) -> dict[int, RawIssue]:
        """Return the issues with our label, which a person may have removed, and a token without rights never set."""
        return {raw.number: raw for raw in self.host.issues(self.repository.full_name, label=LABEL)}

    def refreshed(self) -> dict[int, RawIssue] | None:
        """Return the cached issues with what changed since; None where that is not surely the same as a full listing.

        The last change that is known must come again, no issue may move while its page is turned, and the number of
        open issues must be the host's: else something vanished or was missed.
        """
        kept = self._kept()
        if not kept:
            return None
        last = max(raw.updated_at for raw in kept.values())
        changed: dict[int, RawIssue] = {}
        for raw in self.host.issues(self.repository.full_name, datetime.fromisoformat(last) - OVERLAP):
            if changed.setdefault(raw.number, raw).updated_at != raw.updated_at:
                return None
        newer = {n: raw for n, raw in changed.items() if n not in kept or raw.updated_at >= kept[n].updated_at}
        merged = kept | newer
        opened = sum(raw.state == "open" for raw in merged.values())
        if not changed or opened != self.repository.open_issues_count:
            return None
        if merged != kept:
            self._keep(merged)
        return merged

    def _kept(self) -> dict[int, RawIssue]:
        """The issues in the cache; none where one of them cannot be read."""
        if self.cache is None:
            return {}
        _, kept = self.cache.load(self._place.lower())
        try:
            return {int(number): RawIssue.model_validate_json(text) for number, text in kept.items()}
        except (ValidationError, ValueError):
            return {}

    def _keep(self, found: Mapping[int, RawIssue]) -> None:
        if self.cache is not None and found:
            last = max(raw.updated_at for raw in found.values())
            self.cache.save(self._place.lower(), last, {str(n): raw.model_dump_json() for n, raw in found.items()})

    @property
    def _place(self) -> str:
        return f"{self.host.web}/{self.repository.full_name}"
