"""GitHub's API, one typed function per endpoint: github.com, ghe.com and GitHub Enterprise Server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlsplit

from github import Auth
from pydantic import BaseModel, TypeAdapter, ValidationError

from closeout.hosts.github_address import addresses
from closeout.hosts.github_auth import App, AppPass, Pass, Token, TokenPass, checked
from closeout.hosts.github_connection import GitHubConnection
from closeout.hosts.github_pages import next_page
from closeout.hosts.github_refusals import Refused, spent
from closeout.hosts.github_replies import Account, Comment, RawIssue, Repository, Told
from closeout.hosts.github_viewer import who
from closeout.hosts.pacing import Errand, Pace, Reply

Answer = TypeVar("Answer", bound=BaseModel)
PER_PAGE = 100
_MOST_PAGES = 10_000
_MOST_HOPS = 3


class GitHub:
    """One GitHub, seen as one account, at one pace. `web` is where people find it.

    `timeout` is how many seconds connecting and each silence of an answer may take.

    Every method raises TrackerError (`Refused` where GitHub answered no) and LaterError; those that write raise
    OutcomeUnknown too. Repositories are named `owner/name`.
    """

    def __init__(
        self, url: str, auth: Token | App, pace: Pace, *, api: str = "", timeout: tuple[float, float] = (10.0, 30.0)
    ) -> None:
        self.web, base = addresses(url, api)
        self._base = urlsplit(base)
        self._graphql = f"{base.removesuffix('/v3')}/graphql"
        self.pace = pace
        self._connection = GitHubConnection(base, timeout, pace.now)
        self._viewer: str | None = None
        told = checked(auth)
        self._pass: Pass = TokenPass(told) if isinstance(told, Token) else AppPass(told, self._signed_on, pace.now)

    def repository(self, name: str) -> Repository:
        """Look a repository up, under its present name where it was renamed."""
        errand = Errand(self.place(name), "find the repository")
        return self.read(Repository, f"/repos/{name}", errand)

    def issues(self, repository: str, since: datetime | None = None, label: str = "") -> Iterator[RawIssue]:
        """List issues and pull requests, all pages: all in the order of their creation, or those updated at `since`
        or later in the order of their updates, or those with a `label`. One that changes meanwhile may come twice.
        """
        errand = Errand(self.place(repository), "list the issues")
        query = {"state": "all", "sort": "created", "direction": "asc"}
        if since is not None:
            query |= {"sort": "updated", "since": utc(since)}
        if label:
            query["labels"] = label
        return self.pages(RawIssue, f"/repos/{repository}/issues", errand, query)

    def issue(self, repository: str, number: int) -> RawIssue:
        """Look at one issue; where it was transferred, the answer's `home` is another repository."""
        errand = Errand(self.place(repository), f"read issue {number}")
        return self.read(RawIssue, f"/repos/{repository}/issues/{number}", errand)

    def create_issue(
        self,
        repository: str,
        title: str,
        body: str,
        assignees: Sequence[str] = (),
        labels: Sequence[str] = (),
        more: Mapping[str, object] | None = None,
    ) -> RawIssue:
        """Make an issue; `more` are its milestone, type, and issue_field_values, which are dropped where there are none."""
        told = {"title": title, "body": body, "assignees": list(assignees), "labels": list(labels), **(more or {})}
        errand = Errand(self.place(repository), "create an issue", write=True)
        return self.write(RawIssue, "POST", f"/repos/{repository}/issues", told, errand)

    def edit_issue(self, repository: str, number: int, patch: Mapping[str, object]) -> RawIssue:
        """Change what `patch` names of an issue: title, body, state, state_reason, assignees (all of them)."""
        errand = Errand(self.place(repository), f"change issue {number}", write=True)
        return self.write(RawIssue, "PATCH", f"/repos/{repository}/issues/{number}", patch, errand)

    def assignees(self, repository: str) -> tuple[str, ...]:
        """List the accounts that an issue can be assigned to."""
        errand = Errand(self.place(repository), "list who can be assigned")
        return tuple(one.login for one in self.pages(Account, f"/repos/{repository}/assignees", errand, {}))

    def viewer(self) -> str:
        """Return the account that we are, asked once; empty where nobody tells a token."""
        if self._viewer is None:
            account = self._pass.account()
            self._viewer = who(self, Errand(self._base.netloc, "ask who we are")) if account is None else account
        return self._viewer

    def comments(self, repository: str, number: int) -> Iterator[Comment]:
        """List the comments of an issue, all pages, in the order they were written."""
        errand = Errand(self.place(repository), f"list the comments of issue {number}")
        return self.pages(Comment, f"/repos/{repository}/issues/{number}/comments", errand, {})

    def create_comment(self, repository: str, number: int, body: str) -> Comment:
        """Write a comment."""
        errand = Errand(self.place(repository), f"comment on issue {number}", write=True)
        return self.write(Comment, "POST", f"/repos/{repository}/issues/{number}/comments", {"body": body}, errand)

    def edit_comment(self, repository: str, comment: int, body: str) -> Comment:
        """Replace a comment's text."""
        errand = Errand(self.place(repository), f"change comment {comment}", write=True)
        return self.write(Comment, "PATCH", f"/repos/{repository}/issues/comments/{comment}", {"body": body}, errand)

    def token(self) -> str:
        """Return the token that a request shows now, for others who show it to this host."""
        return self._pass.current()

    def place(self, repository: str) -> str:
        """Name a repository as an error names it."""
        return f"{urlsplit(self.web).netloc}/{repository}"

    def read(self, kind: type[Answer], path: str, errand: Errand, query: Mapping[str, str] | None = None) -> Answer:
        """Read one thing, wherever on this host it has gone."""
        reply = self._ask("GET", path, errand, query)
        for _ in range(_MOST_HOPS):
            moved = self._moved(reply) if reply.status in {301, 302, 307, 308} else ""
            if not moved:
                break
            reply = self._ask("GET", moved, errand, None)
        if reply.status != 200:
            raise Refused(errand, reply)
        return _one(kind, reply, errand)

    def graphql(self, query: str, variables: Mapping[str, object], errand: Errand) -> Told:
        """Ask by GraphQL; what it refuses is among the answer's errors."""
        told = {"query": query, "variables": dict(variables)}
        reply = self._ask("POST", self._graphql, errand, None, told)
        if reply.status != 200:
            raise Refused(errand, reply)
        found = _one(Told, reply, errand)
        return found.model_copy(update={"errors": tuple(one.hidden(self._pass.hide) for one in found.errors)})

    def _moved(self, reply: Reply) -> str:
        """The path that a redirect names; empty if it leads to another host."""
        there = urlsplit(reply.headers.get("location", ""))
        same = (there.scheme, there.netloc) == (self._base.scheme, self._base.netloc)
        if not same or not there.path.startswith(f"{self._base.path}/"):
            return ""
        return there.path.removeprefix(self._base.path) + (f"?{there.query}" if there.query else "")

    def pages(self, kind: type[Answer], path: str, errand: Errand, query: Mapping[str, str] | None) -> Iterator[Answer]:
        """Read a list page by page; one that takes no `query` comes whole, or by links. It is never redirected: the way
        there may lose the query, and half a list would look like a whole one.
        """
        asked = {} if query is None else {**query, "per_page": str(PER_PAGE)}
        for _ in range(_MOST_PAGES):
            reply = self._ask("GET", path, errand, asked)
            if reply.status != 200:
                raise Refused(errand, reply)
            page = _read(TypeAdapter(list[kind]), reply, errand)  # type: ignore[valid-type] # made at run time
            yield from page
            following = next_page(reply, asked, full=query is not None and len(page) >= PER_PAGE)
            if following is None:
                return
            if following == asked:
                break
            asked = following
        raise errand.failed("its pages do not end", "Run again, and report it if it stays so")

    def write(self, kind: type[Answer], verb: str, path: str, body: Mapping[str, object], errand: Errand) -> Answer:
        """Send what changes or makes something, and return what it is then."""
        reply = self._ask(verb, path, errand, None, body)
        if reply.status >= 300:
            raise Refused(errand, reply)
        if reply.status != (201 if verb == "POST" else 200):
            raise errand.unknown(f"it answered {reply.status}")
        return _one(kind, reply, errand)

    def send(self, verb: str, path: str, body: Mapping[str, object] | None, errand: Errand) -> None:
        """Send what changes something, of whose answer nothing is needed."""
        reply = self._ask(verb, path, errand, None, body)
        if reply.status >= 300:
            raise Refused(errand, reply)

    def _signed_on(self, kind: type[Answer], verb: str, path: str, auth: Auth.Auth) -> Answer:
        """Ask as the App itself; a token that is taken twice does no harm."""
        errand = Errand(self._base.netloc, "sign on as the App")
        reply = self._ask(verb, path, errand, None, {} if verb == "POST" else None, auth)
        if reply.status >= 300:
            raise Refused(errand, reply)
        return _one(kind, reply, errand)

    def _ask(
        self,
        verb: str,
        path: str,
        errand: Errand,
        query: Mapping[str, str] | None,
        body: Mapping[str, object] | None = None,
        auth: Auth.Auth | None = None,
    ) -> Reply:
        def request() -> Reply:
            shown = auth or Auth.Token(self._pass.current())  # now, since a wait may outlive a token
            reply = self._connection.exchange(verb, path, shown, query, body)
            return spent(reply) if reply.status < 300 else Reply(reply.status, reply.headers, self._hidden(reply.data))

        return self.pace.send(request, errand)

    def _hidden(self, data: object) -> object:
        """A refusal without our secrets, should the host repeat them."""
        if isinstance(data, str):
            return self._pass.hide(data)
        if isinstance(data, list):
            return [self._hidden(one) for one in data]
        return {str(name): self._hidden(one) for name, one in data.items()} if isinstance(data, dict) else data


def utc(moment: datetime) -> str:
    """Return a moment as GitHub reads it, in UTC; ValueError for one that does not say its zone."""
    if moment.tzinfo is None:
        message = "a moment without a zone"
        raise ValueError(message)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _one(kind: type[Answer], reply: Reply, errand: Errand) -> Answer:
    return _read(TypeAdapter(kind), reply, errand)


Read = TypeVar("Read")


def _read(adapter: TypeAdapter[Read], reply: Reply, errand: Errand) -> Read:
    """What an answer says, or the error of one that cannot be understood: its effect is then unknown."""
    try:
        return adapter.validate_python(reply.data)
    except ValidationError as error:
        first = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])[:100]
        why = f"its answer cannot be read (at {first or 'the start'})"
    raise errand.unknown(why) if errand.write else errand.failed(why, "Check that the address is a GitHub's")
