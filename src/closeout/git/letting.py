"""What lets git in on its remote: asked for each time, since a token may end in the middle of a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class _Shown:
    """How the variables are had, and what they were when they were last asked for."""

    renewed: Callable[[], Mapping[str, str]]
    last: Mapping[str, str] = field(default_factory=dict)


_SHOWN: ContextVar[_Shown | None] = ContextVar("shown", default=None)


@contextmanager
def letting_in(renewed: Callable[[], Mapping[str, str]]) -> Iterator[None]:
    """Within this, every git that speaks with a remote gets variables, which are asked for just before it begins; the
    others get what was said last, since they may fetch what a partial clone left out.
    """
    before = _SHOWN.set(_Shown(renewed))
    try:
        yield
    finally:
        _SHOWN.reset(before)


def environment(ours: Mapping[str, str], *, far: bool) -> dict[str, str]:
    """Return the variables of a git: this process's, what lets it in, and `ours`; `far` if it speaks with a remote."""
    shown = _SHOWN.get()
    if shown is not None and far:
        shown.last = shown.renewed()
    # its messages are English; git's own variables reach it
    return {"GIT_TERMINAL_PROMPT": "0", **os.environ, **(shown.last if shown else {}), "LC_ALL": "C", **ours}  # noqa: TID251
