"""A summary as templates see it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from closeout.domain.report.rows import Case, Mark, Tracked
from closeout.domain.report.summary import Group, Month, Summary, Theme
from closeout.render.report.escaping import escaped, linked
from closeout.render.report.lists import address, ages, groups, late, lists, months, span, ticket, waiting
from closeout.render.report.shown import Alike, Figure, Remark, Row, Share, Span, Stretch
from closeout.render.report.words import Words

_LOGIN = re.compile(r"[A-Za-z0-9](?:[\w.-]*\w)?", re.ASCII)
_SHORT = 40  # characters of what is a word or two, as a rule
FIGURES = (
    "overdue", "due_soon", "without_owner", "without_date", "status_unknown", "held", "clashing", "drifting",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """A summary with the words that it is told in; `mentions` are the logins that may be mentioned."""

    summary: Summary
    words: Words
    mentions: frozenset[str] = frozenset()

    def variables(self) -> Mapping[str, object]:
        """Return what every template sees."""
        one, words, scope = self.summary, self.words, self.summary.scope
        narrowed = (("team", scope.team), ("owner", scope.owner), ("severity", scope.severity))
        return {
            "as_of": one.as_of,
            "before_day": scope.period.first - timedelta(days=1),
            "period": words.period(scope.period),
            "scope": [words.say(f"scope.{key}", name=escaped(name)) for key, name in narrowed if name],
            "repository": escaped(one.repository),
            "tracked": one.tracked,
            "closings": one.closings(),
            "counts": one.counts,
            "before": one.before,
            "figures": list(self.figures()),
            "changed": self.changed("open"),
            "ages": one.ages,
            "to_close": one.to_close,
            "undated": one.undated,
        }

    def figures(self) -> Iterator[Figure]:
        """Yield the counts that are not zero, and were not."""
        for name in FIGURES:
            count, before = getattr(self.summary.counts, name), self._before(name)
            if count or before:
                yield Figure(name.replace("_", "-"), count, self.changed(name))

    def changed(self, name: str) -> str:
        """Return by how many a count changed since the period began; empty where it did not, or nobody knows."""
        before, now = self._before(name), getattr(self.summary.counts, name)
        return "" if before in {None, now} else self.words.change(now - (before or 0))

    def _before(self, name: str) -> int | None:
        return None if self.summary.before is None else int(getattr(self.summary.before, name))

    def rows(self, items: Sequence[Tracked], *, aloud: bool = False) -> tuple[Row, ...]:
        """Return items as rows; owners are mentioned where that is asked for and allowed."""
        return tuple(self._row(item, aloud) for item in items)

    def _row(self, item: Tracked, aloud: bool) -> Row:  # noqa: FBT001 - as it was asked for
        words, case = self.words, self.summary.cases[item.case]
        age = item.age(self.summary.as_of)
        return Row(
            title=linked(escaped(item.title), address(item)),
            ticket=escaped(ticket(item), _SHORT),
            owners=self._owners(item, aloud),
            teams=words.listed(map(escaped, item.teams)),
            due=words.day(item.due) if item.due else "",
            age=words.age(age) if age is not None else "",
            closed=words.day(item.closed) if item.closed else "",
            overdue=item.open and item.due is not None and item.due < self.summary.as_of,
            unknown=item.status is None,
            incident=self.incident(case),
            severity=escaped(case.severity, _SHORT),
            reason=escaped(item.reason),
            by=escaped(item.by),
            marks=tuple(mark.value for mark in Mark if mark in item.marks),
        )

    def _owners(self, item: Tracked, aloud: bool) -> str:  # noqa: FBT001
        called = [login for login in item.logins if aloud and login in self.mentions and _LOGIN.fullmatch(login)]
        names = list(map(escaped, item.owners))
        if len(item.logins) == len(names):
            names = [f"@{login}" if login in called else name for name, login in zip(names, item.logins, strict=True)]
            called = []
        return self.words.listed([*names, *(f"@{login}" for login in called)])

    def incident(self, case: Case) -> str:
        """Return an incident's name as a link to its document."""
        name = " ".join(filter(None, (escaped(case.id), escaped(case.title)))) or escaped(case.path)
        return linked(name, case.address)

    def _named(self, case: Case) -> str:
        return " · ".join(filter(None, (escaped(case.severity, _SHORT), self.incident(case))))

    def sections(self) -> Mapping[str, Sequence[Any]]:
        """Return what there is to tell by section, in the order in which it is told; all but the head, which has no list."""
        one = self.summary
        return {
            "notes": [escaped(told, 500) for _, told in one.notes],
            **{name: self.rows(items, aloud=name == "overdue") for name, items in lists(one).items()},
            "late": [Remark(self._named(case), told) for case, told in late(one, self.words)],
            "waiting": [Remark(_place(wait.address), told) for wait, told in waiting(one, self.words)],
            "all": self._all(),
            "ages": [Span(span(bucket, self.words), bucket.open) for bucket in ages(one)],
            **{name: self._shares(found) for name, found in groups(one).items()},
            "months": list(map(self._month, months(one))),
            "themes": list(map(self._theme, one.themes)),
        }

    def _all(self) -> tuple[Row, ...]:
        """All open items, incident by incident, the one with the oldest first."""
        found: dict[int, list[Tracked]] = {}
        for item in self.summary.open:
            found.setdefault(item.case, []).append(item)
        return self.rows([item for items in found.values() for item in items])

    def _shares(self, groups: Sequence[Group]) -> list[Share]:
        return [
            Share(
                escaped(group.name, 2 * _SHORT) if group.case is None else self._named(self.summary.cases[group.case]),
                group.open,
                group.overdue,
                group.done,
                group.declined,
                "" if group.oldest is None else self.words.days(group.oldest),
            )
            for group in groups
        ]

    def _month(self, month: Month) -> Stretch:
        words = self.words
        completed = words.share(month.completed, month.opened - month.declined)
        on_time = words.share(month.on_time, month.due)
        return Stretch(words.month(month.name), month.opened, month.closed, month.open, completed, on_time)

    def _theme(self, theme: Theme) -> Alike:
        likeness = self.words.share(theme.likeness, 100) if theme.likeness < 100 else ""
        name = self.words.listed(map(escaped, theme.words))
        causes = (Remark(self.incident(self.summary.cases[one.case]), escaped(one.text)) for one in theme.causes)
        return Alike(name, likeness, len(theme.cases), self.rows(theme.items), theme.of.value, tuple(causes))


def _place(there: str) -> str:
    return linked(escaped(there.partition("://")[2] or there), there)
