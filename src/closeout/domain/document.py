"""The document: one Markdown file with its incidents and items."""

from __future__ import annotations

from dataclasses import dataclass

from closeout.domain.finding import Finding
from closeout.domain.item import Item


@dataclass(frozen=True, slots=True)
class Incident:
    """One event that a document, or a section of it, is about; `date` as YYYY-MM-DD, or as far as it is known; `issue` the
    ticket of the incident's own issue as the document names it, empty where it surely names none; `causes` are as plain text
    why it happened, as far as somebody asked for them.
    """

    title: str
    id: str = ""
    date: str = ""
    severity: str = ""
    issue: str = ""
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One Markdown file as it was read.

    `path` is relative to the repository with forward slashes; `id` the slug of its front matter, else empty;
    `private` that its front matter says so;
    `widths` the places at which a table can take new columns (see `closeout.editing.columns`).
    """

    path: str
    title: str = ""
    id: str = ""
    template: bool = False
    incidents: tuple[Incident, ...] = ()
    items: tuple[Item, ...] = ()
    findings: tuple[Finding, ...] = ()
    private: bool = False
