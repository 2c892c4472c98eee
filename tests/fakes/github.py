"""GitHub's REST API on loopback, with a memory: what people and programs do to issues, and what goes wrong."""

from __future__ import annotations

import hashlib
import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from fakes import (
    git_http,
    github_apps,
    github_fields,
    github_git,
    github_issues,
    github_nesting,
    github_pulls,
    github_repos,
    github_served,
)
from fakes.github_access import App, Refused, Token, credential, refusal
from fakes.github_issues import Call
from fakes.github_json import Shapes
from fakes.github_state import DEFAULT_LABELS, Repo
from fakes.github_values import Clock, Label, Right, World
from fakes.http import Fault, Loopback, Reply, Request

VERSIONS = {"2022-11-28", "2026-03-10"}
NUMBER, WORD = r"(\d+)", r"([^/]+)"
ROUTES: tuple[tuple[str, str, Callable[[Call], Reply]], ...] = (
    ("GET", "", github_repos.read),
    ("GET", "/issues", github_issues.listed),
    ("POST", "/issues", github_issues.create),
    ("GET", f"/issues/{NUMBER}", github_issues.read),
    ("PATCH", f"/issues/{NUMBER}", github_issues.edit),
    ("PUT", f"/issues/{NUMBER}/labels", github_issues.put_labels),
    ("POST", f"/issues/{NUMBER}/labels", github_issues.add_labels),
    ("DELETE", f"/issues/{NUMBER}/labels/{WORD}", github_issues.remove_label),
    ("POST", f"/issues/{NUMBER}/assignees", github_issues.assign),
    ("DELETE", f"/issues/{NUMBER}/assignees", github_issues.unassign),
    ("GET", f"/issues/{NUMBER}/comments", github_issues.comments),
    ("POST", f"/issues/{NUMBER}/comments", github_issues.add_comment),
    ("GET", f"/issues/comments/{NUMBER}", github_issues.read_comment),
    ("PATCH", f"/issues/comments/{NUMBER}", github_issues.edit_comment),
    ("POST", f"/issues/{NUMBER}/issue-field-values", github_fields.set_values),
    ("DELETE", f"/issues/{NUMBER}/issue-field-values/{NUMBER}", github_fields.drop_value),
    ("GET", f"/issues/{NUMBER}/parent", github_nesting.parent),
    ("GET", f"/issues/{NUMBER}/sub_issues", github_nesting.listed),
    ("POST", f"/issues/{NUMBER}/sub_issues", github_nesting.add),
    ("GET", "/milestones", github_fields.milestones),
    ("POST", "/milestones", github_fields.add_milestone),
    ("GET", f"/pulls/{NUMBER}", github_repos.pull),
    ("GET", "/pulls", github_pulls.listed),
    ("POST", "/pulls", github_pulls.create),
    ("PATCH", f"/pulls/{NUMBER}", github_pulls.edit),
    ("GET", "/assignees", github_repos.assignees),
    ("GET", f"/assignees/{WORD}", github_repos.assignee),
    ("GET", "/labels", github_repos.labels),
    ("POST", "/labels", github_repos.add_label),
    ("GET", f"/labels/{WORD}", github_repos.label),
    *github_git.ROUTES,
)


