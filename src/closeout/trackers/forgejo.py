"""The Forgejo tracker, which is Gitea's too: issues of one repository, whose key is kept in the body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from closeout.domain.issue import Capabilities, Changed, Draft, Gone, Hidden, Issue, Listing, Sight
from closeout.domain.item import Field
from closeout.domain.sync.fit import fit
from closeout.errors import OutcomeUnknown, TrackerError
from closeout.hosts.forgejo import Forgejo
from closeout.hosts.forgejo_replies import RawIssue, Repository
from closeout.hosts.rest import Refused
from closeout.trackers import forgejo_words as words
from closeout.trackers import issue_body
from closeout.trackers.changed import has_changed
from closeout.trackers.forgejo_changes import turned
from closeout.trackers.forgejo_labels import Labels
from closeout.trackers.opening import Opening
from closeout.trackers.tickets import Numbers, read_ticket
from closeout.trackers.unwritable import unwritable


@dataclass
class ForgejoTracker:
    """Issues of the repository `project` (`owner/name`) on a host; `kind` is `forgejo` or `gitea`.

    `home` is the documents' repository where it is on the same host: there `#12` is an issue of its own.
    """

    host: Forgejo
    project: str
    home: str = ""
    name: str = "forgejo"
    kind: str = "forgejo"
    _found: Repository | None = field(default=None, repr=False)
    _known: Labels | None = field(default=None, repr=False)
    _people: frozenset[str] | None = field(default=None, repr=False)
    _newest: int = field(default=0, repr=False)

    @property
    def capabilities(self) -> Capabilities:
        """What an issue can hold; where our account may not make a label, a value that needs it comes back unset."""
        return words.CAPABILITIES[self.kind]

    @property
    def address(self) -> str:
        """The repository's page."""
        return f"{self.host.web}/{self.project}"

    @property
    def private(self) -> bool:
        """Whether surely only some people can see the repository."""
        return self._repository.private is True

    def whoami(self) -> str:
        """Return our login, in lower case."""
        return self.host.viewer().lower()

    def assignable(self) -> frozenset[str]:
        """Return the logins that can own an issue here."""
        if self._people is None:
            self._people = frozenset(login.lower() for login in self.host.assignees(self._repository.full_name))
        return self._people

    def managed(self) -> Sequence[Issue]:
        """Return every issue with a key, in the order of their numbers; no label narrows the listing."""
        repository = self._repository
        found = self.host.issues(repository.full_name)
        if not found and repository.open_issues_count:
            message = (
                f"{self.address}: could not list the issues: the list is empty, but {repository.open_issues_count} are "
                "open. Run again later; nothing was changed"
            )
            raise TrackerError(message)
        return self._marked(found)

    def glance(self) -> Listing:
        """Return those with a key among the issues with our label; all, where no listing can be narrowed by it: the host
        lists every issue for a name that it does not know, and none for one that two labels have.
        """
        ours = words.named(self._labels.own, words.LABEL)
        if len(ours) != 1:
            return Listing(self.managed(), full=True)
        return Listing(self._marked(self.host.issues(self._repository.full_name, ours[0].name)), full=False)

    def get(self, ref: str) -> Sight:
        """Look at one issue, here or in another repository of the host."""
        sight = self._look(ref)
        return self._issue(sight) if isinstance(sight, RawIssue) else sight

    def ref(self, ticket: str, path: str) -> str | None:  # noqa: ARG002 - all documents are in one repository
        """Return the number of an issue here, `owner/name#12` for one of another repository of the host."""
        place = read_ticket(ticket, self.host.web, self.project.partition("/")[0])
        return self._numbers.named(place)

    def spell(self, issue: Issue, path: str) -> tuple[str, str]:  # noqa: ARG002
        """Spell a ticket as `#12` where the documents lie beside the issues, else with its repository."""
        return self._numbers.spell(issue)

    def create(self, draft: Draft) -> Issue:
        """Make an issue; without those of its owners who cannot be assigned."""
        values = fit(draft.values, self.capabilities)
        due = values.get(Field.DUE, "")
        told = {
            "title": values.get(Field.TITLE, ""),
            "body": issue_body.made(draft.key, None, issue_body.without_due(draft.body) if due else draft.body),
            **({"due_date": words.due_sent(due)} if due else {}),
        }
        with self.host.pace.within(words.SENT_WITHIN):
            labels = self._labels.ids([words.LABEL, *sorted(draft.labels), *words.labels_of(values)])
            owners = self._able(words.logins(values.get(Field.OWNERS, "")))
            return self._answered(self._made({**told, "labels": labels}, owners), self._repository.full_name)

    def update(self, ref: str, values: Mapping[Field, str], expect: Mapping[Field, str]) -> Issue | Changed:
        """Read an issue, and send what it lacks of the values: labels apart, all else in one request."""
        with self.host.pace.within(words.SENT_WITHIN):
            raw = self._writable(ref, "change")
            issue, wanted = self._issue(raw), fit(values, self.capabilities)
            if has_changed(issue.values, wanted, expect):
                return Changed(issue)
            there = [one.login for one in raw.assignees or ()]
            change = words.change_of(raw, issue, wanted, lambda logins: self._able(logins, there))
            return self._issue(turned(self.host, self._labels, raw, change)) if change else issue

    def mark(self, ref: str, key: str) -> Issue:
        """Write a key into the body of an issue that carries none; the host refuses it if the body changed meanwhile,
        where it tells the body's version.
        """
        with self.host.pace.within(words.SENT_WITHIN):
            raw = self._writable(ref, "mark")
            if issue_body.key_of(raw.body or "") not in {"", key}:
                raise TrackerError(f"{self.address}: could not mark issue {ref}: {unwritable(self._issue(raw))}")
            body = issue_body.with_key(raw.body or "", key)
            if body == raw.body:
                return self._issue(raw)
            version = {} if raw.content_version is None else {"content_version": raw.content_version}
            patched = self.host.edit_issue(raw.home, raw.number, {"body": body, **version})
            return self._answered(patched, raw.home, raw.number)

    def _made(self, told: Mapping[str, object], owners: Sequence[str]) -> RawIssue:
        """A new issue; with nobody where an owner lost the right to be one: a refusal makes nothing."""
        repository = self._repository.full_name
        try:
            return self.host.create_issue(repository, {**told, "assignees": list(owners)})
        except Refused as refused:
            if refused.status != 422 or not owners:
                raise
            return self.host.create_issue(repository, {**told, "assignees": []})

    def _able(self, logins: Sequence[str], there: Sequence[str] = ()) -> list[str]:
        """Those who can be assigned, or are: one bad name and the host takes everybody off, and fails."""
        able = {*self.assignable(), *(login.lower() for login in there)} if logins else ()
        return [login for login in logins if login.lower() in able]

    @property
    def _repository(self) -> Repository:
        """The repository as it is called now, looked up once."""
        if self._found is None:
            self._found = self.host.repository(self.project)
        return self._found

    @property
    def _labels(self) -> Labels:
        if self._known is None:
            self._known = Labels(self.host, self._repository.full_name)
        return self._known

    def _writable(self, ref: str, what: str) -> RawIssue:
        sight = self._look(ref)
        if isinstance(sight, RawIssue) and sight.pull_request is None:
            return sight
        told = self._issue(sight) if isinstance(sight, RawIssue) else sight
        raise TrackerError(f"{self.address}: could not {what} issue {ref}: {unwritable(told)}")

    def _look(self, ref: str) -> RawIssue | Gone | Hidden:
        place = read_ticket(ref if "#" in ref else f"#{ref}", self.host.web, "")
        if place is None:
            return Hidden()
        ours = not place.repository or self._numbers.ours(place.repository)
        repository = self._repository.full_name if ours else place.repository
        try:
            return self.host.issue(repository, place.number)
        except Refused as refused:
            if ours and refused.status == 404 and self._deleted(place.number):
                return Gone()
            if refused.status in {403, 404}:
                return Hidden()
            if ours or not 300 <= refused.status < 400:
                raise
        return self._elsewhere(repository, place.number)

    def _elsewhere(self, repository: str, number: int) -> RawIssue | Hidden:
        """An issue of another repository that has another name now."""
        try:
            return self.host.issue(self.host.repository(repository).full_name, number)
        except Refused:
            return Hidden()

    def _deleted(self, number: int) -> bool:
        """Whether an issue that is not there was: numbers are given in turn and never again, and all issues of a
        repository can be seen by the same people. Of the newest one nothing can be told.
        """
        if not self._repository.has_pull_requests:  # it may be one
            return False
        try:
            self._newest = max(self._newest, self.host.newest(self._repository.full_name))
        except Refused:
            return False
        return number < self._newest

    def _marked(self, found: Sequence[RawIssue]) -> list[Issue]:
        return [issue for raw in sorted(found, key=lambda raw: raw.number) if (issue := self._issue(raw)).key]

    def _issue(self, raw: RawIssue) -> Issue:
        return words.issue_of(
            raw, self._numbers.ref(raw.home, raw.number), self.host.web, ours=self._numbers.ours(raw.home)
        )

    def _answered(self, raw: RawIssue, repository: str, number: int = 0) -> Issue:
        """The issue that a write answered with, if it is the one that was meant."""
        if raw.home.lower() != repository.lower() or (number or raw.number) != raw.number:
            raise OutcomeUnknown(f"{self.address}: could not tell what was written: the answer is of {raw.home}")
        return self._issue(raw)

    @property
    def _numbers(self) -> Numbers:
        return Numbers(self.project, self.home, self._found.full_name if self._found else "")


def opened(told: Opening) -> ForgejoTracker:
    """Open a tracker on a Forgejo or a Gitea. Raises ConfigurationError for an address or a token that cannot be used."""
    return ForgejoTracker(Forgejo(told.url, told.token, told.pace), told.project, told.home, told.name, told.kind)
