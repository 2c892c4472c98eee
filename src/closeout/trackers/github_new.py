"""New issues on GitHub: what each of them gets, and what is done without where GitHub refuses or drops it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from closeout.domain.issue import Draft
from closeout.domain.item import Field
from closeout.hosts.github import GitHub
from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import RawIssue, Repository
from closeout.trackers import github_words as words
from closeout.trackers import issue_body
from closeout.trackers.github_due import DueDates
from closeout.trackers.github_owners import assigned


@dataclass
class NewIssues:
    """The labels and the type of every new issue; `told` that a type was dropped and said so, once a run."""

    host: GitHub
    labels: Sequence[str] = ()
    type: str = ""
    told: bool = field(default=False, repr=False)

    def make(
        self,
        repository: Repository,
        draft: Draft,
        values: Mapping[Field, str],
        labels: Sequence[str],
        dates: DueDates,
        fields: Sequence[Mapping[str, object]] = (),
    ) -> tuple[RawIssue, tuple[str, ...]]:
        """Make the issue of a draft; return it, and what a person should know of what it did not take. `fields` are
        those of the organisation, beside its due date.
        """
        title, due = values.get(Field.TITLE, ""), values.get(Field.DUE)
        place = dates.place(repository) if due else ""
        dated = dates.told(repository, place, due) if due else {}
        kept, more = (place if dated else ""), {**dated, **({"type": self.type} if self.type else {})}

        there = more.get("issue_field_values", [])
        if fields and isinstance(there, list):
            more["issue_field_values"] = [*there, *fields]

        def send(assignees: Sequence[str]) -> RawIssue:
            body = issue_body.made(draft.key, due, draft.body, kept)
            try:
                return self.host.create_issue(repository.full_name, title, body, assignees, labels, more)
            except Refused as refused:
                if not more or refused.status != 422 or refused.assignees is not None:
                    raise
                why = refused.said[:200]
            body = issue_body.made(draft.key, due, draft.body)
            made = self.host.create_issue(repository.full_name, title, body, assignees, labels)
            dates.spoilt = why if dated else dates.spoilt
            return made

        made = assigned(send, words.logins(values.get(Field.OWNERS, "")))
        return made, (*dates.remark(made, kept, due or ""), *self._dropped(made))

    def _dropped(self, made: RawIssue) -> tuple[str, ...]:
        there = (made.type.name if made.type else "") or ""
        if self.told or not self.type or there.casefold() == self.type.casefold():
            return ()
        self.told = True
        return (f"the issue has no type {self.type}: it is none of the organisation's, or may not be set",)
