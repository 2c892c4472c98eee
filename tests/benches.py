"""A repository with documents and a tracker, and real runs of the command line on it, which may die anywhere."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

import asking
import mortal
from closeout.errors import Exit
from fakes.http import Answer, Fault, Reply, Request
from ledgers import clone, git, remote
from loaded import DEAD, loaded
from mortal import Point
from registry import Kind
from sides import Shown, Side

NOWHERE = Point()
PAST = 1_800.0  # seconds: a lease, the longest write and the lag of lists are over
PROJECT = re.compile(r"^.*?/acme(/|%2F)\w+/")
Begun = tuple[int, Callable[[], int]]  # a process, and what waits for its status
IDS = re.compile(r"\b([0-9a-f]{40}|[0-9a-f-]{36}|\d+)\b")


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a run: its exit code (None: it died), what it said, and the kinds of its effects in their order.

    What was sent to the tracker's host begins with its method, what was done here with a small letter.
    """

    code: int | None
    told: str
    effects: tuple[str, ...]


@dataclass(slots=True)
class Killing(Fault):
    """The process whose id comes by `pids` dies where its trace has come to the point."""

    trace: Path = Path()
    point: Point = NOWHERE
    pids: Queue[int] = field(default_factory=lambda: Queue(1))

    def takes(self, request: Request) -> bool:
        if not (request.writes and self.times):
            return False
        done = self.trace.read_text("utf-8").splitlines().count(self.point.kind)
        here = sent(request) == self.point.kind and done == self.point.count
        if here or (self.point.after and done > self.point.count):
            self.times = 0
            return True
        return False


def killing(trace: Path, point: Point) -> Killing:
    """Kill a process at a point of its trace, if that is where it sends a write; unless it is after that write, the
    write is not done.
    """

    def act(request: Request, answer: Answer) -> Reply:
        if point.after and sent(request) == point.kind:
            answer(request)
        os.kill(made.pids.get(), signal.SIGKILL)
        return Reply(200, ends="held")

    made = Killing(act, trace=trace, point=point)
    return made


def sent(request: Request) -> str:
    """The method, and the path behind the project's name: the same for all issues and commits."""
    return f"{request.method} {IDS.sub('N', PROJECT.sub('', request.route).removeprefix('/'))}"


