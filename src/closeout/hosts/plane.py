"""Plane's API, one typed function per endpoint: Plane's cloud, and instances of one's own from version 1.3 on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from closeout.errors import ConfigurationError
from closeout.hosts.pacing import Errand, Pace
from closeout.hosts.plane_replies import FIELDS, Label, Listed, Member, Page, Project, RawItem, State, Taken
from closeout.hosts.rest import Refused, Rest, address

Found = TypeVar("Found")
PER_PAGE = 100
PER_MINUTE = 60
_MOST_PAGES = 10_000
_MOST_TRIES = 3
_CLOUD = {"https://plane.so", "https://www.plane.so", "https://app.plane.so", "https://api.plane.so"}


@dataclass(frozen=True, slots=True)
class Board:
    """A project: the slug of its workspace, its own id, and the identifier before its items' numbers."""

    workspace: str
    id: str
    identifier: str

    @property
    def path(self) -> str:
        """Where it is below the API's address."""
        return f"/workspaces/{quote(self.workspace, safe='')}/projects/{self.id}"

    @property
    def name(self) -> str:
        """How a person names it."""
        return f"{self.workspace}/{self.identifier}"


class Plane:
    """One Plane, seen as one account, at one pace. `web` is where people find it.

    `timeout` is how many seconds connecting and each silence of an answer may take. Work items have had two paths;
    which one this Plane knows is found out by the first request for one.

    Every method raises TrackerError (`Refused` where Plane answered no) and LaterError; those that write raise
    OutcomeUnknown too.
    """

    def __init__(self, url: str, token: str, pace: Pace, *, timeout: tuple[float, float] = (10.0, 30.0)) -> None:
        if not re.fullmatch(r"[!-~]{4,4000}", token):
            message = "Plane: could not use the token: it is empty, or holds blanks or line ends. Give the bare token"
            raise ConfigurationError(message)
        self.web, base = addresses(url)
        self.pace = pace
        self.rest = Rest(base, {"X-API-Key": token}, token, pace, timeout=timeout)
        self._word = ""
        self._viewer: Member | None = None
        self._asked = False

    def viewer(self) -> Member | None:
        """Return the account that we are, asked once; None where this Plane does not tell."""
        if not self._asked:
            try:
                self._viewer = self.rest.read(Member, "/users/me/", Errand(self.place(""), "ask who we are"))
            except Refused as refused:
                if refused.status != 404:
                    raise
            self._asked = True
        return self._viewer

    def projects(self, workspace: str) -> Iterator[Project]:
        """List the projects of a workspace, all pages."""
        errand = Errand(self.place(workspace), "list the projects")
        return self.pages(Project, f"{_below(workspace)}/projects/", errand)

    def members(self, board: Board) -> tuple[Member, ...]:
        """List who is in a project."""
        errand = Errand(self.place(board.name), "list who is in the project")
        return tuple(self.rest.several(Member, f"{board.path}/members/", errand)[0])

    def colleagues(self, workspace: str) -> tuple[Member, ...]:
        """List who is in a workspace."""
        errand = Errand(self.place(workspace), "list who is in the workspace")
        return tuple(self.rest.several(Member, f"{_below(workspace)}/members/", errand)[0])

    def states(self, board: Board) -> tuple[State, ...]:
        """List the states of a project's work items, all pages."""
        errand = Errand(self.place(board.name), "list the states")
        return tuple(self.pages(State, f"{board.path}/states/", errand))

    def labels(self, board: Board) -> tuple[Label, ...]:
        """List the labels of a project, all pages."""
        errand = Errand(self.place(board.name), "list the labels")
        return tuple(self.pages(Label, f"{board.path}/labels/", errand))

    def create_label(self, board: Board, name: str) -> str:
        """Make a label, and return its id; that of the one which has this name already, so it may be sent again."""
        errand = Errand(self.place(board.name), "create a label")
        try:
            return self.rest.write(Label, "POST", f"{board.path}/labels/", {"name": name}, errand).id
        except Refused as refused:
            return taken(refused).id

    def items(self, board: Board) -> tuple[RawItem, ...]:
        """List the work items of a project, all pages, in the order of their numbers.

        Neither archived items nor drafts are listed. Pages shift when an item goes meanwhile: a listing that lacks one,
        or has one twice, is asked for anew, and at last refused.
        """
        errand = Errand(self.place(board.name), "list the work items")

        def listed(word: str) -> tuple[RawItem, ...] | None:
            told: list[Page[RawItem]] = []
            query = {"order_by": "sequence_id", "fields": FIELDS}
            found = {one.id: one for one in self.pages(RawItem, f"{board.path}/{word}/", errand, query, told.append)}
            counted = {len(found), sum(len(page.results) for page in told), *(page.total_count for page in told)}
            return tuple(found.values()) if len(counted) == 1 else None

        for _ in range(_MOST_TRIES):
            if (found := self.at(listed)) is not None:
                return found
        raise errand.failed("it changes while it is read", "Run again")

    def item(self, board: Board, name: str) -> RawItem:
        """Look at a work item by its id."""
        errand = Errand(self.place(board.name), "read a work item")
        return self.at(lambda word: self.rest.read(RawItem, f"{board.path}/{word}/{quote(name, safe='')}/", errand))

    def numbered(self, board: Board, number: int) -> RawItem:
        """Look at a work item by its number."""
        name = f"{quote(board.identifier, safe='')}-{number}"
        errand = Errand(self.place(board.name), f"read {board.identifier}-{number}")
        return self.at(lambda word: self.rest.read(RawItem, f"{_below(board.workspace)}/{word}/{name}/", errand))

    def external(self, board: Board, name: str, source: str) -> RawItem | None:
        """Look a work item up by the id that `source` gave it, archived or not; None if there is none.

        Where two carry that id Plane fails, for good.
        """
        errand = Errand(self.place(board.name), "look a work item up by its key")
        query = {"external_id": name, "external_source": source}
        try:
            return self.at(lambda word: self.rest.read(RawItem, f"{board.path}/{word}/", errand, query))
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    def create_item(self, board: Board, told: Mapping[str, object]) -> RawItem | Taken:
        """Make a work item; Taken where one carries its external id already."""
        errand = Errand(self.place(board.name), "create a work item", write=True)
        try:
            return self.at(lambda word: self.rest.write(RawItem, "POST", f"{board.path}/{word}/", told, errand))
        except Refused as refused:
            return taken(refused)

    def edit_item(self, board: Board, item: RawItem, patch: Mapping[str, object]) -> RawItem:
        """Change what `patch` names of a work item; assignees and labels are replaced, all of them."""
        errand = Errand(self.place(board.name), f"change {board.identifier}-{item.sequence_id}", write=True)
        path = f"{board.path}/{{}}/{item.id}/"
        return self.at(lambda word: self.rest.write(RawItem, "PATCH", path.format(word), patch, errand))

    def place(self, name: str) -> str:
        """Name something of this Plane as an error names it."""
        return f"{self.web.split('://')[1]}/{name}".rstrip("/")

    def at(self, ask: Callable[[str], Found]) -> Found:
        """Ask at the path where this Plane has its work items: while it is unknown, a 404 may be of the path."""
        first = "work-items"
        if not self._word:
            try:
                found = ask(first)
            except Refused as refused:
                if refused.status != 404:
                    self._word = first
                    raise
            else:
                self._word = first
                return found
            found = ask("issues")
            self._word = "issues"
            return found
        return ask(self._word)

    def pages(
        self,
        kind: type[Listed],
        path: str,
        errand: Errand,
        query: Mapping[str, str] | None = None,
        note: Callable[[Page[Listed]], None] = lambda page: None,
    ) -> Iterator[Listed]:
        """Read a list page by page; each page is noted."""
        asked = {**(query or {}), "per_page": str(PER_PAGE)}
        for _ in range(_MOST_PAGES):
            page = self.rest.read(Page[kind], path, errand, asked)  # type: ignore[valid-type] # made at run time
            note(page)
            yield from page.results
            if not page.next_page_results:
                return
            if not page.results or page.next_cursor == asked.get("cursor"):
                break
            asked["cursor"] = page.next_cursor
        raise errand.failed("its pages do not end", "Run again, and report it if it stays so")


def addresses(url: str) -> tuple[str, str]:
    """Return where people and where programs find a Plane, without slashes at their ends.

    Raises ConfigurationError for an address that is none, or that would send the token in the clear.
    """
    web = address(url, "Plane")
    host = "/".join(web.split("/")[:3])
    if host in _CLOUD:
        return "https://app.plane.so", "https://api.plane.so/api/v1"
    web = web.removesuffix("/v1").removesuffix("/api")
    return web, f"{web}/api/v1"


def _below(workspace: str) -> str:
    return f"/workspaces/{quote(workspace, safe='')}"


def taken(refused: Refused) -> Taken:
    """Return what a conflict names. Raises the refusal again if it is none, or names nothing."""
    if refused.status == 409:
        try:
            return TypeAdapter(Taken).validate_python(refused.reply.data)
        except ValidationError:
            pass
    raise refused
