"""What is read of Forgejo's and Gitea's answers, checked: what is missing or of another kind never passes for a value."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from closeout.hosts.git_objects import Entry, Oid

Login = Annotated[str, StringConstraints(pattern=r"^[^\s,/]{0,255}$")]
FullName = Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,100}/[\w.-]{1,100}$")]
Number = Annotated[int, Field(gt=0)]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Account(_Answer):
    """Somebody with a login."""

    login: Login


class Label(_Answer):
    """A label; `id` names it, since names may come twice."""

    id: int
    name: str


class Rights(_Answer):
    """What we may do in a repository."""

    push: bool = False


class Repository(_Answer):
    """A repository under the name that it has now."""

    id: int
    full_name: FullName
    archived: bool = False
    private: bool | None = None
    has_issues: bool = True
    has_pull_requests: bool = False
    open_issues_count: int | None = None
    permissions: Rights | None = None
    default_branch: str = ""


class PullRequest(_Answer):
    """That an issue is a pull request."""

    merged: bool = False


class Home(_Answer):
    """The repository that holds an issue."""

    full_name: FullName


class RawIssue(_Answer):
    """An issue or a pull request; moments are in the server's zone, `null` stands for every empty list."""

    number: Number
    title: str
    body: str | None = None
    state: Literal["open", "closed"]
    user: Account | None = None
    assignees: tuple[Account, ...] | None = None
    labels: tuple[Label, ...] | None = None
    pull_request: PullRequest | None = None
    created_at: AwareDatetime
    updated_at: AwareDatetime
    closed_at: AwareDatetime | None = None
    due_date: AwareDatetime | None = None
    repository: Home
    content_version: int | None = None
    comments: int = 0

    @property
    def home(self) -> str:
        """The repository that holds it, as `owner/name`."""
        return self.repository.full_name


class Comment(_Answer):
    """A comment on an issue."""

    id: Number
    body: str | None = None
    user: Account | None = None
    html_url: str = ""
    created_at: AwareDatetime


class Side(_Answer):
    """A branch of a pull request and the commit at its head. `label` is its name, `ref` too while it is there."""

    label: str
    ref: str
    sha: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{40,64})?$")]
    repo_id: int


class RawPull(_Answer):
    """A pull request."""

    number: Number
    html_url: Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$")]
    title: str
    state: Literal["open", "closed"]
    body: str | None = None
    merged: bool = False
    merged_at: AwareDatetime | None = None
    created_at: AwareDatetime
    closed_at: AwareDatetime | None = None
    head: Side
    base: Side

    def of(self, branch: str) -> bool:
        """Whether it is of that branch of the repository itself."""
        return self.head.label == branch and self.head.repo_id == self.base.repo_id


class RawSha(_Answer):
    """Something that git keeps."""

    sha: Oid


class RawTip(_Answer):
    """The commit of a branch."""

    id: Oid


class RawBranch(_Answer):
    """A branch."""

    name: str
    commit: RawTip


class RawMessage(_Answer):
    """What a commit says and holds."""

    message: str
    tree: RawSha


class RawCommit(_Answer):
    """A commit."""

    sha: Oid
    commit: RawMessage
    parents: tuple[RawSha, ...] | None = None


class RawTree(_Answer):
    """A page of a tree; `total_count` is how many entries all of it has."""

    sha: Oid
    tree: tuple[Entry, ...] | None = None
    total_count: int


class RawBlob(_Answer):
    """A blob; nothing of one that is too large."""

    encoding: Literal["base64"] | None = None
    content: str | None = None

    @field_validator("content")
    @classmethod
    def _whole(cls, value: str | None) -> str | None:
        try:
            base64.b64decode(value or "")
        except (binascii.Error, ValueError) as error:
            message = "it is no base64"
            raise ValueError(message) from error
        return value

    @property
    def raw(self) -> bytes:
        """The bytes."""
        return base64.b64decode(self.content or "")


class RawFiles(_Answer):
    """What a commit of several files made."""

    commit: RawSha
