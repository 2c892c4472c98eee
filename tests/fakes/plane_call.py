"""A request to a Plane's project, how its items are told, and a page of any list."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fakes.http import Reply, Request
from fakes.plane_state import Account, Item, Project

GONE = {"error": "The requested resource does not exist."}
FAILED = {"error": "Something went wrong please try again later"}


class Invalid(Exception):  # noqa: N818 - a reply
    """400: these values are not taken."""


@dataclass(frozen=True)
class Call:
    """A request to a project by one of its members; `accounts` are all that Plane knows, `lag` how old lists are."""

    request: Request
    project: Project
    me: Account
    accounts: Mapping[str, Account]
    lag: int
    parts: tuple[str, ...] = ()

    def moment(self, when: datetime | None) -> str | None:
        """A time as it is told: in the zone of whoever asks."""
        if when is None:
            return None
        told = when.astimezone(ZoneInfo(self.me.zone)).isoformat()
        return told.replace("+00:00", "Z")

    def one(self, *, archived: bool = False) -> Item | None:
        found = (item for item in self.project.items if item.id == self.parts[-1])
        return next((item for item in found if (not item.deleted if archived else item.listed)), None)

    def told(self, item: Item, status: int = 200, **other: object) -> Reply:
        body = {**self.shape(item), **other}
        wanted = [name for name in self.request.query.get("fields", "").split(",") if name]
        return Reply(status, {name: body[name] for name in wanted if name in body} if wanted else body)

    def shape(self, item: Item) -> dict[str, object]:
        return {
            "id": item.id, "type_id": None,
            "created_at": self.moment(item.created), "updated_at": self.moment(item.updated), "deleted_at": None,
            "point": None, "name": item.name, "description_html": item.html, "description_binary": None,
            "priority": item.priority, "start_date": item.start and item.start.isoformat(),
            "target_date": item.target and item.target.isoformat(), "sequence_id": item.number, "sort_order": 65535.0,
            "completed_at": self.moment(item.completed), "archived_at": item.archived and item.archived.isoformat(),
            "is_draft": item.draft, "external_source": item.external_source, "external_id": item.external_id,
            "created_by": item.author or None, "updated_by": None, "project": self.project.id,
            "workspace": "2ae2c4a5-0000-4000-8000-000000000001", "parent": None, "state": item.state.id,
            "estimate_point": None, "type": None, "assignees": list(item.assignees), "labels": list(item.labels),
        }  # fmt: skip


def page(request: Request, results: Sequence[Mapping[str, object]]) -> Reply:
    """One page of a list in Plane's envelope. Raises Invalid for a page size that is none."""
    size = request.query.get("per_page", "1000")
    if not re.fullmatch(r"-?\d+", size):
        raise Invalid({"detail": "Invalid per_page parameter."})
    if int(size) > 1000:
        raise Invalid({"detail": "Invalid per_page value. Cannot exceed 1000."})
    limit = int(size)
    if limit < 1:
        return Reply(500, FAILED)
    cursor = request.query.get("cursor", f"{limit}:0:0")
    if not re.fullmatch(r"\d+:\d+:[01]", cursor):
        raise Invalid({"detail": "Invalid cursor parameter."})
    at = int(cursor.split(":")[1])
    part = list(results[at * limit : (at + 1) * limit])
    wanted = [name for name in request.query.get("fields", "").split(",") if name]
    body = {
        "grouped_by": None, "sub_grouped_by": None, "total_count": len(results),
        "next_cursor": f"{limit}:{at + 1}:0", "prev_cursor": f"{limit}:{at - 1}:1",
        "next_page_results": len(results) > (at + 1) * limit, "prev_page_results": at > 0, "count": len(part),
        "total_pages": math.ceil(len(results) / limit), "total_results": len(results), "extra_stats": None,
        "results": [{name: one[name] for name in wanted if name in one} if wanted else one for one in part],
    }  # fmt: skip
    return Reply(200, body)
