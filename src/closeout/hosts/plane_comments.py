"""Comments on a Plane's work items, and work items with their texts, one typed function per endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from closeout.hosts.pacing import Errand
from closeout.hosts.plane import Board, Plane, taken
from closeout.hosts.plane_replies import Comment, RawItem, Sheet, Taken
from closeout.hosts.rest import Refused


def listed(host: Plane, board: Board, item: str) -> list[Comment]:
    """List the comments of a work item, all pages, in the order they were written."""
    errand = Errand(host.place(board.name), "list the comments of a work item")
    found = host.at(lambda word: list(host.pages(Comment, _at(board, word, item), errand)))
    return sorted({one.id: one for one in found}.values(), key=lambda one: (one.created_at, one.id))


def find(host: Plane, board: Board, item: str, comment: str) -> Comment | None:
    """Look at a comment; None if it is not there any more."""
    errand = Errand(host.place(board.name), "read a comment")
    try:
        return host.at(
            lambda word: host.rest.read(Comment, f"{_at(board, word, item)}{quote(comment, safe='')}/", errand)
        )
    except Refused as refused:
        if refused.status == 404:
            return None
        raise


def create(host: Plane, board: Board, item: str, told: Mapping[str, object]) -> Comment | Taken:
    """Write a comment of `comment_html`, `external_id` and `external_source`; Taken where one of the project carries that id."""
    errand = Errand(host.place(board.name), "comment on a work item", write=True)
    try:
        return host.at(lambda word: host.rest.write(Comment, "POST", _at(board, word, item), told, errand))
    except Refused as refused:
        return taken(refused)


def edit(host: Plane, board: Board, item: str, comment: str, told: Mapping[str, object]) -> Comment:
    """Change what `told` names of a comment."""
    errand = Errand(host.place(board.name), "change a comment", write=True)
    path = f"{quote(comment, safe='')}/"
    return host.at(lambda word: host.rest.write(Comment, "PATCH", f"{_at(board, word, item)}{path}", told, errand))


def sheet(host: Plane, board: Board, item: str) -> Sheet | None:
    """Look at a work item with its text; None if it is not there any more, or archived."""
    errand = Errand(host.place(board.name), "read a work item")
    try:
        return host.at(
            lambda word: host.rest.read(Sheet, f"{board.path}/{word}/{quote(item, safe='')}/", errand)
        )  # fmt: skip
    except Refused as refused:
        if refused.status == 404:
            return None
        raise


def carrying(host: Plane, board: Board, source: str, name: str) -> list[RawItem]:
    """List the work items that carry an external id, in the order of their numbers."""
    return [one for one in host.items(board) if (one.external_source, one.external_id) == (source, name)]


def _at(board: Board, word: str, item: str) -> str:
    return f"{board.path}/{word}/{quote(item, safe='')}/comments/"
