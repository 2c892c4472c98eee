"""Who can own an issue of a GitLab project: members by name, as they are assigned by id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from closeout.hosts.gitlab import GitLab
from closeout.hosts.gitlab_replies import Account

_GUEST = 10  # the least that lets somebody be assigned


@dataclass
class People:
    """The members of the project with this id, asked for once."""

    host: GitLab
    project: int
    _found: Mapping[str, Account] | None = field(default=None, repr=False)

    @property
    def by_name(self) -> Mapping[str, Account]:
        """Those who can be assigned, by their names in lower case."""
        if self._found is None:
            listed = self.host.members(self.project)
            able = [one for one in listed if one.state == "active" and one.access_level >= _GUEST]
            self._found = {one.username.lower(): one for one in able}
        return self._found

    def able(self, logins: Sequence[str], there: Sequence[Account] = ()) -> list[Account]:
        """Return those who can be assigned, or are `there`: the others would be dropped without a word."""
        if not logins:
            return []
        known = {**self.by_name, **{one.username.lower(): one for one in there}}
        return [known[login.lower()] for login in logins if login.lower() in known]
