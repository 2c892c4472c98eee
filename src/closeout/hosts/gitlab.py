"""GitLab's API, one typed function per endpoint."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from typing import TypeVar
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, TypeAdapter

from closeout.errors import ConfigurationError
from closeout.hosts.gitlab_replies import Account, Label, Member, Project, RawIssue, Told
from closeout.hosts.pacing import Errand, Pace, Reply
from closeout.hosts.rest import Refused, Rest, address, next_query

Answer = TypeVar("Answer", bound=BaseModel)
PER_PAGE = 100  # the most that any server gives
_MOST_PAGES = 10_000
_NAME = "query($id: IssueID!) {issue(id: $id) {reference(full: true)}}"


class GitLab:
    """One GitLab, seen as one account, at one pace. `web` is where people find it, below a path if need be.

    Every method raises TrackerError (`Refused` where the host answered no) and LaterError; those that write raise
    OutcomeUnknown too. A project is named by its id, which it keeps; by its path only where nothing is written, since a
    former path answers a read with a redirect, and a write with 405.
    """

    def __init__(self, url: str, token: str, pace: Pace, *, timeout: tuple[float, float] = (10.0, 30.0)) -> None:
        self.web = address(url, "GitLab").removesuffix("/api/v4")
        if not re.fullmatch(r"[!-~]{4,4000}", token):
            message = f"{self.web}: could not use the token: it is empty, or holds blanks or line ends. Give it bare"
            raise ConfigurationError(message)
        self.pace = pace
        self.rest = Rest(f"{self.web}/api", {"Authorization": f"Bearer {token}"}, token, pace, timeout=timeout)
        self._viewer: str | None = None

    def place(self, project: int | str) -> str:
        """Name a project as an error names it."""
        name = f"project {project}" if isinstance(project, int) else project
        return f"{urlsplit(self.web).netloc}/{name}"

    def project(self, path: str) -> Project:
        """Look a project up, also by a path that it had before it was renamed or moved."""
        errand = Errand(self.place(path), "find the project")
        reply = self.rest.ask("GET", _at(path), errand)
        if number := _leads_to(reply):
            reply = self.rest.ask("GET", _at(number), errand)
        return self.rest.checked(TypeAdapter(Project), reply, errand)

    def viewer(self) -> str:
        """Return the account that we are, asked once; empty where the token may not ask."""
        if self._viewer is None:
            try:
                self._viewer = self.rest.read(
                    Account, "/v4/user", Errand(self.place("user"), "ask who we are")
                ).username
            except Refused as refused:
                if refused.status not in {403, 404}:
                    raise
                self._viewer = ""
        return self._viewer

    def issues(self, project: int, label: str = "") -> list[RawIssue]:
        """List all issues, or those with a label, in the order in which they were made, each once.

        Each page begins where the one before ended in time, not in number: what is deleted meanwhile moves nothing.
        """
        errand = Errand(self.place(project), "list the issues")
        asked = {"scope": "all", "state": "all", "order_by": "created_at", "sort": "asc", "per_page": str(PER_PAGE)}
        asked |= {"labels": label} if label else {}
        found: dict[int, RawIssue] = {}
        page, since = 1, ""
        for _ in range(_MOST_PAGES):
            query = {**asked, "page": str(page), **({"created_after": since} if since else {})}
            rows, reply = self.rest.several(RawIssue, f"{_at(project)}/issues", errand, query)
            found |= {one.iid: one for one in rows}
            if next_query(reply, query) is None and len(rows) < PER_PAGE:
                return _whole(list(found.values()), (page - 1) * PER_PAGE + len(rows), reply, errand)
            last = f"{rows[-1].created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}" if rows else since
            page, since = (page + 1, since) if last == since else (1, last)
        raise errand.failed("its pages do not end", "Run again, and report it if it stays so")

    def issue(self, project: int | str, number: int) -> RawIssue:
        """Look at one issue, by the number that it has in its project."""
        errand = Errand(self.place(project), f"read issue {number}")
        return self.rest.read(RawIssue, f"{_at(project)}/issues/{number}", errand)

    def reference(self, issue: int) -> str:
        """Return what the issue with a server's id is called, as `group/name#12`; empty where it may not be seen.

        The rest of the API shows issues by that id to administrators only.
        """
        errand = Errand(self.place("graphql"), "ask where an issue was moved to")
        told = {"query": _NAME, "variables": {"id": f"gid://gitlab/Issue/{issue}"}}
        seen = self.rest.checked(TypeAdapter(Told), self.rest.ask("POST", "/graphql", errand, None, told), errand).data
        return seen.issue.reference if seen and seen.issue else ""

    def create_issue(self, project: int, told: Mapping[str, object]) -> RawIssue:
        """Make an issue of `title`, `description`, `labels` (names with commas between them, made where there are none),
        `assignee_ids` (the first alone where only one can be), `due_date` and `confidential`. What we may not set is
        silently dropped; commands in the description are done.
        """
        errand = Errand(self.place(project), "create an issue", write=True)
        return self.rest.write(RawIssue, "POST", f"{_at(project)}/issues", told, errand)

    def edit_issue(self, project: int, number: int, patch: Mapping[str, object]) -> RawIssue:
        """Change what `patch` names of an issue, all of it or nothing: `title`, `description`, `state_event` (`close`,
        `reopen`), `due_date` (empty for none), `assignee_ids` (`[0]` for nobody), `add_labels`, `remove_labels`.
        """
        errand = Errand(self.place(project), f"change issue {number}", write=True)
        return self.rest.write(RawIssue, "PUT", f"{_at(project)}/issues/{number}", patch, errand)

    def members(self, project: int) -> list[Member]:
        """List those who work in a project, also by a group that it is in; each once."""
        errand = Errand(self.place(project), "list who can be assigned")
        return list({one.id: one for one in self._pages(Member, f"{_at(project)}/members/all", errand)}.values())

    def labels(self, project: int) -> list[str]:
        """List the names of the labels that an issue can have, also those of the groups that the project is in."""
        errand = Errand(self.place(project), "list the labels")
        return [one.name for one in self._pages(Label, f"{_at(project)}/labels", errand)]

    def _pages(self, kind: type[Answer], path: str, errand: Errand) -> list[Answer]:
        """All pages of a list that people seldom change."""
        asked, found = {"per_page": str(PER_PAGE), "page": "1"}, []
        for number in range(1, _MOST_PAGES):
            rows, reply = self.rest.several(kind, path, errand, asked)
            found += rows
            if not rows or (next_query(reply, asked) is None and len(rows) < PER_PAGE):
                return _whole(found, len(found), reply, errand)
            asked["page"] = str(number + 1)
        raise errand.failed("its pages do not end", "Run again, and report it if it stays so")


def _at(project: int | str) -> str:
    return f"/v4/projects/{quote(str(project), safe='')}"


def _whole(found: list[Answer], rows: int, reply: Reply, errand: Errand) -> list[Answer]:
    """What was found, if `rows` are as many as the host says that there are; beyond 10,000 it does not say."""
    told = reply.headers.get("x-total", "")
    if re.fullmatch(r"[0-9]{1,12}", told) and rows < int(told):
        raise errand.failed(f"the list breaks off after {rows} of {told}", "Run again later; nothing was changed")
    return found


def _leads_to(reply: Reply) -> int:
    """The id of the project that a redirect leads to; 0 where there is none. Nothing else is taken of its address."""
    if reply.status not in {301, 302, 307, 308}:
        return 0
    match = re.search(r"/api/v4/projects/(\d{1,15})$", urlsplit(reply.headers.get("location", "")).path)
    return int(match[1]) if match else 0
