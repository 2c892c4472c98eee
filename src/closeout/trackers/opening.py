"""What a tracker on a host is opened with, and what it has beyond the port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from closeout.hosts.pacing import Pace
from closeout.ports.cache import IssueCache
from closeout.ports.tracker import Tracker


@dataclass(frozen=True, slots=True)
class Opening:
    """A tracker: its `name` in the configuration, its kind, the `url` of its host, and its `project` there.

    `api` is the API's address where a runner told it; `home` the documents' repository (`owner/name`) where it is on the
    same host; `token` what it is opened with, or for GitHub `app`, an App's id and private key; `states` the names of
    states by closeout's own, where a host lets teams choose them; `in_progress_label` and `priority_labels`, by
    level, the labels that say these; `due` is the way of due dates (`field`, `milestone`, `body`, empty for
    the best there is) and `field_id` its field; `type` and `labels` are what each new issue gets, `sub_issues` whether they may be put below another, and `priority_field`
    whether priorities are kept in a field of the organisation; `accounts` the names that `[people]` has there; `cache` saves listings.
    """

    name: str
    kind: str
    url: str
    project: str
    pace: Pace
    token: str = field(default="", repr=False)
    app: tuple[str, str] | None = field(default=None, repr=False)
    api: str = ""
    home: str = ""
    states: Mapping[str, str] = field(default_factory=dict)
    in_progress_label: str = ""
    priority_labels: Mapping[str, str] = field(default_factory=dict)
    due: str = ""
    field_id: int = 0
    type: str = ""
    labels: tuple[str, ...] = ()
    sub_issues: bool = True
    priority_field: bool = True
    accounts: frozenset[str] = frozenset()
    cache: IssueCache | None = None


class Opened(Tracker, Protocol):
    """A tracker on a host."""

    @property
    def private(self) -> bool:
        """Whether surely only some people can see the project."""
