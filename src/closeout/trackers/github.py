"""The GitHub tracker: issues of one repository, whose key and due date are kept in the body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from closeout.domain.issue import Capabilities, Changed, Draft, Gone, Hidden, Issue, Listing, Moved, Nested, Sight
from closeout.domain.item import Field, same
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
from closeout.trackers.github_due import DueDates
from closeout.trackers.github_labels import Meanings
from closeout.trackers.github_listings import Listings
from closeout.trackers.github_nesting import put_below
from closeout.trackers.github_new import NewIssues
from closeout.trackers.github_owners import assigned
from closeout.trackers.github_priority import Priorities
from closeout.trackers.opening import Opening
from closeout.trackers.tickets import Numbers
from closeout.trackers.unwritable import unwritable


@dataclass
class GitHubTracker:
    """Issues of the repository `project` (`owner/name`) on a host.

    `home` is the documents' repository where it is on the same host: there `#12` is an issue of its own. `cache` saves
    listings; `meanings` are the labels that say something, `dates` tells where due dates are kept, `making` what each new
    issue gets; `parents` whether issues may be put below others, `priorities` where these are kept.
    """

    host: GitHub
    project: str
    home: str = ""
    name: str = "github"
    cache: IssueCache | None = None
    meanings: Meanings = Meanings()
    dates: DueDates | None = None
    making: NewIssues | None = None
    parents: bool = True
    priorities: Priorities | None = None
    _found: Repository | None = field(default=None, repr=False)

    @cached_property
    def due(self) -> DueDates:
        """Where due dates are kept."""
        return replace(self.dates or DueDates(self.host), fields=self.chosen.fields)

    @cached_property
    def chosen(self) -> Priorities:
        """The field that priorities are kept in, unless labels are told to say them."""
        told = self.priorities or Priorities(self.host)
        return replace(told, used=told.used and not self.meanings.priorities)

    @cached_property
    def new(self) -> NewIssues:
        """What each new issue gets."""
        return self.making or NewIssues(self.host)

    @property
    def address(self) -> str:
        """The repository's page."""
        return f"{self.host.web}/{self.project}"

    @property
    def capabilities(self) -> Capabilities:
        """What an issue can hold, with the labels that say something."""
        return replace(self.chosen.widened(self.meanings.widened(words.CAPABILITIES)), parents=self.parents)

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
        return self._numbers.named(place)

    def spell(self, issue: Issue, path: str) -> tuple[str, str]:  # noqa: ARG002
        """Spell a ticket as `#12` where the documents lie beside the issues, else with its repository."""
        return self._numbers.spell(issue)

    def create(self, draft: Draft) -> Issue:
        """Make an issue; without those of its owners whom GitHub refuses to assign."""
        repository, values = self._repository, fit(draft.values, self.capabilities)
        labels = [words.LABEL, *sorted({*draft.labels, *self.new.labels}), *self.meanings.telling(values)]
        with self.host.pace.within(words.SENT_WITHIN):
            made, remarks = self.new.make(repository, draft, values, labels, self.due, self.chosen.told(values))
        return replace(self._issue(self._answered(made, repository.full_name)), remarks=remarks)

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
            return self._issue(sight if body == sight.body else self._patched(sight, {"body": body}, ()))

    def nest(self, ref: str, parent: str) -> Nested:
        """Put an issue below another as its sub-issue; the other one is not written to."""
        with self.host.pace.within(words.SENT_WITHIN):
            sight = self._look(ref)
            if not isinstance(sight, RawIssue) or sight.pull_request is not None:
                raise TrackerError(f"{self.address}: could not put issue {ref} below {parent}: {self._why(sight)}")
            return put_below(self.host, sight, lambda: self._look(parent), self._numbers)

    def _turned(self, raw: RawIssue, issue: Issue, wanted: Mapping[Field, str]) -> Issue:
        """Make a change; where labels are a part of it, the issue is read again."""
        due = wanted.get(Field.DUE)
        moves = due is not None and not same(Field.DUE, issue.values.get(Field.DUE, "\0"), due)
        kept, more = self.due.turn(self._repository, raw, due or "") if moves else ("", {})
        patch = words.patch_of(raw, issue, wanted, kept) | more
        add, drop = self.meanings.change(raw, issue, wanted)
        there, turned = raw, self.chosen.turn(raw, issue, wanted)
        if add:
            github_labels.add(self.host, raw.home, raw.number, add)
        if patch:
            there = self._patched(raw, patch, words.logins(wanted.get(Field.OWNERS, "")))
        for label in drop:
            github_labels.remove(self.host, raw.home, raw.number, label)
        remarks = self.due.remark(there, kept, due or "") if moves else ()
        there = self.host.issue(raw.home, raw.number) if add or drop or turned else there
        return replace(self._issue(self._answered(there, raw.home, raw.number)), remarks=remarks)

    def _why(self, sight: RawIssue | Moved | Gone | Hidden) -> str:
        return unwritable(self._issue(sight) if isinstance(sight, RawIssue) else sight)

    def _patched(self, raw: RawIssue, patch: Mapping[str, object], owners: Sequence[str]) -> RawIssue:
        def send(assignees: Sequence[str]) -> RawIssue:
            told = {**patch, "assignees": list(assignees)} if "assignees" in patch else patch
            return self.host.edit_issue(raw.home, raw.number, told)

        return self._answered(assigned(send, owners), raw.home, raw.number)

    @property
    def _repository(self) -> Repository:
        """The repository as it is called now, looked up once."""
        if self._found is None:
            found = self.host.repository(self.project)
            self.chosen.look(found)
            self._found = found
        return self._found

    @property
    def _listings(self) -> Listings:
        return Listings(self.host, self._repository, self.cache)

    def _look(self, ref: str) -> RawIssue | Moved | Gone | Hidden:
        place = words.read_ticket(ref if "#" in ref else f"#{ref}", self.host.web, "")
        if place is None:
            return Hidden()
        ours = not place.repository or self._numbers.ours(place.repository)
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
        due, ref = self.due.read(raw), self._numbers.ref(raw.home, raw.number)
        told = self.meanings.read(raw) | self.chosen.read(raw) | ({} if due is None else {Field.DUE: due})
        return words.issue_of(raw, ref, self.host.web, told, ours=self._numbers.ours(raw.home))

    def _answered(self, raw: RawIssue, repository: str, number: int = 0) -> RawIssue:
        """The issue that a write answered with, if it is the one that was meant."""
        if raw.home.lower() != repository.lower() or (number or raw.number) != raw.number:
            raise OutcomeUnknown(f"{self.address}: could not tell what was written: the answer is of {raw.home}")
        return raw

    @property
    def _numbers(self) -> Numbers:
        return Numbers(self.project, self.home, self._found.full_name if self._found else "")


def opened(told: Opening) -> GitHubTracker:
    """Open a GitHub tracker. Raises ConfigurationError for an address or a token that cannot be used."""
    auth = App(*told.app, told.project) if told.app else Token(told.token)
    host = GitHub(told.url, auth, told.pace, api=told.api)
    meanings = Meanings(told.in_progress_label, told.priority_labels)
    return GitHubTracker(
        host,
        told.project,
        told.home,
        name=told.name,
        cache=told.cache,
        meanings=meanings,
        dates=DueDates(host, told.due, told.field_id),
        making=NewIssues(host, told.labels, told.type),
        parents=told.sub_issues,
        priorities=Priorities(host, told.priority_field),
    )
