"""Forgejo's API, one typed function per endpoint; Gitea's is the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote, unquote, urlsplit

from pydantic import BaseModel, TypeAdapter

from closeout.errors import ConfigurationError
from closeout.hosts.forgejo_replies import Account, Label, RawIssue, Repository
from closeout.hosts.pacing import Errand, Pace, Reply
from closeout.hosts.rest import Refused, Rest, address, next_query

Answer = TypeVar("Answer", bound=BaseModel)
PER_PAGE = 50  # what a server gives at most unless its administrator says otherwise; it clamps what is more
_MOST_PAGES = 10_000
_MOST_HOPS = 3
_MOST_LISTINGS = 3
_LABELS = TypeAdapter(list[Label])


class Forgejo:
    """One Forgejo or Gitea, seen as one account, at one pace. `web` is where people find it.

    Every method raises TrackerError (`Refused` where the host answered no) and LaterError; those that write raise
    OutcomeUnknown too. Repositories are named `owner/name`, by their present name: only `repository` follows a former
    one, since a redirected write would become a read.
    """

    def __init__(self, url: str, token: str, pace: Pace, *, timeout: tuple[float, float] = (10.0, 30.0)) -> None:
        self.web = address(url, "Forgejo").removesuffix("/api/v1")
        if not re.fullmatch(r"[!-~]{4,4000}", token):
            message = f"{self.web}: could not use the token: it is empty, or holds blanks or line ends. Give it bare"
            raise ConfigurationError(message)
        self.pace = pace
        self.rest = Rest(f"{self.web}/api/v1", {"Authorization": f"token {token}"}, token, pace, timeout=timeout)
        self._viewer: str | None = None

    def place(self, repository: str) -> str:
        """Name a repository as an error names it."""
        return self.rest.place(repository)

    def repository(self, name: str) -> Repository:
        """Look a repository up, under its present name where it was renamed."""
        errand = Errand(self.place(name), "find the repository")
        for _ in range(_MOST_HOPS):
            reply = self.rest.ask("GET", f"/repos/{name}", errand)
            name = _renamed(reply)
            if not name:
                return self.rest.checked(TypeAdapter(Repository), reply, errand)
        raise errand.failed("its names lead in a circle", "Name the project as it is called now")

    def viewer(self) -> str:
        """Return the account that we are, asked once; empty where the token may not ask (scope `read:user`)."""
        if self._viewer is None:
            try:
                self._viewer = self.rest.read(Account, "/user", Errand(self.place("user"), "ask who we are")).login
            except Refused as refused:
                if refused.status not in {403, 404}:
                    raise
                self._viewer = ""
        return self._viewer

    def issues(self, repository: str, label: str = "") -> list[RawIssue]:
        """List all issues, or those with a label of the repository itself, the newest first, each once.

        A `label` that the repository does not know narrows nothing. One that is deleted meanwhile moves another to the
        page that was read already, so the list is then read again.
        """
        query = {"state": "all", "type": "issues", **({"labels": label} if label else {})}
        errand = Errand(self.place(repository), "list the issues")
        return self._listed(RawIssue, f"/repos/{repository}/issues", errand, lambda one: one.number, query)

    def newest(self, repository: str) -> int:
        """Return the highest number that an issue or a pull request has; 0 without any."""
        errand = Errand(self.place(repository), "list the newest issue")
        query = {"state": "all", "limit": "1", "page": "1"}
        page, _ = self.rest.several(RawIssue, f"/repos/{repository}/issues", errand, query)
        return max((one.number for one in page), default=0)

    def issue(self, repository: str, number: int) -> RawIssue:
        """Look at one issue."""
        errand = Errand(self.place(repository), f"read issue {number}")
        return self.rest.read(RawIssue, f"/repos/{repository}/issues/{number}", errand)

    def create_issue(self, repository: str, told: Mapping[str, object]) -> RawIssue:
        """Make an issue of `title`, `body`, `assignees` (logins), `labels` (ids) and `due_date` (RFC 3339, kept as it
        is). Without write rights all but title and body are silently dropped.
        """
        errand = Errand(self.place(repository), "create an issue", write=True)
        return self.rest.write(RawIssue, "POST", f"/repos/{repository}/issues", told, errand)

    def edit_issue(self, repository: str, number: int, patch: Mapping[str, object]) -> RawIssue:
        """Change what `patch` names of an issue: `title`, `body`, `state`, `due_date`, `unset_due_date`, `assignees` (all
        of them, each checked before: a bad one leaves half of it done), `content_version` (409 where the body is newer).
        """
        errand = Errand(self.place(repository), f"change issue {number}", write=True)
        return self.rest.write(RawIssue, "PATCH", f"/repos/{repository}/issues/{number}", patch, errand)

    def assignees(self, repository: str) -> tuple[str, ...]:
        """List the accounts that write here, all of whom an issue can be assigned to; it has no pages."""
        errand = Errand(self.place(repository), "list who can be assigned")
        return tuple(one.login for one in self.rest.several(Account, f"/repos/{repository}/assignees", errand)[0])

    def labels(self, repository: str) -> list[Label]:
        """List the labels of a repository itself."""
        errand = Errand(self.place(repository), "list the labels")
        return self._listed(Label, f"/repos/{repository}/labels", errand, lambda one: one.id)

    def org_labels(self, owner: str) -> list[Label]:
        """List the labels that an organisation gives all its repositories; none where `owner` is a person, or the token
        may not ask (scope `read:organization`).
        """
        errand = Errand(self.place(owner), "list the organisation's labels")
        try:
            return self._listed(Label, f"/orgs/{quote(owner, safe='')}/labels", errand, lambda one: one.id)
        except Refused as refused:
            if refused.status in {403, 404}:
                return []
            raise

    def create_label(self, repository: str, name: str, color: str, *, exclusive: bool) -> Label:
        """Make a label; one of that name that is there already is not looked for. Of the `exclusive` ones of a scope
        (`status/`) an issue has one.
        """
        told = {"name": name, "color": color, "exclusive": exclusive}
        errand = Errand(self.place(repository), f"make the label {name}", write=True)
        return self.rest.write(Label, "POST", f"/repos/{repository}/labels", told, errand)

    def add_labels(self, repository: str, number: int, ids: Sequence[int]) -> list[Label]:
        """Add labels to an issue, and return those that it has then: an exclusive one takes the place of its kin."""
        errand = Errand(self.place(repository), f"label issue {number}", write=True)
        path = f"/repos/{repository}/issues/{number}/labels"
        return self.rest.checked(_LABELS, self.rest.ask("POST", path, errand, None, {"labels": list(ids)}), errand)

    def remove_label(self, repository: str, number: int, label: int) -> None:
        """Take a label off an issue; one that it does not have is no error."""
        errand = Errand(self.place(repository), f"take a label off issue {number}", write=True)
        reply = self.rest.ask("DELETE", f"/repos/{repository}/issues/{number}/labels/{label}", errand)
        if reply.status >= 300:
            raise Refused(errand, reply)

    def _listed(
        self,
        kind: type[Answer],
        path: str,
        errand: Errand,
        name: Callable[[Answer], int],
        query: Mapping[str, str] | None = None,
    ) -> list[Answer]:
        for _ in range(_MOST_LISTINGS):
            found, whole = self._pages(kind, path, errand, query or {})
            if whole:
                return list({name(one): one for one in found}.values())
        raise errand.failed("it shrinks while it is read", "Run again when nobody deletes anything there")

    def pages(self, kind: type[Answer], path: str, errand: Errand, query: Mapping[str, str]) -> Iterator[Answer]:
        """Read a list page by page, as far as it is wanted. One that shifts meanwhile may come twice, or be missed."""
        for page, _ in self._walk(kind, path, errand, query):
            yield from page

    def _pages(
        self, kind: type[Answer], path: str, errand: Errand, query: Mapping[str, str]
    ) -> tuple[list[Answer], bool]:
        """All pages, and whether nothing vanished meanwhile."""
        found: list[Answer] = []
        most = 0
        for page, total in self._walk(kind, path, errand, query):
            found += page
            if total is not None and total < most:
                return found, False
            most = max(most, total or 0)
        return found, True

    def _walk(
        self, kind: type[Answer], path: str, errand: Errand, query: Mapping[str, str]
    ) -> Iterator[tuple[list[Answer], int | None]]:
        """Each page, and how many there are in all. Some lists have links, some a total, a proxy may take both: then
        only an empty page is the last.
        """
        asked = {**query, "limit": str(PER_PAGE), "page": "1"}
        count = 0
        for number in range(1, _MOST_PAGES):
            page, reply = self.rest.several(kind, path, errand, asked)
            total = _total(reply)
            yield page, total
            count += len(page)
            following = next_query(reply, asked)
            if not page or (following is None and (count >= total if total is not None else "link" in reply.headers)):
                return
            if following == asked:
                break
            asked = following if following is not None else {**asked, "page": str(number + 1)}
        raise errand.failed("its pages do not end", "Run again, and report it if it stays so")


def _total(reply: Reply) -> int | None:
    told = reply.headers.get("x-total-count", "")
    return int(told) if re.fullmatch(r"\d{1,12}", told) else None


def _renamed(reply: Reply) -> str:
    """The name that a redirect leads to; empty where there is none. Nothing else is taken of its address."""
    if reply.status not in {301, 302, 307, 308}:
        return ""
    there = urlsplit(reply.headers.get("location", "")).path
    match = re.search(r"/api/v1/repos/([\w.%-]{1,100}/[\w.%-]{1,100})$", there)
    return unquote(match[1]) if match else ""
