"""Forgejo's and Gitea's API on loopback, with a memory: what people and programs do to issues, and what goes wrong."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from types import TracebackType
from typing import NoReturn, Self

from fakes import forgejo_code, forgejo_comments, forgejo_issues, forgejo_lists, git_http
from fakes.forgejo_access import Call, Refused, Token, missing
from fakes.forgejo_json import Shapes
from fakes.forgejo_state import FORGEJO, Flavour, Repo, World
from fakes.github_values import Right
from fakes.http import Fault, Loopback, Reply, Request

NUMBER = r"(\d+)"
Route = tuple[str, str, str, Callable[[Call], Reply]]
ROUTES: tuple[Route, ...] = (  # method, path below the repository, the scope of a token, what answers
    ("GET", "", "repository", forgejo_issues.repository),
    ("GET", "/issues", "issue", forgejo_issues.listed),
    ("POST", "/issues", "issue", forgejo_issues.create),
    ("GET", f"/issues/{NUMBER}", "issue", forgejo_issues.read),
    ("PATCH", f"/issues/{NUMBER}", "issue", forgejo_issues.edit),
    ("POST", f"/issues/{NUMBER}/labels", "issue", forgejo_issues.add_labels),
    ("PUT", f"/issues/{NUMBER}/labels", "issue", forgejo_issues.replace_labels),
    ("DELETE", f"/issues/{NUMBER}/labels/{NUMBER}", "issue", forgejo_issues.remove_label),
    ("GET", f"/issues/{NUMBER}/comments", "issue", forgejo_comments.listed),
    ("POST", f"/issues/{NUMBER}/comments", "issue", forgejo_comments.add),
    ("GET", f"/issues/comments/{NUMBER}", "issue", forgejo_comments.read),
    ("PATCH", f"/issues/comments/{NUMBER}", "issue", forgejo_comments.edit),
    ("GET", "/labels", "issue", forgejo_issues.labels),
    ("POST", "/labels", "issue", forgejo_issues.add_label),
    ("GET", "/assignees", "repository", forgejo_issues.assignees),
    ("GET", "/pulls", "repository", forgejo_code.pulls),
    ("POST", "/pulls", "repository", forgejo_code.open_pull),
    ("GET", f"/pulls/{NUMBER}", "repository", forgejo_code.pull),
    ("PATCH", f"/pulls/{NUMBER}", "repository", forgejo_code.edit_pull),
    ("GET", "/pulls/([^/]+)/(.+)", "repository", forgejo_code.pull_between),
    ("GET", "/branches/(.+)", "repository", forgejo_code.branch),
    ("GET", "/git/trees/([^/]+)", "repository", forgejo_code.tree),
    ("GET", "/git/blobs/([^/]+)", "repository", forgejo_code.blob),
    ("GET", "/git/commits/([^/]+)", "repository", forgejo_code.commit),
    ("GET", "/commits", "repository", forgejo_code.commits),
    ("POST", "/contents", "repository", forgejo_code.change_files),
)


@dataclass
class ForgejoFake:
    """A Forgejo that runs while it is entered, at `url`, which ends with `prefix`.

    `token` is one of `login`; `most` is how many rows a page has at most, `entries` one of a tree; `zone` is where the server is.
    """

    login: str = "closeout-bot"
    token: str = "closeout0123456789abcdef0123456789abcdef"
    flavour: Flavour = FORGEJO
    zone: tzinfo = UTC
    most: int = 50
    entries: int = 1000
    prefix: str = ""
    tokens: dict[str, Token] = field(default_factory=dict)
    repos: list[Repo] = field(default_factory=list)
    former: dict[str, Repo] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world = World(self.flavour, self.zone)
        self.clock = self.world.clock
        self.server = Loopback(self._answer)
        self.tokens[self.token] = Token(self.world.account(self.login))

    @property
    def url(self) -> str:
        return self.server.url + self.prefix

    @property
    def requests(self) -> list[Request]:
        return self.server.requests

    @property
    def writes(self) -> list[Request]:
        return [request for request in self.requests if request.writes]

    def script(self, *faults: Fault) -> None:
        """Let requests to come go wrong; the first fault that takes a request has it."""
        self.server.faults.extend(faults)

    def repository(self, owner: str, name: str, right: Right = Right.WRITE, *, private: bool = False) -> Repo:
        """Make a repository in which our account has a right."""
        repo = Repo(self.world, next(self.world.ids), self.world.account(owner), name, private)
        repo.grant(self.login, right)
        self.repos.append(repo)
        return repo

    def sign_in(self, login: str, *scopes: str) -> str:
        """Return a new token of an account; without scopes it may all that the account may."""
        value = f"{login}{len(self.tokens):040d}"
        self.tokens[value] = Token(self.world.account(login), frozenset(scopes) or None)
        return value

    def rename(self, repo: Repo, name: str) -> None:
        """Rename a repository: the old name leads to the new one."""
        self.former[repo.full_name.lower()] = repo
        repo.name = name

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.server.__exit__(kind, error, at)

    def _answer(self, request: Request) -> Reply:
        try:
            return self._routed(request, Shapes(self.world, self.url))
        except Refused as refused:
            return refused.reply

    def _routed(self, request: Request, shapes: Shapes) -> Reply:
        git = (
            rf"{self.prefix}/([^/]+/[^/]+?)(?:\.git)?(?=/(?:info/refs|git-[a-z]+-pack)$)"  # with the ending and without
        )
        if match := re.match(git, request.route):
            return self._git(match[0], match[1], request, shapes)
        path = request.route.removeprefix(f"{self.prefix}/api/v1")
        if path == request.route or not request.route.startswith(self.prefix):
            raise Refused(404)  # a page for people
        token = self._signed_in(request, shapes)
        if path == "/user":
            self._scoped(token, "read", "user", shapes)
            if token is None:
                self._nobody(shapes)
            return Reply(200, shapes.account(token.account))
        if match := re.fullmatch(r"/orgs/([^/]+)/labels", path):
            return self._org_labels(match[1].lower(), request, token, shapes)
        match = re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?", path)
        repo = self._repo(match[1], request, token, shapes) if match else None
        if match is None or repo is None:
            raise missing(shapes)
        for method, pattern, area, handler in ROUTES:
            parts = re.fullmatch(pattern, match[2] or "")
            if parts and method == request.method:
                self._scoped(token, "write" if request.writes else "read", area, shapes)
                call = Call(request, token, repo, parts.groups(), shapes, self.most, self.entries)
                if request.writes and token is None:
                    self._nobody(shapes)
                if request.writes and repo.archived:
                    raise call.refused(423, f"repo {repo.full_name} is archived")
                return handler(call)
        raise missing(shapes)

    def _git(self, below: str, name: str, request: Request, shapes: Shapes) -> Reply:
        """Git over HTTP; a repository is shown to those who may see it, after they said who they are."""
        token = self._signed_in(request, shapes)
        repo = next((repo for repo in self.repos if repo.full_name.lower() == name.lower()), None)
        if token is None:
            raise Refused(401, None, {"WWW-Authenticate": 'Basic realm="Gitea"'})
        if repo is None or repo.right(token.account) < Right.READ:
            raise Refused(404)
        writes = repo.right(token.account) >= Right.WRITE and token.may("write", "repository")
        return git_http.answer(request, forgejo_code.bare(repo).path, below, token.account.login, writes=writes)

    def _signed_in(self, request: Request, shapes: Shapes) -> Token | None:
        kind, _, value = request.headers.get("authorization", "").partition(" ")
        if not value:
            return None
        if kind.lower() == "basic":  # the name does not matter, the password is the token
            kind, value = "token", base64.b64decode(value).decode().partition(":")[2]
        token = self.tokens.get(value) if kind.lower() in {"token", "bearer"} else None
        if token is None:
            self._nobody(shapes, "invalid username, password or token")
        return token

    def _nobody(self, shapes: Shapes, message: str = "token is required") -> NoReturn:
        raise Refused(401, {"message": message, "url": f"{shapes.web}/api/swagger"})

    def _scoped(self, token: Token | None, what: str, area: str, shapes: Shapes) -> None:
        if token is not None and not token.may(what, area):
            message = f"token does not have at least one of required scope(s): [{what}:{area}]"
            raise Refused(403, {"message": message, "url": f"{shapes.web}/api/swagger"})

    def _repo(self, name: str, request: Request, token: Token | None, shapes: Shapes) -> Repo:
        """Find the repository of a path. Raises Refused if it is not to be seen, or was renamed."""
        found = next((repo for repo in self.repos if repo.full_name.lower() == name.lower()), None)
        repo = found or self.former.get(name.lower())
        if repo is None or (repo.right(token.account) if token else Right.NONE if repo.private else Right.READ) == 0:
            raise missing(shapes)
        if found is None:
            there = request.path.replace(name, repo.full_name, 1)
            raise Refused(self.flavour.redirect, None, {"Location": there})
        return repo

    def _org_labels(self, org: str, request: Request, token: Token | None, shapes: Shapes) -> Reply:
        self._scoped(token, "read", "organization", shapes)
        if org not in self.world.shared:
            raise missing(shapes)
        repo = Repo(self.world, 0, self.world.accounts[org], "none")
        call = Call(request, token, repo, (), shapes, self.most)
        told = [shapes.label(None, label) for label in self.world.shared[org]]
        return forgejo_lists.paged(call, told, linked=False)
