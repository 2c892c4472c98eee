"""What is read of GitHub's answers, checked: a field that is missing or of another kind never passes for a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,100}(\[bot\])?$")]
FullName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}/[A-Za-z0-9_.-]{1,100}$")]
RepositoryUrl = Annotated[
    str, StringConstraints(pattern=r"^https?://[!-~]+/repos/[A-Za-z0-9_-]{1,100}/[A-Za-z0-9_.-]{1,100}$")
]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$")]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Account(_Answer):
    """Somebody with a login."""

    login: Name


class Person(Account):
    """Somebody with the number that never changes."""

    id: int


class Label(_Answer):
    """A label of an issue."""

    name: str | None = None


class Rights(_Answer):
    """What we may do in a repository."""

    push: bool = False


class Owner(_Answer):
    """Who a repository belongs to: a user or an organisation."""

    type: str = ""


class Repository(_Answer):
    """A repository under the name that it has now."""

    id: int
    full_name: FullName
    archived: bool = False
    private: bool | None = None
    has_issues: bool = True
    open_issues_count: int | None = None
    permissions: Rights | None = None
    owner: Owner | None = None


class PullRequest(_Answer):
    """That an issue is a pull request."""

    merged_at: str | None = None


class Milestone(_Answer):
    """A milestone, of an issue or of a list."""

    number: int
    title: str


class IssueType(_Answer):
    """A type of issues that an organisation has."""

    name: str | None = None


class FieldValue(_Answer):
    """What an issue holds of a field that an organisation has; as these are new, one of another shape spoils no listing."""

    issue_field_id: object = None
    issue_field_name: object = None
    data_type: object = None
    value: object = None
    single_select_option: object = None


class FieldOption(_Answer):
    """One option of a field that is a choice of one."""

    name: str


class IssueField(_Answer):
    """A field that an organisation's issues have."""

    id: int
    name: str
    data_type: str = ""
    options: tuple[FieldOption, ...] | None = None


class RawIssue(_Answer):
    """An issue or a pull request; `repository_url` tells where it lives."""

    id: int | None = None
    number: int
    title: str
    body: str | None = None
    state: Literal["open", "closed"]
    state_reason: str | None = None
    repository_url: RepositoryUrl
    user: Account | None = None
    assignees: tuple[Account, ...] | None = None
    labels: tuple[Label | str, ...] = ()
    pull_request: PullRequest | None = None
    created_at: Moment
    updated_at: Moment
    closed_at: Moment | None = None
    milestone: Milestone | None = None
    type: IssueType | None = None
    issue_field_values: tuple[FieldValue, ...] | None = None
    comments: int = 0

    @property
    def home(self) -> str:
        """The repository that holds it, as `owner/name`."""
        return "/".join(self.repository_url.split("/")[-2:])


class Comment(_Answer):
    """A comment on an issue."""

    id: int
    body: str | None = None
    user: Account | None = None
    created_at: Moment
    updated_at: Moment


class Installation(_Answer):
    """An App's installation."""

    id: int


class AccessToken(_Answer):
    """A token of an installation, good until `expires_at`."""

    token: Annotated[str, StringConstraints(pattern=r"^[!-~]{4,4000}$")]
    expires_at: Moment


class Slug(_Answer):
    """The App itself."""

    slug: Name


class Error(_Answer):
    """What GraphQL refuses; `type` is empty where it does not say what kind of refusal it is."""

    type: str = ""
    message: str = ""

    def hidden(self, hide: Callable[[str], str]) -> Error:
        """Return it without our secrets, on one line of at most 200 characters."""
        words = hide(" ".join(self.message.split()))
        return Error(type=self.type, message="".join(char for char in words if char.isprintable())[:200])


class Told(_Answer):
    """An answer of GraphQL."""

    data: Mapping[str, object] | None = None
    errors: tuple[Error, ...] = ()


class Commit(_Answer):
    """The branch of a pull request, and the commit at its head."""

    ref: str
    sha: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40,64}$")]


class RawPull(_Answer):
    """A pull request."""

    number: int
    html_url: Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$")]
    state: Literal["open", "closed"]
    body: str | None = None
    merged_at: Moment | None = None
    created_at: Moment
    closed_at: Moment | None = None
    head: Commit
