"""What is read of GitLab's answers, checked: what is missing or of another kind never passes for a value."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Login = Annotated[str, StringConstraints(pattern=r"^[^\s,/]{1,255}$")]
Path = Annotated[str, StringConstraints(pattern=r"^[\w.-]+(/[\w.-]+)+$", max_length=1000)]
Reference = Annotated[str, StringConstraints(pattern=r"^[\w.-]+(/[\w.-]+)+#[0-9]+$", max_length=1020)]
_REPORTER = 20  # the least that lets somebody make an issue confidential
Number = Annotated[int, Field(gt=0)]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Account(_Answer):
    """Somebody with an id, by which people are assigned."""

    id: Number
    username: Login


class Member(Account):
    """Somebody who works in a project, also by a group that it is in."""

    state: str = "active"
    access_level: int = 0


class Access(_Answer):
    """As what we are in a project, or in a group."""

    access_level: int = 0


class Permissions(_Answer):
    """What we may do in a project, by itself or by a group that it is in; nothing where we are nobody there."""

    project_access: Access | None = None
    group_access: Access | None = None


class Project(_Answer):
    """A project under the path that it has now; nothing is told of who may see its issues where we may not ask."""

    id: Number
    path_with_namespace: Path
    visibility: Literal["public", "internal", "private"] | None = None
    issues_enabled: bool = True
    issues_access_level: str = "enabled"
    open_issues_count: int | None = None
    permissions: Permissions | None = None

    @property
    def can_hide(self) -> bool:
        """Whether what we make there can be kept from everybody: not if it is known that we are no reporter of a public one."""
        if self.visibility != "public" or self.permissions is None:  # nothing is told to administrators
            return True
        ours = (self.permissions.project_access, self.permissions.group_access)
        return any(one and one.access_level >= _REPORTER for one in ours)

    @property
    def has_issues(self) -> bool:
        """Whether it has issues at all; without them every list of them is empty."""
        return self.issues_enabled and self.issues_access_level != "disabled"


class Label(_Answer):
    """A label of a project, or of a group that it is in."""

    name: str


class References(_Answer):
    """The names of an issue."""

    full: Reference


class RawIssue(_Answer):
    """An issue; `id` is the server's, `iid` the project's own number, which is the one that people see."""

    id: Number
    iid: Number
    project_id: Number
    title: str
    description: str | None = None
    state: Literal["opened", "closed"]
    author: Account | None = None
    assignees: tuple[Account, ...] = ()
    labels: tuple[str, ...] = ()
    created_at: AwareDatetime
    updated_at: AwareDatetime
    closed_at: AwareDatetime | None = None
    due_date: date | None = None
    confidential: bool = False
    moved_to_id: Number | None = None
    references: References

    @property
    def home(self) -> str:
        """The path of the project that holds it."""
        return self.references.full.rpartition("#")[0]


class Note(_Answer):
    """A comment on an issue, or what GitLab noted there itself (`system`)."""

    id: Number
    body: str | None = None
    author: Account | None = None
    created_at: AwareDatetime
    system: bool = False


class Named(_Answer):
    """What an issue is called."""

    reference: Reference


class Seen(_Answer):
    """An issue as GraphQL shows it; None where it may not be seen."""

    issue: Named | None = None


class Told(_Answer):
    """An answer of GraphQL."""

    data: Seen | None = None
