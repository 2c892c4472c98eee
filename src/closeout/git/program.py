"""Git as a program: run once, ended when its time is over, and what it said when it refused."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from closeout.errors import ConfigurationError
from closeout.git.letting import environment
from closeout.git.showing import hidden

_SECONDS = 60.0
_NETWORK_SECONDS = 120.0
QUIET = ("-c", "gc.auto=0", "-c", "maintenance.auto=false")  # a fetch starts nothing that outlives it
_TOLD = re.compile(r"^(?:fatal|error|remote|ERROR): *(.*\S)|^ ! (\[.*\].*)", re.M)


def run(
    root: Path,
    *arguments: str,
    told: bytes = b"",
    variables: Mapping[str, str] | None = None,
    far: bool = False,
    seconds: float = 0.0,
) -> subprocess.CompletedProcess[bytes]:
    """Run git with `told` on its stdin, for the usual time if no `seconds` are said; `far` if it speaks with a remote. It has a
    session of its own: it cannot ask at the terminal and wait for ever, and its children (ssh, git-remote-https) end with it.
    """
    command, seconds = ["git", "-C", str(root), *arguments], seconds or (_NETWORK_SECONDS if far else _SECONDS)
    own, pipe = environment(variables or {}, far=far), subprocess.PIPE
    try:
        process = subprocess.Popen(command, env=own, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True)
    except FileNotFoundError as error:
        message = "git: could not be run: it is not installed. Install git"
        raise ConfigurationError(message) from error
    with process:
        try:
            out, err = process.communicate(told, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            _end(process)
            message = (
                f"git {_command(arguments)}: could not be asked: no answer within {seconds:.0f} s. Run again later"
            )
            raise ConfigurationError(message) from error
        except BaseException:
            _end(process)
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _command(arguments: Sequence[str]) -> str:
    """The first word behind the configuration."""
    at = 0
    while arguments[at] == "-c":
        at += 2
    return arguments[at]


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)  # its session's number is its own
        process.kill()


def why(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return what git and the host said, in one line without secrets."""
    said = done.stderr.decode(errors="replace")
    lines = [first or second for first, second in _TOLD.findall(said)] or said.split("\n")[:1]
    return hidden("; ".join(dict.fromkeys(lines)))[:2_000] or f"git ended with {done.returncode}"
