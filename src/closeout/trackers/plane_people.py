"""Who is who in a Plane project: work items name people by ids, documents by the name or the address they have there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from closeout.domain.item import names, visible
from closeout.hosts.plane_replies import Member


@dataclass(frozen=True, slots=True)
class Crew:
    """People by id, and ids by what they may be called, in lower case."""

    called: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)

    def spoken(self, ids: Iterable[str]) -> str:
        """Return the names of people who are known, joined by ", "."""
        return ", ".join(self.called[one] for one in ids)

    def found(self, value: str) -> list[str]:
        """Return the ids of those whom a value names, and who can be assigned."""
        return list(dict.fromkeys(self.ids[name.casefold()] for name in names(value) if name.casefold() in self.ids))

    def wider(self, others: Sequence[Member]) -> Crew:
        """Return it with the names of people who cannot be assigned, and were."""
        return Crew({**crew(others, frozenset()).called, **self.called}, self.ids)


def crew(members: Sequence[Member], accounts: frozenset[str]) -> Crew:
    """Return who is who among the members of a project.

    Everybody is known by the display name, if no other has it and it can be told in a list, and by the e-mail address.
    The address is what a member is called where it is among `accounts`, the names that the configuration uses, or where
    the display name cannot be.
    """
    ids: dict[str, str] = {}
    called: dict[str, str] = {}
    told = {account.casefold() for account in accounts}
    shown = [one.display_name.casefold() for one in members]
    addresses = {(one.email or "").casefold() for one in members}
    for one in members:
        name, mail = one.display_name, (one.email or "").strip()
        taken = shown.count(name.casefold()) > 1 or name.casefold() in addresses - {mail.casefold()}
        plain = bool(name) and not taken and names(name) == (name,) and visible(name) == name
        if mail and names(mail) == (mail,):
            ids[mail.casefold()] = one.id
        if plain:
            ids[name.casefold()] = one.id
        by_mail = mail.casefold() in ids and (not plain or mail.casefold() in told)
        called[one.id] = mail if by_mail else name if plain else one.id
    return Crew(called, ids)
