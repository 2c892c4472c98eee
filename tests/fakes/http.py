"""A server on loopback: it answers by a function, records what it was asked, and goes wrong as it is told to."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit

WRITES = "POST|PUT|PATCH|DELETE"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: `path` with its query, header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def route(self) -> str:
        """The path without its query, still quoted."""
        return urlsplit(self.path).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))

    @property
    def sent(self) -> Any:
        """The JSON that was sent; None without a body. Raises ValueError if it is none."""
        return json.loads(self.body) if self.body else None

    @property
    def writes(self) -> bool:
        asks = self.route.endswith("/graphql") and b'"mutation' not in self.body  # by POST, and changes nothing
        asks = asks or self.route.endswith("/git-upload-pack")  # a fetch
        return re.fullmatch(WRITES, self.method) is not None and not asks


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: `body` as JSON (None: nothing), or `raw` as it is.

    `ends`: "whole"; "dropped", the connection is closed without a word; "cut", it is closed in the middle of the
    body; "held", nothing comes until the client has gone.
    """

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    ends: Literal["whole", "dropped", "cut", "held"] = "whole"

    @property
    def content(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()


Answer = Callable[[Request], Reply]
Act = Callable[[Request, Answer], Reply]


@dataclass(slots=True)
class Fault:
    """What goes wrong (`act`, see `fakes.faults`) with the requests that match.

    `method` is a regular expression for the whole method, `path` one that is searched in the path with its query. The
    first `skip` of the matching requests go well, then `times` of them go wrong (None: all).
    """

    act: Act
    method: str = ".*"
    path: str = ""
    times: int | None = 1
    skip: int = 0

    def takes(self, request: Request) -> bool:
        """Whether this request goes wrong; counts it."""
        if self.times == 0 or not (re.fullmatch(self.method, request.method) and re.search(self.path, request.path)):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times = self.times and self.times - 1
        return True


@dataclass
class Loopback:
    """A server that runs while it is entered. Requests are answered one at a time, whatever the connections."""

    answer: Answer
    requests: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self._connections: set[socket.socket] = set()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.loopback = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def play(self, request: Request) -> Reply:
        """Answer a request, or go wrong with it."""
        with self.lock:
            self.requests.append(request)
            try:
                fault = next((fault for fault in self.faults if fault.takes(request)), None)
                return fault.act(request, self.answer) if fault else self.answer(request)
            except Exception as error:  # noqa: BLE001 - a bug of the fake: told to the client, and raised at the end
                self.errors.append(error)
                return Reply(500, {"message": f"the fake failed: {error!r}"})

    def opened(self, connection: socket.socket) -> None:
        with self.lock:
            self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self.lock:
            self._connections.discard(connection)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        with self.lock:
            open_ones = tuple(self._connections)
        for connection in open_ones:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        if self.errors and error is None:
            raise self.errors[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    loopback: Loopback


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one piece
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.loopback.opened(self.connection)

    def finish(self) -> None:
        self.server.loopback.closed(self.connection)
        with suppress(OSError):
            super().finish()

    def handle(self) -> None:
        with suppress(OSError):  # the client went away
            super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of http.server
        """Say nothing: tests read `requests`."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if len(self.headers.get_all("Authorization", [])) > 1:
            self._send(Reply(400, raw=b'Duplicate header: "Authorization"'))
            return
        self._send(self.server.loopback.play(Request(self.command, self.path, headers, body)))

    def _send(self, reply: Reply) -> None:
        if reply.ends in {"dropped", "held"}:
            self.close_connection = True
            if reply.ends == "held":
                self.connection.recv(1)  # returns when the client has gone, or the server stops
            return
        content = reply.content
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if content and "Content-Type" not in reply.headers:
            self.send_header("Content-Type", "application/json; charset=utf-8")
        if reply.status not in {204, 304}:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if reply.ends == "cut":
            self.close_connection = True
            content = content[: len(content) // 2]
        self.wfile.write(content)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - names that http.server looks for
