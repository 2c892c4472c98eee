"""A closeout that is loaded once: every job gets a copy of its process, in which nothing has happened yet.

    python tests/jobs/loaded.py

tells the socket at which it may be asked, and ends with its standard input; `asking.py` asks. Loading takes most of a
short run; what a run does, it does here as in a process that was started for it.
"""

from __future__ import annotations

import gc
import json
import os
import select
import socket
import subprocess
import sys
import traceback
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory
from typing import Any

if __name__ == "__main__":
    sys.path[:1] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2] / "src")]

import closeout
import mortal

ACTION = ["-I", "-X", "utf8", "-m", "closeout", "action"]
BROKEN = 99  # how a copy ends that never began
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Loaded:
    """The process that is copied, and the socket at which it may be asked."""

    process: subprocess.Popen[str]
    socket: str


@cache
def loaded() -> Loaded:
    """Return the one of this process, which ends with it."""
    pipe = subprocess.PIPE
    alone = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
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
    for name in ("closeout.__main__", "encodings.idna", "yaml", "_strptime", "multiprocessing", "concurrent.futures"):
        import_module(name)
    gc.collect()
    gc.freeze()


def serve(where: str) -> None:
    """Copy this process for everybody who asks, until nobody can any more."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(where)
        listener.listen()
        sys.stdout.write(f"{where}\n")
        sys.stdout.flush()
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            asked, _ = listener.accept()
            with asked:
                if os.fork() == 0:
                    listener.close()
                    copied(asked)
            _forget_the_dead()


def _forget_the_dead() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def copied(asked: socket.socket) -> None:
    """Be the process that asks: in its folder, with its variables and files; tell it at last how it ends."""
    code = BROKEN
    try:
        sent, files, _, _ = socket.recv_fds(asked, _LONGEST, 3)
        while not sent.endswith(b"\n"):
            sent += asked.recv(_LONGEST)
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        told: dict[str, Any] = json.loads(sent)
        os.chdir(told["folder"])
        os.environ.clear()
        os.environ.update(told["variables"])
        assert told["arguments"] == ACTION, told["arguments"]
        sys.argv = ["closeout", "action"]
        mortal.stand_still(datetime.fromisoformat(told["now"]))
        code = mortal.ended(lambda: None)
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:  # noqa: BLE001 - who asks is told that it broke
        traceback.print_exc()
    finally:
        asked.sendall(bytes([code]))
        os._exit(code)


def main() -> None:
    load()
    with TemporaryDirectory(prefix="closeout-loaded-") as folder:
        serve(str(Path(folder) / "socket"))


if __name__ == "__main__":
    main()
