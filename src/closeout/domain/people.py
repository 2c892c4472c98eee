"""People: names as documents write them, and their accounts on trackers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from closeout.domain.item import Stated, folded, names


@dataclass(frozen=True, slots=True)
class Person:
    """One entry of `[people]`: `accounts` are logins by the tracker's name; a `team` has no account, but a `label`."""

    name: str
    accounts: Mapping[str, str] = field(default_factory=dict)
    team: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """Everybody that `[people]` names. Only an `@login`, or an entry here, is an account; a bare name never is."""

    everybody: tuple[Person, ...] = ()

    def accounts(self, stated: Stated, tracker: str) -> str:
        """Return the accounts that an owner's cell names, joined by ", "."""
        found = (self._account(name, stated.text, tracker) for name in names(stated.value or ""))
        return ", ".join(dict.fromkeys(login for login in found if login))

    def unknown(self, stated: Stated, tracker: str) -> tuple[str, ...]:
        """Return the names that are neither an account nor a team."""
        return tuple(
            name
            for name in names(stated.value or "")
            if not self._account(name, stated.text, tracker) and not self._is_team(name)
        )

    def labels(self, stated: Stated) -> frozenset[str]:
        """Return the labels of the teams that a cell names."""
        found = (self._of(name) for name in names(stated.value or ""))
        return frozenset(person.label for person in found if person and person.team and person.label)

    def has_team(self, stated: Stated) -> bool:
        """Tell whether a cell names a team; such a cell is never expanded."""
        return any(self._is_team(name) for name in names(stated.value or ""))

    def written(self, logins: str, stated: Stated, tracker: str) -> str:
        """Return owners as the document names them: an account by its entry's name, else `@login`, behind the names that
        have no account, which stay.
        """
        kept = self.unknown(stated, tracker)
        by_login = {
            person.accounts[tracker].casefold(): person.name for person in self.everybody if tracker in person.accounts
        }
        return ", ".join([*kept, *(by_login.get(login.casefold(), f"@{login}") for login in names(logins))])

    def _account(self, name: str, text: str, tracker: str) -> str:
        person = self._of(name)
        if person is not None:
            return "" if person.team else person.accounts.get(tracker, "")
        return name if f"@{name}" in text and "/" not in name else ""

    def _is_team(self, name: str) -> bool:
        person = self._of(name)
        return (person is not None and person.team) or (person is None and "/" in name)

    def _of(self, name: str) -> Person | None:
        return next((person for person in self.everybody if folded(person.name) == folded(name)), None)


def restricted(logins: str, assignable: Iterable[str] | None) -> tuple[str, tuple[str, ...]]:
    """Return (the logins that can be assigned, those that cannot); None for a tracker that takes anybody."""
    if assignable is None:
        return logins, ()
    known = {login.casefold() for login in assignable}
    fine = [login for login in names(logins) if login.casefold() in known]
    return ", ".join(fine), tuple(login for login in names(logins) if login.casefold() not in known)
