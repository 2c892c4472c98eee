"""A closeout that is loaded once: every run gets a copy of its process, in which nothing has happened yet.

    python tests/loaded.py

tells the socket at which it may be asked, and ends with its standard input; `asking.py` asks. Loading takes most of a
short run; what a run does, it does here as in a process that was started for it.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import closeout
import mortal
from closeout.hosts import outward
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped

DEAD, BROKEN = 137, 99  # how a copy ends that dies by its own hand, and one that never began
SECONDS = 120  # no run takes longer
LATE = (  # what runs load when they need it
    "closeout.__main__", "yaml", "_strptime", "multiprocessing", "concurrent.futures", "typer._adapters", "pathspec",
    "httpcore", "typer._click.decorators", "encodings.mac_roman", "encodings.utf_8_sig",
)  # fmt: skip
_LONGEST = 1 << 20
_PAGE = "# Outage\n\n**Date**: 2026-11-01\n\n## Action items\n\n| Action | Due | Status |\n|---|---|---|\n| Mend | 2026-12-01 | TODO |\n"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The process that is copied, and the socket at which it may be asked."""

    process: subprocess.Popen[str]
    socket: str


@cache
def loaded() -> Loaded:
    """Return the one of this process, which ends with it."""
    pipe = subprocess.PIPE
    alone = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", __file__], stdin=pipe, stdout=pipe, text=True, env=alone, start_new_session=True
    )
    assert process.stdout is not None
    return Loaded(process, process.stdout.readline().strip())


def load() -> None:
    """Load all that a run may need, and let no copy touch it in search of waste."""
    for found in walk_packages(closeout.__path__, "closeout."):
        if not found.name.endswith("__main__"):
            import_module(found.name)
    for name in LATE:
        import_module(name)
    outward.trusted()
    read(_PAGE, "a.md", shipped())
    gc.collect()
    gc.freeze()


def serve(where: str) -> None:
    """Copy this process for everybody who asks, until nobody can any more; tell each who asked how its copy ended."""
    ends, end = os.pipe()
    os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(end)
    running: dict[int, socket.socket] = {}
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(where)
        listener.listen()
        sys.stdout.write(f"{where}\n")
        sys.stdout.flush()
        while sys.stdin not in (ready := select.select([listener, sys.stdin, ends], [], [])[0]):
            if ends in ready:
                os.read(ends, _LONGEST)
            for child, status in _ended():
                _tell(running.pop(child), status)
            if listener in ready:
                asked, _ = listener.accept()
                child = os.fork()
                if child == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for other in (listener, *running.values()):
                        other.close()
                    copied(asked)
                running[child] = asked
                _tell(asked, child, last=False)


def _ended() -> Iterator[tuple[int, int]]:
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            yield found


def _tell(asked: socket.socket, number: int, *, last: bool = True) -> None:
    with suppress(OSError):  # who asked has gone
        asked.sendall(f"{number}\n".encode())
    if last:
        asked.close()


def copied(asked: socket.socket) -> None:
    """Be the run that was asked for: at its time, in its folder, with its variables and files."""
    code = BROKEN
    try:
        sent, files, _, _ = socket.recv_fds(asked, _LONGEST, 3)
        while not sent.endswith(b"\n"):
            sent += asked.recv(_LONGEST)
        asked.close()
        for number, file in enumerate(files):
            os.dup2(file, number)
        for file in files:
            os.close(file)
        code = _ran(json.loads(sent))
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:  # noqa: BLE001 - nothing of it may go on in what is a copy
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _ran(told: dict[str, Any]) -> int:
    os.chdir(told["folder"])
    os.environ.clear()
    os.environ.update(told["variables"])
    tempfile.tempdir = None
    signal.alarm(SECONDS)
    sys.argv = ["closeout", *told["arguments"]]
    mortal.stand_still(datetime.fromisoformat(told["now"]))
    if told.get("patience"):
        mortal.wait_less(told["patience"])
    if "trace" not in told:
        return mortal.ended(lambda: None)
    dies = mortal.Point(*told["dies"])
    return mortal.ended(mortal.watch(Path(told["trace"]), Path(told["inside"]), dies, lambda: os._exit(DEAD)))


def main() -> None:
    load()
    with tempfile.TemporaryDirectory(prefix="closeout-loaded-") as folder:
        serve(str(Path(folder) / "socket"))


if __name__ == "__main__":
    main()
