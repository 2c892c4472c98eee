"""Who gets a digest, and at which address: those who are named, and everybody in `[people]` by one pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from closeout.channels.chat import Chat
from closeout.domain.item import folded
from closeout.domain.people import Person
from closeout.errors import ConfigurationError

EVERYBODY = "*"
_PLACE = "{login}"
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets a digest: their name, their accounts, and what brings it."""

    name: str
    accounts: frozenset[str]
    chat: Chat


def readers(told: Mapping[str, str], people: Iterable[Person], secret: Callable[[str], str]) -> Iterator[Reader]:
    """Yield everybody who may get a digest, each once.

    `told` are references by name, `secret` returns what one leads to. Nobody gets one whom a document alone names: by the
    pattern only people with an account get it, never teams.
    """
    known = {folded(person.name): person for person in people}
    for name, reference in told.items():
        if name != EVERYBODY:
            person = known.pop(folded(name), None)
            accounts = frozenset(person.accounts.values()) if person else frozenset[str]()
            yield Reader(name, accounts, Chat(reference, partial(secret, reference)))
    if pattern := told.get(EVERYBODY):
        for person in known.values():
            login = next(iter(person.accounts.values()), "")
            if not person.team and _LOGIN.fullmatch(login):
                chat = Chat(f"{pattern} for {person.name}", partial(_filled_in, secret, pattern, login))
                yield Reader(person.name, frozenset(person.accounts.values()), chat)


def _filled_in(secret: Callable[[str], str], pattern: str, login: str) -> str:
    """Return the address of one account. Raises ConfigurationError for one that would be everybody's."""
    found = secret(pattern)
    if _PLACE not in found:
        message = (
            f"{pattern}: could not send a digest: it holds no {_PLACE}, so that one address would get everybody's. Write "
            f"{_PLACE} where the account goes"
        )
        raise ConfigurationError(message)
    return found.replace(_PLACE, login)
