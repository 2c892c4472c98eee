"""What Plane answers, as far as it is used; an answer of another shape is no answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", to_lower=True, max_length=36),
]
Listed = TypeVar("Listed", bound=BaseModel)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Page(_Answer, Generic[Listed]):
    """One page of a list: `total_count` is of all pages, `next_cursor` names the next one, which need not exist."""

    total_count: int
    next_cursor: str
    next_page_results: bool
    results: tuple[Listed, ...]


class Project(_Answer):
    """A project; `is_deployed` says that it is published to everybody."""

    id: Id
    identifier: Annotated[str, StringConstraints(pattern=r"^[^\s/?#-]{1,100}$")]
    is_deployed: bool | None = None


class State(_Answer):
    """A state of a project's work items; `group` is one of backlog, unstarted, started, completed, cancelled, triage."""

    id: Id
    name: str
    group: str
    sequence: float


class Label(_Answer):
    """A label of a project."""

    id: Id
    name: str


class Member(_Answer):
    """Somebody with an account; the e-mail address may be kept back."""

    id: Id
    display_name: str = ""
    email: str | None = None


class RawItem(_Answer):
    """A work item; `sequence_id` is its number in its project."""

    id: Id
    project: Id
    sequence_id: Annotated[int, Field(ge=1)]
    name: str
    priority: str | None = None
    state: Id | None = None
    assignees: tuple[Id, ...]
    labels: tuple[Id, ...]
    target_date: date | None = None
    external_id: str | None = None
    external_source: str | None = None
    created_by: Id | None = None
    created_at: AwareDatetime
    updated_at: AwareDatetime
    completed_at: AwareDatetime | None = None
    archived_at: str | None = None


class Sheet(RawItem):
    """A work item with its text."""

    description_html: str | None = None


class Comment(_Answer):
    """A comment on a work item; `actor` wrote it."""

    id: Id
    comment_html: str = ""
    actor: Id | None = None
    external_id: str | None = None
    external_source: str | None = None
    created_at: AwareDatetime


class Taken(_Answer):
    """What is there already, and was therefore not made again."""

    id: Id


FIELDS = ",".join(RawItem.model_fields)
