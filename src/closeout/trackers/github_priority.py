"""The fields that an organisation on GitHub gives its issues, and of these Priority, a choice of one option.

It holds priorities where this run can list the fields, and no labels are told to: with a token that cannot, an empty
field proves nothing, so priorities have no place then, and nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from closeout.domain.issue import Capabilities, Issue
from closeout.domain.item import Field, same
from closeout.domain.priority import level
from closeout.hosts import github_fields
from closeout.hosts.github import GitHub
from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import FieldValue, IssueField, RawIssue, Repository

NOT_HERE = frozenset({403, 404, 410, 422})
_NAME, _KIND = "priority", "single_select"


@dataclass
class OrganisationFields:
    """The fields that can be seen, asked for once a run; none in a user's repository."""

    host: GitHub
    known: dict[str, Sequence[IssueField]] = field(default_factory=dict, repr=False)

    def of(self, repository: Repository) -> Sequence[IssueField]:
        """Return the fields of a repository's organisation."""
        if repository.owner is None or repository.owner.type != "Organization":
            return ()
        name = repository.full_name.partition("/")[0]
        if name not in self.known:
            try:
                self.known[name] = github_fields.fields(self.host, name)
            except Refused as refused:
                if refused.status not in NOT_HERE:
                    raise
                self.known[name] = ()
        return self.known[name]


@dataclass
class Priorities:
    """The field Priority; `number` is its id and `options` its options by level, once it was found. Not `used`, it is
    never looked for.
    """

    host: GitHub
    used: bool = True
    number: int = 0
    options: Mapping[str, str] = field(default_factory=dict)
    fields: OrganisationFields = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Ask for the fields once, whoever wants to know of them."""
        self.fields = OrganisationFields(self.host)

    def look(self, repository: Repository) -> None:
        """Find the field, if it is to be seen; of several options of one level the first is used."""
        for one in self.fields.of(repository) if self.used else ():
            if one.name.casefold() == _NAME and one.data_type == _KIND and not self.number:
                found = [(meant, option.name) for option in one.options or () if (meant := level(option.name))]
                self.number, self.options = one.id if found else 0, dict(reversed(found))

    def widened(self, bare: Capabilities) -> Capabilities:
        """Return what an issue can hold with this field."""
        if not self.number:
            return bare
        return replace(bare, fields=bare.fields | {Field.PRIORITY}, levels=frozenset(self.options))

    def read(self, raw: RawIssue) -> dict[Field, str]:
        """Return what the field says; nothing for an option that is no level, or an answer without fields."""
        if not self.number or raw.issue_field_values is None:
            return {}
        there = next((one for one in raw.issue_field_values if one.issue_field_id == self.number), None)
        meant = level(_option(there)) if there is not None and there.value is not None else ""
        return {} if meant is None else {Field.PRIORITY: meant}

    def told(self, values: Mapping[Field, str]) -> list[dict[str, object]]:
        """Return what a new issue is sent for the field."""
        option = self.options.get(values.get(Field.PRIORITY, ""))
        return [{"field_id": self.number, "value": option}] if self.number and option else []

    def turn(self, raw: RawIssue, issue: Issue, wanted: Mapping[Field, str]) -> bool:
        """Set the field of an issue that is there, and none of its others; return whether anything was asked for. What is
        refused is not as it was asked when the issue is read again.
        """
        value = wanted.get(Field.PRIORITY)
        if not self.number or value is None or same(Field.PRIORITY, issue.values.get(Field.PRIORITY, "\0"), value):
            return False
        try:
            github_fields.set_field(self.host, raw.home, raw.number, self.number, self.options.get(value, ""))
        except Refused as refused:
            if refused.status not in NOT_HERE:
                raise
        return True


def _option(there: FieldValue) -> str:
    told = there.single_select_option
    name = told.get("name") if isinstance(told, Mapping) else there.value
    return name if isinstance(name, str) else ""
