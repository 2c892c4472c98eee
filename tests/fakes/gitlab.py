"""GitLab's API on loopback, with a memory: what people and programs do to issues, and what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from fakes import gitlab_issues, gitlab_json, gitlab_notes
from fakes.github_values import Account
from fakes.gitlab_issues import Call, Refused
from fakes.gitlab_state import DEVELOPER, Project, World
from fakes.http import Fault, Loopback, Reply, Request

ROUTES: tuple[tuple[str, str, Callable[[Call], Reply]], ...] = (  # method, path below the project, what answers
    ("GET", "", gitlab_issues.project),
    ("GET", "/issues", gitlab_issues.listed),
    ("POST", "/issues", gitlab_issues.create),
    ("GET", r"/issues/(\d+)", gitlab_issues.read),
    ("PUT", r"/issues/(\d+)", gitlab_issues.edit),
    ("GET", r"/issues/(\d+)/notes", gitlab_notes.listed),
    ("POST", r"/issues/(\d+)/notes", gitlab_notes.add),
    ("GET", r"/issues/(\d+)/notes/(\d+)", gitlab_notes.read),
    ("PUT", r"/issues/(\d+)/notes/(\d+)", gitlab_notes.edit),
    ("GET", "/members/all", gitlab_issues.members),
    ("GET", "/labels", gitlab_issues.labels),
)


@dataclass
class GitLabFake:
    """A GitLab that runs while it is entered, at `url`, which ends with `prefix`. `token` is one of `login`; `tokens` are
    who has which, and what it may (`api`, `read_api`). After so many writes as are `writable` no token may write (None: never).
    """

    login: str = "closeout-bot"
    token: str = "glpat-0123456789abcdef0123"
    premium: bool = True
    prefix: str = ""
    tokens: dict[str, tuple[Account, str]] = field(default_factory=dict)
    projects: list[Project] = field(default_factory=list)
    former: dict[str, Project] = field(default_factory=dict)
    writable: int | None = None

    def __post_init__(self) -> None:
        self.world = World(self.premium)
        self.clock = self.world.clock
        self.server = Loopback(self._answer)
        self.world.web = self.url
        self.tokens[self.token] = (self.world.account(self.login), "api")

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

    def project(self, path: str, level: int = DEVELOPER, *, visibility: str = "public") -> Project:
        """Make a project in which our account has a level."""
        made = Project(self.world, next(self.world.ids), path, visibility)
        made.grant(self.login, level)
        self.projects.append(made)
        return made

    def sign_in(self, login: str, scope: str = "api") -> str:
        """Return a new token of an account."""
        value = f"glpat-{login}{len(self.tokens):020d}"
        self.tokens[value] = (self.world.account(login), scope)
        return value

    def rename(self, project: Project, path: str) -> None:
        """Rename or move a project: a read of the old path leads to the id."""
        self.former[project.path.lower()] = project
        project.path = path

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.server.__exit__(kind, error, at)

    def _answer(self, request: Request) -> Reply:
        try:
            return self._routed(request)
        except Refused as refused:
            return refused.reply

    def _routed(self, request: Request) -> Reply:
        path = request.route.removeprefix(f"{self.prefix}/api")
        if not request.route.startswith(f"{self.prefix}/api/"):
            return Reply(404, raw=b"<html>The page could not be found</html>")
        who, scope = self._signed_in(request)
        if path == "/graphql":
            return gitlab_issues.named(request, self.projects, who)
        if path == "/v4/user":
            return Reply(200, gitlab_json.account(who, self.url))
        match = re.fullmatch(r"/v4/projects/([^/]+)(/.*)?", path)
        if match is None:
            raise Refused(404, {"error": "404 Not Found"})
        if request.writes and (scope != "api" or self.writable == 0):
            told = "The request requires higher privileges than provided by the access token."
            raise Refused(403, {"error": "insufficient_scope", "error_description": told, "scope": "api"})
        if request.writes and self.writable is not None:
            self.writable -= 1
        project = self._project(unquote(match[1]), request, who)
        for method, pattern, handler in ROUTES:
            if (parts := re.fullmatch(pattern, match[2] or "")) and method == request.method:
                return handler(Call(request, who, project, parts.groups(), self.url))
        raise Refused(404, {"error": "404 Not Found"})

    def _signed_in(self, request: Request) -> tuple[Account, str]:
        kind, _, value = request.headers.get("authorization", "").partition(" ")
        value = request.headers.get("private-token", value if kind == "Bearer" else "")
        if value not in self.tokens:
            raise Refused(401, {"message": "401 Unauthorized"})
        return self.tokens[value]

    def _project(self, name: str, request: Request, who: Account) -> Project:
        """Find the project of a path or an id. A former path leads a read to the id, and is no place for a write."""
        found = next((one for one in self.projects if name in {str(one.id)} or one.path.lower() == name.lower()), None)
        project = found or self.former.get(name.lower())
        if project is None or (project.visibility == "private" and not project.level(who)):
            raise Refused(404, {"message": "404 Project Not Found"})
        if found is None:
            if request.writes:
                told = "405 Method Not Allowed: Non GET methods are not allowed for moved projects"
                raise Refused(405, {"message": told})
            there = re.sub(r"/projects/[^/?]+", f"/projects/{project.id}", request.path, count=1)
            raise Refused(301, None, {"Location": f"{self.server.url}{there}"})
        return project
