"""Which token may be shown to which host, where the configuration may be somebody else's than the tokens."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlsplit

from closeout.errors import UndeclaredError
from closeout.settings.keys import Settings
from closeout.settings.kinds import KINDS
from closeout.settings.tracking import Tracker

Pairs = frozenset[tuple[str, str]]  # a host's address, and what opens it there: never the secret, but where it is kept
_ADDRESS = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?(?:/[a-z0-9._~/-]*)?", re.I)
_USUAL = {"http": "80", "https": "443"}
JOBS_APP = "the App of the job"
_VARIABLE = "ONE_RUN_OPENS"
_ONLY: ContextVar[Pairs | None] = ContextVar("only", default=None)


def opener(told: Tracker, kind: str) -> str:
    """Return what opens a tracker, in a few words: where its token or its key is kept."""
    if told.app_id:
        return f"the App {told.app_id} with {told.app_key_file}"
    return told.token_file or told.token_env or KINDS[kind].token_env


def place(address: str) -> str:
    """Return the host of an address with its scheme and its port; empty for one that two readers could take for two."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return ""
    scheme, port = found[1].lower(), found[3] or ""
    return f"{scheme}://{found[2].lower()}" + (f":{port}" if port and port != _USUAL[scheme] else "")


def declared(settings: Settings, here: Iterable[str] = ()) -> Pairs:
    """Return what opens which host by a configuration: as its trackers say, else each kind's own variable its shared hosts,
    and the hosts of the addresses `here`.
    """
    described = _described(settings)
    taken = {what for _, what in described}
    usual = {(f"https://{host}", kind.token_env) for kind in KINDS.values() for host in kind.hosts}
    shared = {server for server, _ in usual}
    own = {found for one in here if (found := place(one)) and found not in shared}
    usual |= {(server, kind.token_env) for server in own for kind in KINDS.values()}
    return frozenset({*described, *(pair for pair in usual if pair[1] not in taken)})


def _described(settings: Settings) -> Pairs:
    def pairs() -> Iterator[tuple[str, str]]:
        for name, told in settings.trackers.items():
            kind = KINDS.get(told.kind or name)
            if kind is not None:
                where = told.url or (f"https://{kind.hosts[0]}" if kind.hosts else "")
                yield place(where.rstrip("/")), opener(told, told.kind or name)

    return frozenset(pair for pair in pairs() if pair[0])


@contextmanager
def only(pairs: Pairs | None) -> Iterator[None]:
    """Within this, trackers are opened only as declared; None: as whoever wrote the configuration likes."""
    before = _ONLY.set(pairs)
    try:
        yield
    finally:
        _ONLY.reset(before)


def check(name: str, server: str, what: str) -> None:
    """Raise UndeclaredError where what opens a tracker was not declared for its host."""
    pairs = _ONLY.get()
    if pairs is None or (place(server), what) in pairs:
        return
    host = urlsplit(server).hostname or server
    message = (
        f"[trackers.{name}]: could not be opened: nobody who has the tokens said that {what} may be shown to {host}. "
        f"That is said below [trackers] in the configuration of whoever runs closeout: the daemon's own, or, of a pull "
        f"request, that of the branch that it goes to"
    )
    raise UndeclaredError(message)


def handed_on(pairs: Pairs) -> Mapping[str, str]:
    """Return the variables by which another process knows it."""
    return {_VARIABLE: json.dumps(sorted(pairs))}


def handed_over() -> Pairs | None:
    """Return what this process was handed on; None for nothing."""
    told = os.environ.get(_VARIABLE)  # noqa: TID251 - settings alone read the environment
    return None if told is None else frozenset((str(server), str(what)) for server, what in json.loads(told))
