"""Asking the process in which closeout is loaded (`loaded.py`) for a copy; loads nothing but what that takes.

    python -I -S tests/asking.py SOCKET NOW -I -X utf8 -m closeout action

is the Python of an environment that an earlier job made, for which time stands still.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence

ACTION = ["-I", "-X", "utf8", "-m", "closeout", "action"]
_NUMBER = 32  # bytes: a number and the end of its line


def copy(where: str, told: Mapping[str, object], files: Sequence[int]) -> tuple[int, Callable[[], int]]:
    """Begin a run with these files as its standard ones; return its process id, and what waits for its status as `os.wait`
    tells it.
    """
    asked = socket.socket(socket.AF_UNIX)
    asked.connect(where)
    message = f"{json.dumps(told)}\n".encode()
    if rest := message[socket.send_fds(asked, [message], files) :]:
        asked.sendall(rest)  # nothing must not be sent: who has ended by now would break the pipe
    answers = asked.makefile("rb")

    def number() -> int:
        return int(answers.readline(_NUMBER))

    def ended() -> int:
        with asked, answers:
            return number()

    return number(), ended


def main() -> int:
    where, now, *arguments = sys.argv[1:]
    assert arguments == ACTION, arguments
    here = {"folder": os.getcwd(), "variables": dict(os.environ), "now": now, "arguments": ["action"]}  # noqa: PTH109
    _, ended = copy(where, here, (0, 1, 2))
    return os.waitstatus_to_exitcode(ended())


if __name__ == "__main__":
    sys.exit(main())
