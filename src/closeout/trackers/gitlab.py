"""The GitLab tracker: issues of one project, whose key is kept in the description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from closeout.domain.issue import Capabilities, Changed, Draft, Hidden, Issue, Listing, Moved, Sight
from closeout.domain.item import Field
from closeout.domain.sync.fit import fit
from closeout.errors import OutcomeUnknown, TrackerError
from closeout.hosts.gitlab import GitLab
from closeout.hosts.gitlab_replies import Project, RawIssue
from closeout.hosts.rest import Refused
from closeout.trackers import gitlab_text as text
from closeout.trackers import gitlab_words as words
from closeout.trackers import issue_body
from closeout.trackers.changed import has_changed
from closeout.trackers.gitlab_people import People
from closeout.trackers.gitlab_tickets import read_ticket
from closeout.trackers.opening import Opening
from closeout.trackers.tickets import Numbers
from closeout.trackers.unwritable import unwritable


@dataclass
class GitLabTracker:
    """Issues of the project `project` (`group/sub/name`) on a host.

    `home` is the documents' repository where it is on the same host: there `#12` is an issue of its own.
    """

    host: GitLab
    project: str
    home: str = ""
    name: str = "gitlab"
    _found: Project | None = field(default=None, repr=False)
    _known: People | None = field(default=None, repr=False)
    _labels: Sequence[str] | None = field(default=None, repr=False)

    @property
    def capabilities(self) -> Capabilities:
        """What an issue can hold; where it takes one owner only, the others are missing in what comes back."""
        return words.CAPABILITIES

    @property
    def address(self) -> str:
        """The project's page."""
        return f"{self.host.web}/{self.project}"

    @property
    def private(self) -> bool:
        """Whether surely only some people can see the project."""
        return self._there.visibility in {"internal", "private"}

    def whoami(self) -> str:
        """Return our account, in lower case."""
        return self.host.viewer().lower()

    def assignable(self) -> frozenset[str]:
        """Return the accounts that can own an issue here."""
        return frozenset(self._people.by_name)

    def managed(self) -> Sequence[Issue]:
        """Return every issue with a key, in the order of their numbers; no label narrows the listing."""
        project = self._there
        found = self.host.issues(project.id)
        if not found and (project.open_issues_count or not project.has_issues):
            raise TrackerError(
                f"{self.address}: could not list the issues: {words.unlisted(project)}; nothing was changed"
            )
        return self._marked(found)

    def glance(self) -> Listing:
        """Return those with a key among the issues with our label."""
        return Listing(self._marked(self.host.issues(self._there.id, words.LABEL)), full=False)

    def get(self, ref: str) -> Sight:
        """Look at one issue, here or in another project of the host. What is not there is hidden: the host answers the
        same for what was deleted, made confidential, or turned into something else.
        """
        sight = self._look(ref)
        return self._issue(sight) if isinstance(sight, RawIssue) else sight

    def ref(self, ticket: str, path: str) -> str | None:  # noqa: ARG002 - all documents are in one repository
        """Return the number of an issue here, `group/name#12` for one of another project of the host."""
        place = read_ticket(ticket, self.host.web, self.project.rpartition("/")[0])
        return self._numbers.named(place)

    def spell(self, issue: Issue, path: str) -> tuple[str, str]:  # noqa: ARG002
        """Spell a ticket as `#12` where the documents lie beside the issues, else with its project."""
        return self._numbers.spell(issue)

    def create(self, draft: Draft) -> Issue:
        """Make an issue; without those of its owners who cannot be assigned, confidential for a private document."""
        values = fit(draft.values, self.capabilities)
        due = values.get(Field.DUE, "")
        body = text.defused(issue_body.without_due(draft.body) if due else draft.body)
        told: dict[str, object] = {
            "title": text.title_sent(values.get(Field.TITLE, "")),
            "description": issue_body.made(draft.key, None, body),
            **({"due_date": due} if due else {}),
            **({"confidential": True} if draft.private else {}),
        }
        with self.host.pace.within(words.SENT_WITHIN):
            project = self._there
            if draft.private and not project.can_hide:
                why = (
                    "the document is private, and our account may make no confidential issue. Make it a Reporter there"
                )
                raise TrackerError(f"{self.address}: could not create an issue: {why}")
            labels = [words.LABEL, *sorted(draft.labels), *(self._spelt(name) for name in words.labels_of(values))]
            owners = self._people.able(words.logins(values.get(Field.OWNERS, "")))
            told |= {"labels": words.listed(labels)}
            told |= {"assignee_ids": [one.id for one in owners]} if owners else {}
            return self._answered(self.host.create_issue(project.id, told), project.id)

    def update(self, ref: str, values: Mapping[Field, str], expect: Mapping[Field, str]) -> Issue | Changed:
        """Read an issue, and send what it lacks of the values in one request."""
        with self.host.pace.within(words.SENT_WITHIN):
            raw = self._writable(ref, "change")
            issue, wanted = self._issue(raw), fit(values, self.capabilities)
            if has_changed(issue.values, wanted, expect):
                return Changed(issue)
            patch = words.patch_of(
                raw, issue, wanted, lambda logins: self._people.able(logins, raw.assignees), self._spelt
            )
            return self._edited(raw, patch) if patch else issue

    def mark(self, ref: str, key: str) -> Issue:
        """Write a key into the description of an issue that carries none; not where GitLab would do a command of it."""
        with self.host.pace.within(words.SENT_WITHIN):
            raw = self._writable(ref, "mark")
            there = raw.description or ""
            if issue_body.key_of(there) not in {"", key}:
                raise TrackerError(f"{self.address}: could not mark issue {ref}: {unwritable(self._issue(raw))}")
            body = issue_body.with_key(there, key)
            if body == there:
                return self._issue(raw)
            if command := text.commands(there):
                why = f"a line of its text begins with {command}, which GitLab may do as a command. Indent or quote it"
                raise TrackerError(f"{self.address}: could not mark issue {ref}: {why}")
            return self._edited(raw, {"description": body})

    def _edited(self, raw: RawIssue, patch: Mapping[str, object]) -> Issue:
        return self._answered(self.host.edit_issue(raw.project_id, raw.iid, patch), raw.project_id, raw.iid)

    def _spelt(self, name: str) -> str:
        """A label as the project spells it, where it is one that people name: another case would be another label."""
        if not name.startswith(words.PRIORITY):
            return name
        if self._labels is None:
            self._labels = self.host.labels(self._there.id)
        found = [one for one in self._labels if one.casefold() == name.casefold()]
        return name if name in found or not found else found[0]

    @property
    def _there(self) -> Project:
        """The project as it is called now, looked up once."""
        if self._found is None:
            self._found = self.host.project(self.project)
        return self._found

    @property
    def _people(self) -> People:
        if self._known is None:
            self._known = People(self.host, self._there.id)
        return self._known

    def _writable(self, ref: str, what: str) -> RawIssue:
        sight = self._look(ref)
        if isinstance(sight, RawIssue):
            return sight
        raise TrackerError(f"{self.address}: could not {what} issue {ref}: {unwritable(sight)}")

    def _look(self, ref: str) -> RawIssue | Moved | Hidden:
        place = read_ticket(ref if "#" in ref else f"#{ref}", self.host.web, "")
        if place is None:
            return Hidden()
        ours = not place.repository or self._numbers.ours(place.repository)
        try:
            raw = self.host.issue(self._there.id if ours else place.repository, place.number)
        except Refused as refused:
            if refused.status in {403, 404}:
                return Hidden()
            if ours or not 300 <= refused.status < 400:
                raise
            return self._elsewhere(place.repository, place.number)
        return self._settled(raw)

    def _elsewhere(self, path: str, number: int) -> RawIssue | Moved | Hidden:
        """An issue of another project that has another path now."""
        try:
            return self._settled(self.host.issue(self.host.project(path).id, number))
        except Refused:
            return Hidden()

    def _settled(self, raw: RawIssue) -> RawIssue | Moved | Hidden:
        """An issue where it is now: what is left of one that was moved is closed, which says nothing."""
        if raw.moved_to_id is None:
            return raw
        try:
            place = read_ticket(self.host.reference(raw.moved_to_id), self.host.web, "")
        except Refused:
            return Hidden()
        if place is None:
            return Hidden()
        return Moved(
            self._numbers.ref(place.repository, place.number), words.page(self.host.web, place.repository, place.number)
        )

    def _marked(self, found: Sequence[RawIssue]) -> list[Issue]:
        """Those with a key; not what is left of those that were moved away."""
        numbered = sorted((raw for raw in found if raw.moved_to_id is None), key=lambda raw: raw.iid)
        return [issue for raw in numbered if (issue := self._issue(raw)).key]

    def _issue(self, raw: RawIssue) -> Issue:
        ours = raw.project_id == self._there.id
        return words.issue_of(raw, str(raw.iid) if ours else f"{raw.home.lower()}#{raw.iid}", self.host.web, ours=ours)

    def _answered(self, raw: RawIssue, project: int, number: int = 0) -> Issue:
        """The issue that a write answered with, if it is the one that was meant."""
        if raw.project_id != project or (number or raw.iid) != raw.iid:
            raise OutcomeUnknown(f"{self.address}: could not tell what was written: the answer is of {raw.home}")
        return self._issue(raw)

    @property
    def _numbers(self) -> Numbers:
        return Numbers(self.project, self.home, self._found.path_with_namespace if self._found else "")


def opened(told: Opening) -> GitLabTracker:
    """Open a tracker on a GitLab. Raises ConfigurationError for an address or a token that cannot be used.

    Where it is below a path, a repository's address has that path before the project's.
    """
    host = GitLab(told.url, told.token, told.pace)
    below = urlsplit(host.web).path.strip("/")
    home = told.home.removeprefix(f"{below}/") if below else told.home
    return GitLabTracker(host, home if told.project == told.home else told.project, home, told.name)
