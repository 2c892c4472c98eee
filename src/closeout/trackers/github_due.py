"""Where a due date is kept on GitHub: in a field of the organisation, in a milestone, or in the body's line alone.

The line is always there, so that no date is lost where the other place is taken away; it says which one that is. Where
it names none its own date holds: a field that appears later looks like no change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from closeout.errors import OutcomeUnknown
from closeout.hosts import github_fields
from closeout.hosts.github import GitHub
from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import FieldValue, RawIssue, Repository
from closeout.trackers import issue_body
from closeout.trackers.github_priority import NOT_HERE, OrganisationFields

FIELD, MILESTONE, BODY = "field", "milestone", "body"
_NAME = "target date"
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T.*)?", re.ASCII)


@dataclass
class DueDates:
    """The due dates of one tracker: `way` as it was told, empty for the field where there is one; `field_id` where it
    was told. `found` is the field, and `spoilt` why that place takes none in this run, once it was tried.
    """

    host: GitHub
    way: str = ""
    field_id: int = 0
    found: int | None = field(default=None, repr=False)
    spoilt: str = field(default="", repr=False)
    known: dict[str, int] | None = field(default=None, repr=False)
    fields: OrganisationFields | None = field(default=None, repr=False)
    remarked: bool = field(default=False, repr=False)

    def read(self, raw: RawIssue) -> str | None:
        """Return an issue's due date, empty for none; None if it cannot be read."""
        line, kept = issue_body.due_of(raw.body or ""), issue_body.kept_in(raw.body or "")
        if line and not kept:
            return line
        if kept == FIELD or (not kept and self.way in {"", FIELD}):
            return self._in_field(raw) or line
        if kept == MILESTONE or (not kept and self.way == MILESTONE):
            return _in_milestone(raw) or line
        return line

    def place(self, repository: Repository, raw: RawIssue | None = None) -> str:
        """Return where a date is to be kept beside the line: `field`, `milestone`, or empty; asked when one is set."""
        if self.spoilt or self.way == BODY:
            return ""
        if self.way == MILESTONE:
            return MILESTONE if raw is None or raw.milestone is None or _in_milestone(raw) else ""
        return FIELD if self._field(repository, raw) else ""

    def told(self, repository: Repository, place: str, due: str) -> dict[str, object]:
        """Return what an issue is sent for a date to be in its place; empty where it takes none."""
        if place == FIELD and due:
            return {"issue_field_values": [{"field_id": self._field(repository), "value": due}]}
        if place == MILESTONE:
            number = self._milestone(repository.full_name, due) if due else None
            return {"milestone": number} if number or not due else {}
        return {}

    def turn(self, repository: Repository, raw: RawIssue, due: str) -> tuple[str, dict[str, object]]:
        """Set the field of an issue that is there, or empty it; return where the date is beside the line, and what else
        is to be sent.
        """
        was = issue_body.kept_in(raw.body or "")
        place = self.place(repository, raw) if due else ""
        more = self.told(repository, place, due)
        if was == MILESTONE != place and _in_milestone(raw):
            more["milestone"] = None
        there = self._held(raw)
        if place == FIELD:
            more.pop("issue_field_values")
            self._set(raw, self._field(repository), due)
        elif there is not None and not self.spoilt and (was == FIELD or (not due and self.way in {"", FIELD})):
            self._set(raw, _number(there), "")
        return (place if not self.spoilt and (more or place == FIELD) else ""), more

    def _set(self, raw: RawIssue, number: int, due: str) -> None:
        try:
            github_fields.set_field(self.host, raw.home, raw.number, number, due)
        except Refused as refused:
            if refused.status not in NOT_HERE:
                raise
            if due:
                self.spoilt = refused.said[:200] or "it was refused"

    def remark(self, raw: RawIssue, place: str, due: str) -> tuple[str, ...]:
        """Return, once, that an answer does not hold the date in its place, or that there is none though it was told."""
        there = self._in_field(raw) if place == FIELD else _in_milestone(raw) if place == MILESTONE else due
        if there != due:
            self.spoilt = self.spoilt or "it was dropped"
        if not self.spoilt or not due or self.remarked:
            return ()
        self.remarked = True
        what = "milestone" if self.way == MILESTONE else "field"
        return (f"due {due} is in the issue's text only: the {what} did not take it ({self.spoilt})",)

    def _field(self, repository: Repository, raw: RawIssue | None = None) -> int:
        """The number of the field, 0 where there is none to be seen; an issue that has it tells, an organisation may."""
        if self.found is None:
            there = self._held(raw) if raw is not None else None
            self.found = self.field_id or (_number(there) if there else 0)
            if not self.found:
                listed = (self.fields or OrganisationFields(self.host)).of(repository)
                dates = (one.id for one in listed if one.name.casefold() == _NAME and one.data_type == "date")
                self.found = next(dates, 0)
            if not self.found and self.way == FIELD:
                self.spoilt = "no field Target date can be seen; name it with field-id"
        return self.found

    def _in_field(self, raw: RawIssue) -> str:
        there = self._held(raw)
        return _day(str(there.value)) if there else ""

    def _held(self, raw: RawIssue) -> FieldValue | None:
        """What an issue holds of the field."""
        for one in raw.issue_field_values or ():
            known = self.field_id or self.found
            named = _number(one) == known if known else str(one.issue_field_name).casefold() == _NAME
            if named and one.data_type == "date" and one.value:
                return one
        return None

    def _milestone(self, repository: str, due: str) -> int:
        """The number of the milestone of a day, made where it is missing; 0 where it cannot be."""
        if self.known is None:
            self._list(repository)
        if due not in (self.known or {}) and self.known is not None:
            try:
                # at noon in UTC no zone shifts the day
                made = github_fields.create_milestone(self.host, repository, due, f"{due}T12:00:00Z")
                self.known[due] = made.number
            except OutcomeUnknown:
                self._list(repository)
            except Refused as refused:
                if refused.status not in NOT_HERE:
                    raise
                self._list(repository)
                self.spoilt = "" if due in self.known else refused.said[:200] or "it was refused"
        return (self.known or {}).get(due, 0)

    def _list(self, repository: str) -> None:
        listed: Mapping[str, int] = {
            one.title.strip(): one.number for one in reversed(github_fields.milestones(self.host, repository))
        }
        self.known = dict(listed)


def _number(one: FieldValue) -> int:
    return one.issue_field_id if isinstance(one.issue_field_id, int) else 0


def _in_milestone(raw: RawIssue) -> str:
    return _day(raw.milestone.title.strip()) if raw.milestone else ""


def _day(text: str) -> str:
    match = _DAY.fullmatch(text)
    try:
        return date.fromisoformat(match[1]).isoformat() if match else ""
    except ValueError:
        return ""