@dataclass
class Bench:
    """A kind of tracker, a publisher, documents by path, and the folder in which all is kept.

    `fresh`: every run has a clone of its own, as on a runner. `real`: runs are started, not copied (`loaded`); only those that are
    copied wait no longer than their `patience`, in seconds (0: as long as they like). `asked` is what the last run was
    answered.
    """

    kind: Kind
    publisher: str
    folder: Path
    side: Side
    documents: Mapping[str, bytes]
    fresh: bool = False
    real: bool = False
    patience: float = 0.0
    runs: int = 0
    asked: list[tuple[Request, Reply]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Bring the documents to where everybody finds them."""
        self.home = self.folder / "home"
        self.home.mkdir()
        (self.home / "tmp").mkdir()
        if not self.kind.in_tree:
            clone(self.bare, self.person.name)
        toml = f'publish = "{self.publisher}"\npublish-every = "PT0S"\n' + (
            'source = "api"\n' if self.publisher == "api" else ""
        )
        for name, content in {**self.documents, "closeout.toml": (toml + self.side.toml).encode()}.items():
            (self.person / name).parent.mkdir(exist_ok=True, parents=True)
            (self.person / name).write_bytes(content)
        self.share()
        if self.publisher == "api":
            self.root.mkdir()
            (self.root / "closeout.toml").write_text(toml + self.side.toml, encoding="utf-8")

    @property
    def bare(self) -> Path:
        return self.folder / "remote.git"

    @property
    def root(self) -> Path:
        """Where runs work."""
        return self.folder / ("clone" if not self.fresh else f"clone-{self.runs}")

    @property
    def person(self) -> Path:
        """Where people edit: beside the run's write-backs where these wait for them, else in a clone of their own."""
        return self.folder / "clone" if self.kind.in_tree or self.publisher == "worktree" else self.folder / "person"

    # What people do with documents.

    def pull(self) -> None:
        """Bring what everybody shares to where people edit."""
        if not self.kind.in_tree:
            git(self.person, "pull", "-q", "--no-rebase", "--no-edit")

    def write(self, name: str, old: str, new: str) -> None:
        """Edit a document as a person does, who shares it later."""
        text = (self.person / name).read_bytes().decode()
        assert text.count(old) == 1, f"{old!r} in {text}"
        (self.person / name).write_bytes(text.replace(old, new).encode())

    def share(self) -> None:
        """Commit and push all that lies where people edit."""
        git(self.person, "add", "-A", "--", ".", ":!*.tmp")
        if git(self.person, "status", "--porcelain"):
            git(self.person, "commit", "-q", "-m", "theirs")
            if not self.kind.in_tree:
                git(self.person, "push", "-q")

    def merge(self) -> None:
        """Merge the pull request that is open, if it can be merged."""
        for number in self.side.pulls():
            with suppress(AssertionError):
                self.side.merge(number)

    def issue(self, title: str) -> Shown:
        (found,) = [one for one in self.side.issues() if one.title == title]
        return found

    def later(self) -> None:
        """Let the time pass in which leases last and lists lag."""
        self.side.pass_time(PAST)
        self.side.catch_up()

    def left_over(self) -> list[str]:
        """Drafts and locks beside the documents, the issues, and what git keeps; the system's own folder for temporary
        files is not looked at.
        """
        found = [path for path in self.folder.rglob("*") if path.is_file() and path.suffix in {".tmp", ".lock"}]
        return sorted(str(path.relative_to(self.folder)) for path in found if path.name != "closeout.lock")

    # Runs.

    def sync(self, dies: Point = NOWHERE) -> Ran:
        """Bring both sides together."""
        return self.run("sync", "--yes", dies=dies)

    def run(self, *arguments: str, dies: Point = NOWHERE) -> Ran:
        """Run a command in a process of its own."""
        self.runs += 1
        if not self.root.exists():
            clone(self.bare, self.root.name)
        trace, told = self.folder / f"trace-{self.runs}", self.folder / f"told-{self.runs}"
        trace.touch()
        self.asked.clear()
        kill = killing(trace, dies)
        with told.open("wb") as output, self._watched(trace, kill):
            begun, ended = (self._real if self.real else self._copied)(arguments, trace, dies, output.fileno())
            kill.pids.put(begun)
            code = os.waitstatus_to_exitcode(ended())
        said = told.read_text("utf-8", "replace")
        dead = code in {DEAD, -signal.SIGKILL}
        assert dead or code in set(Exit), f"{arguments} ended with {code}: {said}"
        return Ran(None if dead else code, said, tuple(trace.read_text("utf-8").splitlines()))

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        alone = {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CEILING_DIRECTORIES": str(self.folder),
        }
        here = {"HOME": str(self.home), "TMPDIR": str(self.home / "tmp")}
        return {**kept, **alone, **here, **self.side.environment}

    def _copied(self, arguments: Sequence[str], trace: Path, dies: Point, output: int) -> Begun:
        told = {
            "folder": str(self.root),
            "variables": self.environment,
            "arguments": arguments,
            "now": self.side.now().isoformat(),
            "trace": str(trace),
            "inside": str(self.folder),
            "dies": (dies.kind, dies.count, dies.after),
            "patience": self.patience,
        }
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123
            return asking.copy(loaded().socket, told, (nothing.fileno(), output, output))

    def _real(self, arguments: Sequence[str], trace: Path, dies: Point, output: int) -> Begun:
        point = (dies.kind, str(dies.count), "after" if dies.after else "before")
        words = [str(trace), str(self.folder), self.side.now().isoformat(), *point, "--", *arguments]
        begun = subprocess.Popen(
            [sys.executable, mortal.__file__, *words],
            cwd=self.root, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        ).pid  # fmt: skip
        return begun, lambda: os.waitpid(begun, 0)[1]

    @contextmanager
    def _watched(self, trace: Path, kill: Killing) -> Iterator[None]:
        """Note what a run sends to the tracker's host among what it does here."""
        server = self.side.server
        if server is None:
            yield
            return
        note, answer = os.open(trace, os.O_WRONLY | os.O_APPEND), server.answer

        def noted(request: Request) -> Reply:
            if request.writes:
                os.write(note, f"{sent(request)}\n".encode())
            reply = answer(request)
            self.asked.append((request, reply))
            return reply

        server.answer = noted
        server.faults.append(kill)
        try:
            yield
        finally:
            server.answer = answer
            server.faults.remove(kill)
            os.close(note)


@contextmanager
def bench(kind: Kind, publisher: str, documents: Mapping[str, bytes]) -> Iterator[Bench]:
    """Make a bench that is gone afterwards."""
    with TemporaryDirectory(prefix="closeout-bench-") as name:
        folder = Path(name).resolve()
        root = folder / "clone" if kind.in_tree else remote(folder)
        if kind.in_tree:
            git(folder, "init", "-q", "-b", "main", str(root))
        with kind.opened(root) as side:
            yield Bench(kind, publisher, folder, side, documents)
