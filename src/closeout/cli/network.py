"""The variables of proxies and certificates, of which each program and each library reads its own spelling: all are told."""

from __future__ import annotations

import os

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_TRUSTED = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def tell_all() -> None:
    """Let each variable that is set be known by its other names: of a proxy in small and in capital letters, where the
    small ones win, as git reads `http_proxy` alone; of the certificates for what is written in Python. Git's own file
    of certificates stays git's: many an environment names one that was never meant for it.
    """
    told = os.environ  # noqa: TID251 - before anything is loaded that reads them
    for name in _PROXIES:
        said = [told[one] for one in (name, name.upper()) if one in told]
        if said:
            told[name] = told[name.upper()] = said[0]
    files = [told[name] for name in _TRUSTED if told.get(name)]
    for name in _TRUSTED if files else ():
        told[name] = told.get(name) or files[0]
