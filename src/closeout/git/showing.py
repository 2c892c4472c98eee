"""How git shows a secret to one host, and to nobody else."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Mapping

_PAIR = ((0, "KEY"), (1, "VALUE"))
# who logs in, up to the last @ before the path; where no port follows the colon there is a slash in the password
_SECRET = re.compile(r"(?<=://)(?:[^/\s]*@|[^/\s@]*:(?!\d*(?:[/'\s]|$))\S*@)")


def hidden(said: str) -> str:
    """Return a text whose addresses show nobody's name and password."""
    return _SECRET.sub("", said)


def showing_token(address: str, token: str, name: str = "x-access-token", *, alone: bool = False) -> Mapping[str, str]:
    """Return the variables by which git shows a token to one address; most hosts take any name beside it."""
    pair = b64encode(f"{name}:{token}".encode()).decode()
    return showing(address, f"Authorization: Basic {pair}", alone=alone)


def showing(address: str, header: str, *, alone: bool = False) -> Mapping[str, str]:
    """Return the variables by which git shows a header to one address alone, and follows it nowhere else: a secret in it
    stands in no argument, no address and no file. `alone`: instead of every header that was configured before.
    """
    count = int(os.environ.get("GIT_CONFIG_COUNT") or 0)  # noqa: TID251 - what is there already stays
    name = f"http.{address}.extraHeader"
    told = [*([(name, "")] if alone else []), (name, header), (f"http.{address}.followRedirects", "false")]
    rows = {f"GIT_CONFIG_{part}_{count + at}": row[index] for at, row in enumerate(told) for index, part in _PAIR}
    return {"GIT_CONFIG_COUNT": str(count + len(told)), **rows}
