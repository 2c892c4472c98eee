"""The GitHub tracker: issues of one repository, whose key and due date are kept in the body."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from closeout.domain.issue import Capabilities, Changed, Draft, Gone, Hidden, Issue, Listing, Moved, Sight
from closeout.domain.item import Field
from closeout.domain.sync.fit import fit
from closeout.errors import OutcomeUnknown, TrackerError
from closeout.hosts import github_labels
from closeout.hosts.github import GitHub
from closeout.hosts.github_auth import App, Token
from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import RawIssue, Repository
from closeout.ports.cache import IssueCache
from closeout.trackers import github_words as words
from closeout.trackers import issue_body
from closeout.trackers.github_labels import Meanings
from closeout.trackers.github_listings import Listings
from closeout.trackers.opening import Opening
from closeout.trackers.unwritable import unwritable

_MOST_REFUSALS = 4


@dataclass
class GitHubTracker:
    """Issues of the repository `project` (`owner/name`) on a host.

    `home` is the documents' repository where it is on the same host: there `#12` is an issue of its own. `cache` saves
    listings; `meanings` are the labels that say something.
    """

    host: GitHub
    project: str
    home: str = ""
    name: str = "github"
    cache: IssueCache | None = None
    meanings: Meanings = Meanings()
    _found: Repository | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """The repository's page."""
        return f"{self.host.web}/{self.project}"

    @property
    def capabilities(self) -> Capabilities:
        """What an issue can hold, with the labels that say something."""
        return self.meanings.widened(words.CAPABILITIES)

    @property
    def private(self) -> bool:
        """Whether surely only some people can see the repository."""
        return self._repository.private is True

    def whoami(self) -> str:
        """Return our login, in lower case."""
        return self.host.viewer().lower()

    def assignable(self) -> frozenset[str] | None:
        """Return the logins that can own an issue here."""
        return frozenset(login.lower() for login in self.host.assignees(self._repository.full_name))

    def managed(self) -> Sequence[Issue]:
        """Return every issue with a key, in the order of their numbers; neither label nor cache narrows the listing."""
        return self._marked(self._listings.full())

    def glance(self) -> Listing:
        """Return those with a key among the issues with our label, or, with a cache, as far as it is surely whole."""
        known = self._listings.glance()
        return Listing(self.managed(), full=True) if known is None else Listing(self._marked(known), full=False)

    def get(self, ref: str) -> Sight:
        """Look at one issue, here or in another repository of the host."""
        sight = self._look(ref)
        return self._issue(sight) if isinstance(sight, RawIssue) else sight

    def ref(self, ticket: str, path: str) -> str | None:  # noqa: ARG002 - all documents are in one repository
        """Return the number of an issue here, `owner/name#12` for one of another repository of the host."""
        place = words.read_ticket(ticket, self.host.web, self.project.partition("/")[0])
        return self._ref(place.repository or self.home or self.project, place.number) if place else None

    def spell(self, issue: Issue, path: str) -> tuple[str, str]:  # noqa: ARG002
        """Spell a ticket as `#12` where the documents lie beside the issues, else with its repository."""
        if not issue.ref.isdecimal():
            return issue.ref, issue.address
        return (f"#{issue.ref}" if self._ours(self.home) else f"{self.project}#{issue.ref}"), issue.address

    def create(self, draft: Draft) -> Issue:
        """Make an issue; without those of its owners whom GitHub refuses to assign."""
        repository = self._repository.full_name
        values = fit(draft.values, self.capabilities)
        body = issue_body.made(draft.key, values.get(Field.DUE), draft.body)

        labels = [words.LABEL, *sorted(draft.labels), *self.meanings.telling(values)]

        def send(assignees: Sequence[str]) -> RawIssue:
            return self.host.create_issue(repository, values.get(Field.TITLE, ""), body, assignees, labels)

        with self.host.pace.within(words.SENT_WITHIN):
            made = _assigned(send, words.logins(values.get(Field.OWNERS, "")))
        return self._answered(made, repository)

    def update(self, ref: str, values: Mapping[Field, str], expect: Mapping[Field, str]) -> Issue | Changed:
        """Read an issue, and send what it lacks of the values in one request."""
        with self.host.pace.within(words.SENT_WITHIN):
            sight = self._look(ref)
            if not isinstance(sight, RawIssue) or sight.pull_request is not None:
                raise TrackerError(f"{self.address}: could not change issue {ref}: {self._why(sight)}")
            issue, wanted = self._issue(sight), fit(values, self.capabilities)
            if words.has_changed(sight, issue, wanted, expect):
                return Changed(issue)
            return self._turned(sight, issue, wanted)

    def mark(self, ref: str, key: str) -> Issue:
        """Write a key into the body of an issue that carries none."""
        with self.host.pace.within(words.SENT_WITHIN):
            sight = self._look(ref)
            if not isinstance(sight, RawIssue) or not words.takes_key(sight, key):
                raise TrackerError(f"{self.address}: could not mark issue {ref}: {self._why(sight)}")
            body = issue_body.with_key(sight.body or "", key)
            return self._issue(sight) if body == sight.body else self._patched(sight, {"body": body}, ())

    def _turned(self, raw: RawIssue, issue: Issue, wanted: Mapping[Field, str]) -> Issue:
        """Make a change; where labels are a part of it, the issue is read again."""
        patch = words.patch_of(raw, issue, wanted)
        add, drop = self.meanings.change(raw, issue, wanted)
        if add:
            github_labels.add(self.host, raw.home, raw.number, add)
        if patch:
            issue = self._patched(raw, patch, words.logins(wanted.get(Field.OWNERS, "")))
        for label in drop:
            github_labels.remove(self.host, raw.home, raw.number, label)
        return self._answered(self.host.issue(raw.home, raw.number), raw.home, raw.number) if add or drop else issue

    def _why(self, sight: RawIssue | Moved | Gone | Hidden) -> str:
        return unwritable(self._issue(sight) if isinstance(sight, RawIssue) else sight)

    def _patched(self, raw: RawIssue, patch: Mapping[str, object], owners: Sequence[str]) -> Issue:
        def send(assignees: Sequence[str]) -> RawIssue:
            told = {**patch, "assignees": list(assignees)} if "assignees" in patch else patch
            return self.host.edit_issue(raw.home, raw.number, told)

        return self._answered(_assigned(send, owners), raw.home, raw.number)

    @property
    def _repository(self) -> Repository:
        """The repository as it is called now, looked up once."""
        if self._found is None:
            self._found = self.host.repository(self.project)
        return self._found

    @property
    def _listings(self) -> Listings:
        return Listings(self.host, self._repository, self.cache)

    def _look(self, ref: str) -> RawIssue | Moved | Gone | Hidden:
        place = words.read_ticket(ref if "#" in ref else f"#{ref}", self.host.web, "")
        if place is None:
            return Hidden()
        ours = not place.repository or self._ours(place.repository)
        repository = self._repository.full_name if ours else place.repository
        try:
            raw = self.host.issue(repository, place.number)
        except Refused as refused:
            if refused.status == 410 and not refused.disabled:
                return Gone()
            if refused.status in {403, 404} or (not ours and refused.status != 401):
                return Hidden()
            raise
        if (raw.home.lower(), raw.number) != (repository.lower(), place.number):
            if ours and self.host.repository(repository).full_name.lower() == raw.home.lower():
                message = f"{self.address}: could not read issue {ref}: the repository has another name now. Run again"
                raise TrackerError(message)
            there = self._issue(raw)
            return Moved(there.ref, there.address)
        return raw

    def _marked(self, found: Mapping[int, RawIssue]) -> list[Issue]:
        return [issue for _, raw in sorted(found.items()) if (issue := self._issue(raw)).key]

    def _issue(self, raw: RawIssue) -> Issue:
        return words.issue_of(
            raw, self._ref(raw.home, raw.number), self.host.web, self.meanings, ours=self._ours(raw.home)
        )

    def _answered(self, raw: RawIssue, repository: str, number: int = 0) -> Issue:
        """The issue that a write answered with, if it is the one that was meant."""
        if raw.home.lower() != repository.lower() or (number or raw.number) != raw.number:
            raise OutcomeUnknown(f"{self.address}: could not tell what was written: the answer is of {raw.home}")
        return self._issue(raw)

    def _ours(self, repository: str) -> bool:
        known = {self.project.lower()} | ({self._found.full_name.lower()} if self._found else set())
        return repository.lower() in known

    def _ref(self, repository: str, number: int) -> str:
        return str(number) if self._ours(repository) else f"{repository.lower()}#{number}"


def opened(told: Opening) -> GitHubTracker:
    """Open a GitHub tracker. Raises ConfigurationError for an address or a token that cannot be used."""
    auth = App(*told.app, told.project) if told.app else Token(told.token)
    host = GitHub(told.url, auth, told.pace, api=told.api)
    meanings = Meanings(told.in_progress_label, told.priority_labels)
    return GitHubTracker(host, told.project, told.home, name=told.name, cache=told.cache, meanings=meanings)


def _assigned(send: Callable[[Sequence[str]], RawIssue], wanted: Sequence[str]) -> RawIssue:
    """Send with all who are wanted, then without those who are refused, at last with nobody: a refusal changes nothing,
    and an issue is worth more than its owners.
    """
    assignees = list(wanted)
    for attempt in range(_MOST_REFUSALS):
        try:
            return send(assignees)
        except Refused as refused:
            if refused.assignees is None or not assignees:
                raise
            kept = [login for login in assignees if login.lower() not in refused.assignees]
            assignees = kept if len(kept) < len(assignees) and attempt + 2 < _MOST_REFUSALS else []
    return send(assignees)
