"""Where a GitHub is: the address that people use, and the one that programs use."""

from __future__ import annotations

from urllib.parse import urlsplit

from closeout.errors import ConfigurationError

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def addresses(url: str, api: str = "") -> tuple[str, str]:
    """Return where people and where programs find a GitHub; `api` is told by runners, and else follows from `url`.

    Raises ConfigurationError for an address that is none, or that would send the token in the clear.
    """
    web, path = _place(url)
    if api:
        return web, "".join(_place(api))
    host = web.removeprefix("https://").removeprefix("www.").removeprefix("api.")
    if host == "github.com" or host.endswith(".ghe.com"):
        return f"https://{host}", f"https://api.{host}"
    return web + path.removesuffix("/api/v3"), f"{web}{path.removesuffix('/api/v3')}/api/v3"


def _place(url: str) -> tuple[str, str]:
    """The host of an address with its scheme, and its path."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ({"https", "http"} if host in _LOOPBACK else {"https"}) or not host or "@" in parts.netloc:
        message = f"{host or 'GitHub'}: could not use this address: it must be https://HOST. Correct the tracker's url"
        raise ConfigurationError(message)
    return f"{parts.scheme}://{parts.netloc.lower()}", parts.path.rstrip("/")
