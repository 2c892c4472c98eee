"""The way out of this network: the proxy to a host, and whom to trust on the way, as the environment says for everybody."""

from __future__ import annotations

import re
import ssl
from functools import cache
from urllib.parse import urlsplit
from urllib.request import getproxies

from closeout.errors import ConfigurationError

UNTRUSTED = "its certificate is not trusted; SSL_CERT_FILE names the file of those that are"
_SCHEMES = ("http", "https")


def proxy(url: str) -> str:
    """Return the address of the proxy to a host, with the name and the password that it wants; empty without one.

    Raises ConfigurationError, which holds none of these, for an address that cannot be used.
    """
    if not getproxies():
        return ""
    from requests.utils import get_environ_proxies, select_proxy  # noqa: PLC0415 - who is told of no proxy needs none

    found = select_proxy(url, get_environ_proxies(url)) or ""
    if found and "://" not in found:
        found = f"http://{found}"
    if found and not _usable(found):
        message = (
            f"the proxy {shown(found)}: could not be used: its address must be http://HOST:PORT or https://HOST:PORT, and "
            "@ : and / in a password are written as %40 %3A %2F. Correct HTTPS_PROXY"
        )
        raise ConfigurationError(message)
    return found


def shown(address: str) -> str:
    """Return where a proxy is, without name and password."""
    return re.sub(r"[^\w.:\[\]-]+", "", address.rpartition("@")[2].rpartition("://")[2].partition("/")[0])[:200] or "?"


def hindered(error: Exception, by: str) -> str:
    """Say why no connection came about, in words without an address of ours; `by` is the proxy, if there is one."""
    if not by:
        return "no connection"
    wants = ": it wants another name or password" if re.search(r"\b407\b", str(error)) else ""
    return f"no connection through the proxy {shown(by)}{wants}"


@cache
def trusted() -> ssl.SSLContext:
    """Return whom we trust: reading that takes longer than a request, and it is the same for every host.

    Raises ConfigurationError where a variable names a file that is none.
    """
    import httpx  # noqa: PLC0415 - GitHub is reached without it

    try:
        return httpx.create_ssl_context()
    except OSError:
        raise untrusting() from None


def untrusting() -> ConfigurationError:
    """Return the error of a file of certificates that cannot be read."""
    return ConfigurationError(
        "SSL_CERT_FILE: could not be used: it, or REQUESTS_CA_BUNDLE, names no file of certificates. Name one in PEM form"
    )


def _usable(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
