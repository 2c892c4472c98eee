"""Git over HTTP, as git's own program for servers answers it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from fakes.http import Reply, Request

ROUTE = re.compile(r"(/([^/]+/[^/]+?)(?:\.git)?)/(?:info/refs|git-(?:upload|receive)-pack)$")


def answer(
    request: Request,
    bare: Path,
    below: str,
    who: str,
    *,
    writes: bool,
    denied: str = "User permission denied for writing.",
) -> Reply:
    """Answer for a bare repository that is at the path `below`, to an account that may write or not."""
    if not writes and "git-receive-pack" in request.path:
        return Reply(403, raw=denied.encode(), headers={"Content-Type": "text/plain"})
    environment = {
        **os.environ,
        "GIT_PROJECT_ROOT": str(bare),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": urlsplit(request.path).path.removeprefix(below),
        "QUERY_STRING": urlsplit(request.path).query,
        "REQUEST_METHOD": request.method,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
        "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
        "REMOTE_USER": who,
        "GIT_CONFIG_COUNT": "0",
    }
    command = ["git", "-c", "http.receivepack=true", "http-backend"]
    done = subprocess.run(command, input=request.body, capture_output=True, check=True, env=environment)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    return Reply(int(headers.pop("Status", "200").split()[0]), raw=body, headers=headers)
