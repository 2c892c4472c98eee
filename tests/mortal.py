"""A process that is watched, or killed, at each of its effects on this machine; its time stands where it is told.

An effect is a file that is opened for writing, made, renamed, linked or removed below one folder, a database that is
opened there, or a git that changes something. What goes over HTTP is watched, and killed, by who answers it.

    python tests/mortal.py TRACE FOLDER NOW KIND COUNT WHEN -- sync --yes

runs the command line like that: it kills itself `before` or `after` (WHEN) effect number COUNT (from 0) of a KIND.
"""

from __future__ import annotations

import datetime
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import SimpleNamespace
from typing import Any

from closeout import compose
from closeout.__main__ import main as run
from closeout.cli import start

READING = {
    "branch", "cat-file", "check-attr", "check-ref-format", "config", "diff", "diff-tree", "for-each-ref", "log", "ls-files",
    "ls-remote", "ls-tree", "merge-base", "merge-tree", "remote", "rev-list", "rev-parse", "show", "symbolic-ref", "var",
}  # fmt: skip
OBJECTS = {"commit-tree", "fetch", "hash-object", "mktree", "read-tree", "write-tree"}
UNSEEN = "git: objects, and temporary files"  # nobody sees them without a ref
PLACES = (
    (r"home/.*", "a cache"),
    (r"[^/]+/\.closeout/issues/.*", "an issue"),
    (r"[^/]+/\.closeout(/issues)?", "a folder"),
    (r"[^/]+/\.closeout/ledger\..*", "the ledger"),
    (r"[^/]+/\.git/.*\.lock", "the lock"),
    (r"[^/]+/\.git/.*", "a file of git"),
    (r".*\.md", "a document"),
)
FILES = {
    "os.rename": "put",
    "os.link": "put",
    "os.symlink": "put",
    "os.remove": "remove",
    "os.rmdir": "remove",
    "os.truncate": "cut",
    "os.mkdir": "make",
    "sqlite3.connect": "open",
}
NETWORK = 100.0  # seconds: who gives git so long lets it speak with a remote
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True, slots=True)
class Point:
    """Before or after effect number `count` (from 0) of a kind; without a kind it is nowhere."""

    kind: str = ""
    count: int = 0
    after: bool = False

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} {self.kind} ({self.count})"


def watch(trace: Path, inside: Path, dies: Point, die: Callable[[], object]) -> Callable[[], None]:
    """Note each effect of this process below a folder on a line of `trace`, as it is about to happen.

    At the point where it `dies`, `die` is called instead: after an effect is before the next one, or at the end. What
    is returned is to be called at the end.
    """
    note = os.open(trace, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    left, dying = dies.count, False

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left, dying
        told = _effect(event, arguments, str(inside))
        if not told:
            return
        if dying:
            die()
        if told == dies.kind:
            dying = left == 0
            left -= 1
            if dying and not dies.after:
                die()
        os.write(note, f"{told}\n".encode())

    def end() -> None:
        if dying:
            die()

    sys.addaudithook(hook)
    return end


def ended(end: Callable[[], None]) -> int:
    """Run the command line to its end; return its exit code."""
    try:
        run()
    except SystemExit as told:
        end()
        return told.code if isinstance(told.code, int) else 0
    end()
    return 0


def _effect(event: str, arguments: tuple[Any, ...], inside: str) -> str:
    """What is about to be done, in words that are the same for all effects of a kind; empty if it is no effect."""
    if event == "subprocess.Popen":
        return _by_git([os.fsdecode(word) for word in arguments[1]], arguments[3] or {})
    if event == "open":
        flags = arguments[2]
        return _at("write", arguments[0], inside) if isinstance(flags, int) and flags & WRITING else ""
    if event not in FILES:
        return ""
    target = arguments[1] if event in {"os.rename", "os.link", "os.symlink"} else arguments[0]
    return "" if event == "os.mkdir" and os.path.isdir(target) else _at(FILES[event], target, inside)  # noqa: PTH112


def _at(what: str, path: Any, inside: str) -> str:
    if not isinstance(path, str | bytes | os.PathLike) or not os.fsdecode(path).startswith(f"{inside}/"):
        return ""
    if os.fsdecode(path).startswith(f"{inside}/home/tmp/"):
        return UNSEEN
    name = re.sub(r"\.closeout-([^/]*)\.tmp$", r"\1", rest := os.fsdecode(path).removeprefix(f"{inside}/"))
    found = next((words for pattern, words in PLACES if re.fullmatch(pattern, name)), "another file")
    return f"{what} {'a draft of ' if name != rest else ''}{found}"


def _by_git(command: list[str], variables: Mapping[str, str]) -> str:
    words = iter(command[1:])
    for word in words:
        if word in {"-C", "-c"}:
            next(words)
        elif not word.startswith("-"):
            break
    else:
        return ""
    if word in READING:
        return ""
    if word in OBJECTS or "GIT_INDEX_FILE" in variables:
        return UNSEEN
    refs = [found[0] for one in command for found in [re.search(r"refs/[^:]*", one)] if found]
    return " ".join([f"git {word}", *refs[:1]])


def stand_still(now: datetime.datetime) -> None:
    """Let the time that closeout is composed with be `now`, and move only when it waits."""
    waited = 0.0

    def sleep(seconds: float) -> None:
        nonlocal waited
        waited += seconds

    class Standing(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Standing:
            return cls.fromtimestamp(now.timestamp() + waited, tz)

    days = SimpleNamespace(**{**vars(datetime), "datetime": Standing})
    seconds = SimpleNamespace(**{**vars(time), "sleep": sleep, "time": lambda: now.timestamp() + waited})
    parts = [import_module(f"closeout.compose.{found.name}") for found in iter_modules(compose.__path__)]
    for module in (compose, start, *parts):
        names = vars(module)
        names |= {name: other for name, other in (("datetime", days), ("time", seconds)) if name in names}


def wait_less(seconds: float) -> None:
    """Let no connection of this process wait longer for an answer; a git that speaks with a remote waits twelve times that."""
    wait, ask = socket.socket.settimeout, subprocess.Popen.communicate

    def shorter(self: socket.socket, told: float | None) -> None:
        wait(self, seconds if told is None else min(told, seconds))

    def sooner(self: subprocess.Popen[bytes], told: bytes | None = None, timeout: float = 0.0) -> tuple[bytes, bytes]:
        return ask(self, told, min(timeout, 12 * seconds) if timeout >= NETWORK else timeout or None)

    setattr(socket.socket, "settimeout", shorter)  # noqa: B010 - it is inherited there
    setattr(subprocess.Popen, "communicate", sooner)  # noqa: B010 - as above


def main() -> None:
    trace, inside, now, kind, count, when = sys.argv[1:7]
    sys.argv = ["closeout", *sys.argv[8:]]
    stand_still(datetime.datetime.fromisoformat(now))
    dies = Point(kind, int(count), when == "after")
    sys.exit(ended(watch(Path(trace), Path(inside), dies, lambda: os.kill(os.getpid(), signal.SIGKILL))))


if __name__ == "__main__":
    main()