@dataclass
class GitHubFake:
    """A GitHub that runs while it is entered.

    `token` is a personal token of `login`; `tokens` are all that are known. `lag`: lists (not reads by number) show
    what was there so many list reads ago. An `enterprise` one has its API below /api, beside pages and git.
    """

    login: str = "closeout-bot"
    token: str = "ghp_closeout0123456789"
    clock: Clock = field(default_factory=Clock)
    web: str = "https://github.com"
    tokens: dict[str, Token] = field(default_factory=dict)
    repos: dict[int, Repo] = field(default_factory=dict)
    former: dict[str, int] = field(default_factory=dict)
    apps: dict[int, App] = field(default_factory=dict)
    enterprise: bool = False

    def __post_init__(self) -> None:
        self.server = Loopback(self._answer)
        self.web = self.server.url if self.enterprise else self.web
        self.world = World(self.clock, self.web)
        self._lag = 0
        self.sign_in(self.login, value=self.token)

    @property
    def url(self) -> str:
        return self.server.url + ("/api/v3" if self.enterprise else "")

    @property
    def requests(self) -> list[Request]:
        return self.server.requests

    @property
    def writes(self) -> list[Request]:
        return [request for request in self.requests if request.writes]

    @property
    def lag(self) -> int:
        return self._lag

    @lag.setter
    def lag(self, reads: int) -> None:
        self._lag = reads
        for repo in self.repos.values():
            repo.caught_up()

    def script(self, *faults: Fault) -> None:
        """Let requests to come go wrong; the first fault that takes a request has it."""
        self.server.faults.extend(faults)

    def repository(
        self,
        owner: str,
        name: str,
        *,
        private: bool = False,
        has_issues: bool = True,
        archived: bool = False,
        push: bool = True,
        access: bool = True,
    ) -> Repo:
        """Make a repository with GitHub's labels; our account may push, or only read, or (`access`) not even that."""
        world = self.world
        repo = Repo(world, next(world.ids), world.account(owner), name, private, has_issues, archived)
        for known, color in DEFAULT_LABELS.items():
            repo.labels[known] = Label(next(world.ids), known, color)
        if access:
            repo.grant(self.login, Right.WRITE if push else Right.READ)
        repo.caught_up()
        self.repos[repo.id] = world.repos[repo.id] = repo
        return repo

    def sign_in(
        self,
        login: str,
        *,
        value: str = "",
        app: bool = False,
        repositories: tuple[Repo, ...] | None = None,
        issues: Right = Right.WRITE,
        limit: int = 5000,
    ) -> str:
        """Return a new token of an account; `github-actions[bot]` with `app=True` is a workflow's."""
        value = value or f"{'ghs' if app else 'ghp'}_{login}{len(self.tokens)}"
        only = None if repositories is None else frozenset(repo.id for repo in repositories)
        self.tokens[value] = Token(value, self.world.account(login), app, only, issues, limit)
        return value

    def install(
        self,
        slug: str,
        *repos: Repo,
        app: int = 0,
        issues: Right = Right.WRITE,
        contents: Right = Right.NONE,
        pulls: Right = Right.NONE,
    ) -> App:
        """Install an app that may write issues, and what else is said; `id` is what its JSON web token names."""
        account = self.world.account(f"{slug}[bot]")
        ids = (app or next(self.world.ids), next(self.world.ids))
        for repo in repos:
            repo.grant(account.login, Right.WRITE)
        made = App(*ids, account, repos[0].owner, frozenset(repo.id for repo in repos), issues, contents, pulls)
        self.apps[made.installation] = made
        return made

    def rename(self, repo: Repo, name: str, *, owner: str = "") -> None:
        """Rename a repository, or move it to another owner: the old name leads to the new one."""
        self.former[repo.full_name.lower()] = repo.id
        repo.name, repo.owner = name, self.world.account(owner) if owner else repo.owner

    def lose(self, right: Right = Right.READ, *, after: int = 0, token: str = "") -> None:
        """Take rights from a token's owner once so many more of its writes were answered."""
        self.tokens[token or self.token].lost = (after, right)

    def revoke(self, token: str = "") -> None:
        del self.tokens[token or self.token]

    def kept(self) -> bytes:
        """Return what this one knows and was asked, for another one to go on with."""
        known = (self.clock, self.world, self.tokens, self.repos, self.former, self.apps, self.requests)
        return pickle.dumps(known)

    def go_on(self, kept: bytes) -> None:
        """Know what another one knew, and nothing else."""
        self.clock, self.world, self.tokens, self.repos, self.former, self.apps, asked = pickle.loads(kept)
        self.requests[:] = asked

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.server.__exit__(kind, error, at)

    def _answer(self, asked: Request) -> Reply:
        token: Token | None = None
        request = self._below_api(asked)
        try:
            if git := git_http.ROUTE.match(request.route):
                return github_served.served(request, git, self.tokens, self.repos, self.clock)
            apps = github_apps.ROUTE.fullmatch(request.route)
            token = None if apps else self._signed_in(request)
            if token:
                token.count(self.clock, free=request.route == "/rate_limit")
                if request.method == "POST":
                    token.pace(self.clock)
            reply = self._app(request) if apps else self._routed(request, token)
        except Refused as refused:
            reply = refused.reply
        if token and token.lost and request.writes:
            token.lost = (token.lost[0] - 1, token.lost[1])
        reply = _conditional(request, reply)
        if token and reply.status == 304:
            token.used -= 1
        common = {
            "Date": format_datetime(self.clock.now, usegmt=True),
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Request-Id": "0401:2E0F:1A2B3C:4D5E6F",
        }
        return replace(reply, headers={**common, **(token.headers() if token else {}), **reply.headers})

    def _below_api(self, request: Request) -> Request:
        """The request as github.com's API would be asked."""
        path = re.sub(r"^/api(/v3(?=/)|(?=/graphql))", "", request.path)
        if self.enterprise and path == request.path and not git_http.ROUTE.match(request.route):
            return replace(request, path="/nowhere")
        return replace(request, path=path) if self.enterprise else request

    def _signed_in(self, request: Request) -> Token | None:
        if not request.headers.get("user-agent"):
            raise refusal(
                403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header"
            )
        if request.headers.get("x-github-api-version", "2022-11-28") not in VERSIONS:
            raise refusal(400, "The API version in the X-GitHub-Api-Version header is not supported.")
        if "authorization" not in request.headers:
            return None
        token = self.tokens.get(credential(request))
        if token is None or (token.expires and self.clock.now >= token.expires):
            raise refusal(401, "Bad credentials")
        return token

    def _routed(self, request: Request, token: Token | None) -> Reply:
        shapes = Shapes(self.url, self.web)
        if request.route == "/user":
            return github_repos.user(token, shapes)
        if person := re.fullmatch(r"/users/([^/]+)", request.route):
            return github_repos.someone(unquote(person[1]), self.world, shapes)
        if request.route == "/rate_limit" and token:
            return github_repos.rate_limit(token)
        if github_fields.ORGANISATION.fullmatch(request.route):
            return github_fields.listed(request, token, self.world, self.url)
        if request.route == "/graphql":
            return github_git.graphql(request, token, self.repos, shapes)
        repo, rest = self._repo(request, token)
        if request.writes and repo.archived:
            raise refusal(403, "Repository was archived so is read-only.")
        for method, pattern, handler in ROUTES:
            match = re.fullmatch(pattern, rest)
            if match and method == request.method:
                return handler(Call(request, token, repo, rest, match.groups(), shapes, self.lag))
        raise refusal(404, "Not Found")

    def _repo(self, request: Request, token: Token | None) -> tuple[Repo, str]:
        """Find the repository of a path and the rest of it. Raises Refused if it is not to be seen, or was renamed."""
        match = re.fullmatch(r"/(?:repositories/(\d+)|repos/([^/]+/[^/]+))(/.*)?", request.route)
        if not match:
            raise refusal(404, "Not Found")
        name = (match[2] or "").lower()
        found = next((repo for repo in self.repos.values() if repo.full_name.lower() == name), None)
        repo = found or self.repos.get(int(match[1] or self.former.get(name, 0)))
        if repo is None or (token.right(repo) if token else Right.NONE if repo.private else Right.READ) < Right.READ:
            raise refusal(404, "Not Found")
        if name and not found:
            query = request.path[len(request.route) :]
            raise github_issues.redirect(request, f"{self.url}/repositories/{repo.id}{match[3] or ''}{query}")
        return repo, match[3] or ""

    def _app(self, request: Request) -> Reply:
        def give(token: Token) -> None:
            self.tokens[token.value] = token

        shapes = Shapes(self.url, self.web)
        return github_apps.answer(request, self.apps, self.repos, shapes, self.clock, give)


def _conditional(request: Request, reply: Reply) -> Reply:
    """Give a reply that was read its ETag, which differs for each token; nothing new is 304."""
    if request.method != "GET" or reply.status != 200:
        return reply
    digest = hashlib.sha256(reply.content + request.headers.get("authorization", "").encode()).hexdigest()
    headers = {**reply.headers, "ETag": f'W/"{digest}"'}
    if request.headers.get("if-none-match") in {headers["ETag"], headers["ETag"].removeprefix("W/")}:
        return Reply(304, None, headers)
    return replace(reply, headers=headers)
