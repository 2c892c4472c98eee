"""Documents and their items as JSON, CSV and one line of summary."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from closeout.domain.document import Document
from closeout.domain.item import Item, folded
from closeout.domain.sync.identity import key_of
from closeout.render.sheet import as_sheet


def as_json(documents: Iterable[Document], repository: str) -> str:
    """Return the documents as the JSON object that others rely on."""
    told = [_document(document, repository) for document in documents]
    return json.dumps({"documents": told}, ensure_ascii=False, indent=2)


def _document(document: Document, repository: str) -> dict[str, object]:
    used: dict[str, int] = {}
    items = []
    for item in document.items:
        title = folded(item.title)
        used[title] = used.get(title, 0) + 1
        key = key_of(repository, document.id or document.path, title, used[title])
        items.append(_item(item, document, key))
    return {
        "path": document.path,
        "title": document.title,
        "template": document.template,
        "incidents": [
            {"id": one.id, "title": one.title, "date": one.date, "severity": one.severity} for one in document.incidents
        ],
        "items": items,
        "findings": [{"line": one.line, "code": one.code, "message": one.message} for one in document.findings],
    }


def _item(item: Item, document: Document, key: str) -> dict[str, object]:
    incident = document.incidents[item.incident or 0].title if document.incidents else ""
    return {
        "title": item.title,
        "owners": list(item.owners),
        "due": item.due,
        "due_text": item.due_text,
        "status": item.status,
        "status_text": item.status_text,
        "priority": item.priority,
        "tickets": list(item.tickets),
        "line": item.line,
        "key": key,
        "incident": incident,
    }


def as_csv(documents: Iterable[Document]) -> str:
    """Return one row per item; a cell that a spreadsheet would run as a formula gets an apostrophe."""
    heads = ["path", "line", "title", "owners", "due", "status", "priority", "tickets", "incident"]
    return as_sheet(heads, (_row(item, document) for document in documents for item in document.items))


def _row(item: Item, document: Document) -> list[str | int]:
    incident = document.incidents[item.incident or 0].title if document.incidents else ""
    return [
        document.path,
        item.line,
        item.title,
        ", ".join(item.owners),
        item.due or item.due_text,
        item.status or "",
        item.priority or "",
        ", ".join(item.tickets),
        incident,
    ]


def summary(documents: Sequence[Document]) -> str:
    """Return the line that `list` ends with."""
    items = [(item, document.incidents[item.incident or 0].date) for document in documents for item in document.items]
    open_items = [(item, date) for item, date in items if not item.closed]
    dates = sorted(date for _, date in open_items if date)
    parts = [
        f"{len(items)} items, {len(open_items)} open",
        f"{sum(not item.owners for item, _ in items)} without owner",
        f"{sum(not item.due for item, _ in items)} without date",
        f"{sum(item.status is None for item, _ in items)} with status unknown",
        f"oldest open: {dates[0]}" if dates else "no open one has a dated incident",
    ]
    return "; ".join(parts)
