"""A forward proxy on loopback, as networks of companies have one: absolute addresses, and tunnels for TLS.

A tunnel ends at the proxy itself, which holds a certificate for the hosts that tests make up, and leads on to a fake.
"""

from __future__ import annotations

import base64
import datetime
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_HOP = {"connection", "proxy-authorization", "proxy-connection", "keep-alive", "transfer-encoding"}


@dataclass
class Proxy:
    """A proxy that runs while it is entered.

    `leads` tells where a made-up host is (`http://127.0.0.1:port`), `wants` what must be shown as `name:password`, and
    `tls` ends tunnels. `asked` is what came, as method and address.
    """

    leads: Mapping[str, str] = field(default_factory=dict)
    wants: str = ""
    tls: ssl.SSLContext | None = None
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def address(self) -> str:
        return f"http://{self.wants}@127.0.0.1:{self.port}" if self.wants else f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    proxy: Proxy


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of http.server
        """Say nothing: tests read `asked`."""

    def handle(self) -> None:
        with suppress(OSError):  # the client went away
            super().handle()

    def _let_in(self) -> bool:
        proxy = self.server.proxy
        proxy.asked.append(f"{self.command} {self.path}")
        shown = self.headers.get("Proxy-Authorization", "").partition(" ")[2]
        if proxy.wants and base64.b64decode(shown).decode() != proxy.wants:
            self.send_response_only(407)
            self.send_header("Proxy-Authenticate", 'Basic realm="acme"')
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            return False
        return True

    def do_CONNECT(self) -> None:
        proxy = self.server.proxy
        there = proxy.leads.get(self.path.rpartition(":")[0])
        if not self._let_in():
            return
        if there is None or proxy.tls is None:
            self.send_error(502)
            return
        self.send_response_only(200)
        self.end_headers()
        self.wfile.flush()
        self.close_connection = True
        place = urlsplit(there)
        with (
            suppress(OSError),
            proxy.tls.wrap_socket(self.connection, server_side=True) as client,
            socket.create_connection((place.hostname or "", place.port or 80)) as host,
        ):
            back = threading.Thread(target=_pumped, args=(host, client), daemon=True)
            back.start()
            _pumped(client, host)
            back.join(5)

    def _forwarded(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = self._chunks()
        if not self._let_in():
            return
        place = urlsplit(self.path)
        there = urlsplit(self.server.proxy.leads.get(place.hostname or "", f"http://{place.netloc}"))
        line = HTTPConnection(there.hostname or "", there.port, timeout=10)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        line.request(self.command, f"{place.path or '/'}{'?' if place.query else ''}{place.query}", body, headers)
        answer = line.getresponse()
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        line.close()

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _forwarded  # noqa: N815 - names that http.server looks for


def _pumped(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while part := one.recv(1 << 16):
            other.sendall(part)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


def certified(folder: Path, *hosts: str) -> tuple[ssl.SSLContext, Path]:
    """Return what ends a tunnel to these hosts, and the file of the authority that nobody else knows."""
    key, whose = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "acme")])
    begins = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)

    def signed(subject: x509.Name, holder: ec.EllipticCurvePrivateKey, *more: x509.ExtensionType) -> bytes:
        made = x509.CertificateBuilder(name, subject, holder.public_key(), x509.random_serial_number())
        made = made.not_valid_before(begins).not_valid_after(begins + datetime.timedelta(days=365 * 30))
        for one in more:
            made = made.add_extension(one, critical=isinstance(one, x509.BasicConstraints) or not list(subject))
        return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    authority, held = folder / "ca.pem", folder / "held.pem"
    authority.write_bytes(signed(name, key, x509.BasicConstraints(ca=True, path_length=None)))
    own = ec.generate_private_key(ec.SECP256R1())
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
    held.write_bytes(own.private_bytes(*plain) + signed(whose, own, names))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(held)
    return context, authority
