"""Plane's API on loopback, with a memory: what people and programs do to work items, and what goes wrong."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

from fakes import plane_comments, plane_items, plane_lists
from fakes.github_values import Clock
from fakes.http import Fault, Loopback, Reply, Request
from fakes.plane_call import GONE, Call, Invalid, page
from fakes.plane_lists import person, told
from fakes.plane_state import ADMIN, Account, Ids, Project

UUID = r"([0-9a-f-]{36})"
ROUTES: tuple[tuple[str, str, Callable[[Call], Reply]], ...] = (
    ("GET", "/ITEMS/", plane_items.listed),
    ("POST", "/ITEMS/", plane_items.create),
    ("GET", f"/ITEMS/{UUID}/", plane_items.read),
    ("PATCH", f"/ITEMS/{UUID}/", plane_items.edit),
    ("DELETE", f"/ITEMS/{UUID}/", plane_items.delete),
    ("GET", f"/ITEMS/{UUID}/comments/", plane_comments.listed),
    ("POST", f"/ITEMS/{UUID}/comments/", plane_comments.create),
    ("GET", f"/ITEMS/{UUID}/comments/{UUID}/", plane_comments.read),
    ("PATCH", f"/ITEMS/{UUID}/comments/{UUID}/", plane_comments.edit),
    ("GET", "/states/", plane_lists.states),
    ("GET", "/labels/", plane_lists.labels),
    ("POST", "/labels/", plane_lists.add_label),
    ("GET", "/(?:project-)?members/", plane_lists.members),
)
FORBIDDEN = {"detail": "You do not have permission to perform this action."}
NOWHERE = Reply(404, {"error": "Page not found."})
TOO_LARGE = "The size of the request body exceeds the maximum allowed size."
_LARGEST = 5 * 1024 * 1024


@dataclass
class PlaneFake:
    """A Plane that runs while it is entered, with one workspace.

    `key` is the bot's; `keys` are all that are known, by account. `paths` are where work items are. `lag`: lists (not
    reads of one item) show what was there so many list reads ago. `limit` is how many requests a key has in a minute.
    """

    workspace: str = "acme"
    key: str = "plane_api_0123456789abcdef"
    clock: Clock = field(default_factory=Clock)
    paths: tuple[str, ...] = ("work-items", "issues")
    limit: int = 0
    knows_me: bool = True
    ids: Ids = field(default_factory=Ids)
    accounts: dict[str, Account] = field(default_factory=dict)
    keys: dict[str, Account] = field(default_factory=dict)
    projects: list[Project] = field(default_factory=list)
    counted: dict[str, deque[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server = Loopback(self._answer)
        self.bot = self.sign_up("closeout-bot")
        self.keys[self.key] = self.bot
        self._lag = 0

    @property
    def url(self) -> str:
        return self.server.url

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
        for project in self.projects:
            project.caught_up()

    def script(self, *faults: Fault) -> None:
        """Let requests to come go wrong; the first fault that takes a request has it."""
        self.server.faults.extend(faults)

    def sign_up(self, name: str, email: str = "", zone: str = "UTC") -> Account:
        """Make an account."""
        account = Account(self.ids.next(), name, email or f"{name.lower().replace(' ', '.')}@example.com", zone)
        self.accounts[account.id] = account
        return account

    def project(self, identifier: str, *, access: bool = True) -> Project:
        """Make a project with Plane's states; our account is its admin, or (`access`) not in it."""
        made = Project(self.ids.next(), identifier, self.ids, self.clock)
        if access:
            made.members[self.bot.id] = ADMIN
        self.projects.append(made)
        return made

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.server.__exit__(kind, error, at)

    def _answer(self, request: Request) -> Reply:
        if len(request.body) > _LARGEST:
            return Reply(413, {"error": "REQUEST_BODY_TOO_LARGE", "detail": TOO_LARGE})
        key = request.headers.get("x-api-key", "")
        if not request.route.endswith("/"):
            return Reply(301, raw=b"", headers={"Location": f"{request.route}/"})
        if not key:
            return Reply(401, {"detail": "Authentication credentials were not provided."})
        if key not in self.keys:
            return Reply(403, {"detail": "Given API token is not valid"})
        if (headers := self._counted(key)) is None:
            refusal = {"error_code": 5900, "error_message": "RATE_LIMIT_EXCEEDED"}
            return Reply(
                429, refusal, {"Retry-After": str(int(60 - self.clock.now.timestamp() + self.counted[key][0]))}
            )
        reply = self._routed(request, self.keys[key])
        return replace(reply, headers={**headers, **reply.headers})

    def _counted(self, key: str) -> dict[str, str] | None:
        """The headers of an allowed request; None for one too many."""
        now, used = self.clock.now.timestamp(), self.counted.setdefault(key, deque())
        while used and used[0] <= now - 60:
            used.popleft()
        if self.limit and len(used) >= self.limit:
            return None
        used.append(now)
        left = max(0, (self.limit or 60) - len(used))
        return {"X-RateLimit-Remaining": str(left), "X-RateLimit-Reset": str(int(now + 60))}

    def _routed(self, request: Request, me: Account) -> Reply:
        path = request.route.removeprefix("/api/v1")
        if path == "/users/me/" and self.knows_me:
            return Reply(200, person(me))
        match = re.fullmatch(r"/workspaces/([^/]+)(/.*)", path)
        if match is None:
            return NOWHERE
        if match[1] != self.workspace:
            return Reply(403, FORBIDDEN)
        if match[2] == "/members/":
            return Reply(200, [{**person(one), "role": ADMIN} for one in self.accounts.values()])
        if match[2] == "/projects/":
            return page(request, [told(one) for one in self.projects if me.id in one.members])
        items = "|".join(self.paths)
        if by_number := re.fullmatch(rf"/(?:{items})/([^/]+)-(\d+)/", match[2]):
            return self._numbered(request, me, by_number[1], int(by_number[2]))
        below = re.fullmatch(rf"/projects/{UUID}(/.*)", match[2])
        return self._below(request, me, below[1], below[2]) if below else NOWHERE

    def _numbered(self, request: Request, me: Account, identifier: str, number: int) -> Reply:
        project = next((one for one in self.projects if one.identifier == identifier and me.id in one.members), None)
        if project is None:
            return Reply(403, FORBIDDEN)
        found = next((item for item in project.items if item.number == number and item.listed), None)
        call = Call(request, project, me, self.accounts, self._lag)
        return call.told(found) if found else Reply(404, GONE)

    def _below(self, request: Request, me: Account, id_: str, rest: str) -> Reply:
        project = next((one for one in self.projects if one.id == id_ and me.id in one.members), None)
        if project is None:
            return Reply(403, FORBIDDEN)
        there = False
        for method, route, answer in ROUTES:
            match = re.fullmatch(route.replace("ITEMS", f"(?:{'|'.join(self.paths)})"), rest)
            if match and method == request.method:
                try:
                    return answer(Call(request, project, me, self.accounts, self._lag, match.groups()))
                except Invalid as invalid:
                    return Reply(400, invalid.args[0])
            there = there or bool(match)
        return Reply(405, {"detail": f'Method "{request.method}" not allowed.'}) if there else NOWHERE
