"""Plane's words for a work item and closeout's: what was read to values, values to what is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import mistune

from closeout.domain.issue import Capabilities, Hidden
from closeout.domain.item import Field, Status
from closeout.domain.priority import LEVELS
from closeout.hosts.plane_replies import RawItem
from closeout.render.issue import BEGIN, DUE, END

# A write is sent within this time of being asked for, or not at all; connecting and its answer take 100 more at most.
SENT_WITHIN = 300.0
CAPABILITIES = Capabilities(
    "plane",
    fields=frozenset(Field) - {Field.TICKET},
    title_limit=255,
    lists_lag=True,
    logins=True,
    levels=frozenset(LEVELS),
    write_seconds=SENT_WITHIN + 100.0,
)
SOURCE, IGNORE, NO_PRIORITY = "closeout", "closeout: ignore", "none"
REPORT = "closeout-report"  # the source of what a report hangs in, never that of an item's issue
_LONGEST_BODY = 20_000  # characters of Markdown
_KEY = re.compile(r"v\d{1,3}:[0-9A-Za-z]{1,64}")
_NUMBER = r"([1-9]\d{0,9})"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BY_NUMBER = re.compile(rf"([^/]+)/(?:browse|work-items)/([^/]+)-{_NUMBER}/?", re.ASCII)
_BY_ID = re.compile(
    rf"([^/]+)/projects/({_UUID.pattern})/(?:archives/)?(?:issues|work-items)/({_UUID.pattern})/?", re.ASCII
)
_html = mistune.create_markdown(escape=True)


@dataclass(frozen=True, slots=True)
class Link:
    """A work item by its project's id and its own, as its page's address names it."""

    project: str
    item: str


def read_ticket(ticket: str, web: str, workspace: str, identifier: str) -> int | Link | None:
    """Return the number that a ticket names (`ROOSE-12` in any case, an address below `web`), or what an address with
    ids names; None for another project's, and for what is no ticket.
    """
    ticket = ticket.strip()[:500]
    if match := re.fullmatch(rf"{re.escape(identifier)}-{_NUMBER}", ticket, re.IGNORECASE | re.ASCII):
        return int(match[1])
    try:
        there, here = urlsplit(ticket), urlsplit(web)
    except ValueError:
        return None
    path = unquote(there.path)
    if there.scheme not in {"https", "http"} or there.netloc.lower().removeprefix("www.") != here.netloc:
        return None
    if not path.startswith(f"{here.path}/"):
        return None
    path = path.removeprefix(f"{here.path}/").casefold()
    if match := _BY_NUMBER.fullmatch(path):
        ours = (match[1], match[2]) == (workspace.casefold(), identifier.casefold())
        return int(match[3]) if ours else None
    match = _BY_ID.fullmatch(path)
    return Link(match[2], match[3]) if match and match[1] == workspace.casefold() else None


def is_id(ref: str) -> bool:
    """Tell whether a reference is a work item's id, as of one that cannot be seen: its number is not known."""
    return _UUID.fullmatch(ref) is not None


def key_of(raw: RawItem) -> str:
    """Return the key that a work item carries; empty if it is another tool's id, or none."""
    ours = raw.external_source == SOURCE and _KEY.fullmatch(raw.external_id or "")
    return raw.external_id or "" if ours else ""


def takes_key(raw: RawItem, key: str) -> bool:
    """Tell whether a work item carries no id of any tool, or this key already."""
    return not raw.external_id or key_of(raw) == key


def values_of(raw: RawItem, status: Status | None, owners: str | None) -> dict[Field, str]:
    """Return a work item's fields; one whose state, assignees or priority nobody knows lacks these."""
    values = {Field.TITLE: raw.name, Field.DUE: raw.target_date.isoformat() if raw.target_date else ""}
    if owners is not None:
        values[Field.OWNERS] = owners
    if status is not None:
        values[Field.STATUS] = status.value
    if raw.priority in {*LEVELS, NO_PRIORITY, None}:
        values[Field.PRIORITY] = "" if raw.priority in {NO_PRIORITY, None} else str(raw.priority)
    return values


def version_of(raw: RawItem) -> str:
    """Return when it was changed, in UTC and always as long, so that versions compare as text."""
    return moment(raw.updated_at)


def moment(when: datetime) -> str:
    """Return a moment in UTC, to the microsecond; Plane tells it in the zone of whoever asks."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def closed_on(raw: RawItem, status: Status | None) -> str:
    """Return the day of closing; a cancelled item has none but that of its last change."""
    if status is None or not status.closed:
        return ""
    return moment(raw.completed_at or raw.updated_at)[:10]


def sent(values: Mapping[Field, str]) -> dict[str, object]:
    """Return title, due date and priority as Plane takes them; nothing clears a date and a priority."""
    told: dict[str, object] = {}
    if Field.TITLE in values:
        told["name"] = values[Field.TITLE]
    if Field.DUE in values:
        told["target_date"] = values[Field.DUE] or None
    if Field.PRIORITY in values:
        told["priority"] = values[Field.PRIORITY] or NO_PRIORITY
    return told


def html(body: str, *, due: bool) -> str:
    """Return a body of Markdown as HTML, in which markup of the text is text. Plane takes comments out, and nothing of
    ours is kept there, so the marks around our block go; so does the line of the due date where a field holds it.
    """
    lines = [line for line in body[:_LONGEST_BODY].split("\n") if line not in {BEGIN, END}]
    kept = "\n".join(line for line in lines if not (due and line.startswith(DUE)))
    return str(_html(kept)).strip() or "<p></p>"


def unwritable(sight: RawItem | Hidden) -> str:
    """Return why a work item that was to be written cannot be, and what to do."""
    if isinstance(sight, Hidden):
        return (
            "it cannot be seen. If it was deleted or archived, clear the ticket in the document or restore it; "
            "else check that the token may read this project"
        )
    return f"it carries the key of another item, or of {sight.external_source or 'another tool'}. Take that off first"
