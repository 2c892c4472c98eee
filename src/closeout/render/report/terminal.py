"""A report for a terminal: lines of texts and bars, as data; who prints them gives them colours, and need not.

Numbers stand beside every bar, and what is odd about an item is said in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, islice

from closeout.domain.item import visible
from closeout.domain.report.rows import Case, Mark, Tracked
from closeout.domain.report.summary import Group, Summary
from closeout.render.report.escaping import quiet
from closeout.render.report.lists import address, ages, groups, late, lists, months, span, ticket, waiting
from closeout.render.report.screen import Line, Piece, Screen, Tone, bar, cut, width, within, wrapped
from closeout.render.report.view import FIGURES
from closeout.render.report.words import Words

MOST = 8  # lines of a list; what else there is, is counted
_MEMBERS = 3  # of a theme
_BAR, _TICKET = 24, 20  # cells


def lines(summary: Summary, words: Words, screen: Screen) -> Iterator[Line]:
    """Yield the report line by line; none is wider than the screen, from 40 cells on."""
    for line in _Terminal(summary, words, screen).lines():
        yield within(line, screen)


@dataclass(frozen=True, slots=True)
class _Terminal:
    summary: Summary
    words: Words
    screen: Screen

    def lines(self) -> Iterator[Line]:
        one = self.summary
        yield from self._head()
        listed = lists(one)
        if not (listed["overdue"] or listed["oldest"] or listed["soon"]):  # nothing has a date, so nothing comes first
            yield from self._items("all", one.open)
        for name, items in listed.items():
            yield from self._items(name, items)
            if name == "done" and items:
                yield from self._closing()
        yield from self._remarks()
        yield from self._bars("ages", [(span(bucket, self.words), bucket.open, "") for bucket in ages(one)])
        for name, found in groups(one).items():
            yield from self._bars(name, map(self._group, found))
        yield from self._months()
        yield from self._themes()

    def _head(self) -> Iterator[Line]:
        one, words = self.summary, self.words
        scope = (("team", one.scope.team), ("owner", one.scope.owner), ("severity", one.scope.severity))
        told = [words.period(one.scope.period)]
        told += [words.say(f"scope.{key}", name=visible(name)) for key, name in scope if name]
        yield (Piece(words.say("title"), Tone.TITLE), Piece(f" · {' · '.join(told)}", Tone.DIM))
        for _, note in one.notes:
            yield from self._prose(f"{words.say('headings.notes')}: {visible(note)}", Tone.STRONG)
        if not one.tracked:
            yield from self._prose(words.say("documents-only"), Tone.STRONG)
        yield ()
        names = ("open", *FIGURES)
        now = {name: getattr(one.counts, name) for name in names}
        before = {name: getattr(one.before, name) if one.before else None for name in names}
        shown = [name for name in names if name == "open" or now[name] or before[name]]
        rows = [
            (words.say(f"labels.{name.replace('_', '-')}"), now[name], self._changed(now[name], before[name]))
            for name in shown
        ]
        yield from self._table(rows)
        if one.ages.median is not None and one.ages.p90 is not None:
            told_ages = words.say("ages.known", median=words.days(one.ages.median), most=words.days(one.ages.p90))
            yield from self._prose(told_ages, Tone.DIM, "  ")
        if one.before:
            first = one.scope.period.first
            yield from self._prose(
                words.say("changes", day=words.day(first.fromordinal(first.toordinal() - 1))), Tone.DIM, "  "
            )

    def _changed(self, now: int, before: int | None) -> str:
        return "" if before in {None, now} else self.words.change(now - (before or 0))

    def _table(self, rows: Sequence[tuple[str, int, str]]) -> Iterator[Line]:
        """Names, counts, what is told of each, and bars."""
        if not rows:
            return
        names = min(max(width(name) for name, _, _ in rows), self.screen.room // 2)
        counts = max(len(self.words.number(count)) for _, count, _ in rows)
        told = max(width(more) for _, _, more in rows)
        cells = max(min(_BAR, self.screen.room - names - counts - told - 8), 4)
        most = max(count for _, count, _ in rows)
        for name, count, more in rows:
            label = cut(name, names)
            label += " " * (names - width(label))
            drawn = bar(count, most, cells, ascii_=self.screen.ascii)
            number = self.words.number(count).rjust(counts)
            beside = " " * (told - width(more)) + more
            pieces = (Piece(f"  {label}  "), Piece(number, Tone.STRONG), Piece(f"  {beside}" if told else "", Tone.DIM))
            yield (*pieces, Piece(f"  {drawn}" if drawn else "", Tone.BAR))

    def _heading(self, name: str, count: int = 0) -> Iterator[Line]:
        yield ()
        yield (
            Piece(
                self.words.say(f"headings.{name}") + (f" ({self.words.number(count)})" if count else ""), Tone.HEADING
            ),
        )

    def _items(self, name: str, items: Sequence[Tracked]) -> Iterator[Line]:
        if not items:
            return
        yield from self._heading(name, len(items))
        for item in islice(items, MOST):
            link = visible(address(item)) if quiet(address(item)) else ""
            called = cut(ticket(item), _TICKET)
            room = self.screen.room - 2 - (width(called) + 2 if called else 0)
            title = cut(visible(item.title), room)
            gap = " " * (room - width(title) + 2)
            end = (Piece(gap), Piece(called, Tone.DIM, link)) if called else ()
            yield (Piece("  "), Piece(title, Tone.PLAIN, link), *end)
            facts, incident = tuple(self._facts(name, item)), self._incident(item)
            if 4 + sum(width(piece.text) for piece in facts) + 3 + width(incident) <= self.screen.room:
                yield (Piece("    "), *facts, Piece(f" · {incident}", Tone.DIM))
            else:
                yield (Piece("    "), *facts)
                yield (Piece(f"    {incident}", Tone.DIM),)
        yield from self._more(len(items) - MOST)

    def _closing(self) -> Iterator[Line]:
        words, took = self.words, self.summary.to_close
        if took.median is not None and took.p90 is not None:
            told = words.say("closing.known", median=words.days(took.median), most=words.days(took.p90))
            yield from self._prose(told, Tone.DIM, "  ")
        if self.summary.undated:
            yield from self._prose(words.say("rows.undated", count=self.summary.undated), Tone.DIM, "  ")

    def _prose(self, text: str, tone: Tone, before: str = "") -> Iterator[Line]:
        for part in wrapped(text, self.screen.room - len(before)):
            yield (Piece(before + part, tone),)

    def _facts(self, name: str, item: Tracked) -> Iterator[Piece]:
        words, today = self.words, self.summary.as_of
        late = item.open and item.due is not None and item.due < today
        age = item.age(today)
        facts = [(", ".join(map(visible, item.owners)) or words.say("rows.no-owner"), Tone.STRONG)]
        if name == "odd":
            facts = [(words.say(f"marks.{mark.value}"), Tone.LATE) for mark in Mark if mark in item.marks]
        elif name == "declined":
            by = f" ({visible(item.by)})" if item.by else ""
            facts = [((visible(item.reason) or words.say("rows.no-reason")) + by, Tone.STRONG)]
        elif item.open and item.due:
            facts.append((words.say("rows.due", day=words.day(item.due)), Tone.LATE if late else Tone.PLAIN))
        if age is not None and name not in {"odd", "declined"}:
            key = "rows.open-for" if item.open else "rows.took"
            facts.append((words.say(key, age=words.age(age)), Tone.PLAIN if item.open else Tone.DONE))
        for number, (text, tone) in enumerate(fact for fact in facts if fact[0]):
            yield Piece(f" · {text}" if number else text, tone)

    def _incident(self, item: Tracked) -> str:
        case = self.summary.cases[item.case]
        return " · ".join(filter(None, (visible(case.severity), _called(case))))

    def _more(self, left: int, indent: str = "  ") -> Iterator[Line]:
        if left > 0:
            yield (Piece(f"{indent}{self.words.say('rows.more', count=left)}", Tone.DIM),)

    def _remarks(self) -> Iterator[Line]:
        one, words = self.summary, self.words
        yield from self._pairs("late", [(_called(case), told, "") for case, told in late(one, words)])
        waits = [(visible(wait.address), told) for wait, told in waiting(one, words)]
        yield from self._pairs("waiting", [(place, told, place if quiet(place) else "") for place, told in waits])

    def _pairs(self, name: str, told: Sequence[tuple[str, str, str]]) -> Iterator[Line]:
        if not told:
            return
        yield from self._heading(name, len(told))
        for what, text, link in told[:MOST]:
            yield (Piece("  "), Piece(what, Tone.PLAIN, link))
            yield from self._prose(text, Tone.DIM, "    ")
        yield from self._more(len(told) - MOST)

    def _group(self, group: Group) -> tuple[str, int, str]:
        name = visible(group.name) if group.case is None else _called(self.summary.cases[group.case])
        late = self.words.say("figures.overdue", count=group.overdue) if group.overdue else ""
        return name or self.words.say("columns.none"), group.open, late

    def _bars(self, name: str, rows: Iterable[tuple[str, int, str]]) -> Iterator[Line]:
        told = list(rows)
        if told:
            yield from self._heading(name)
            yield from self._table(told[:MOST])
            yield from self._more(len(told) - MOST)

    def _months(self) -> Iterator[Line]:
        words = self.words
        if not months(self.summary):
            return
        yield from self._heading("months")
        told = (True, self.summary.closings(), True, True, self.summary.closings())
        heads = [words.say(f"columns.{key}") for key in ("opened", "closed", "open", "completion", "on-time")]
        rows = [["", *compress(heads, told)]]
        for month in self.summary.months:
            counts = [words.number(count) for count in (month.opened, month.closed, month.open)]
            rates = [words.share(month.completed, month.opened - month.declined), words.share(month.on_time, month.due)]
            rows.append([words.month(month.name), *compress([*counts, *rates], told)])
        widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
        for number, row in enumerate(rows):
            first, *cells = [" " * (room - width(cell)) + cell for cell, room in zip(row, widths, strict=True)]
            yield (Piece(f"  {'  '.join((first, *cells))}", Tone.PLAIN if number else Tone.DIM),)

    def _themes(self) -> Iterator[Line]:
        words = self.words
        if not self.summary.themes:
            return
        yield from self._heading("themes", len(self.summary.themes))
        for theme in self.summary.themes[:MOST]:
            told = [(one.case, one.title) for one in theme.items] + [(one.case, one.text) for one in theme.causes]
            found = words.say(f"themes.{theme.of.value}", count=len(told))
            cases = words.say("themes.incidents", count=len(theme.cases))
            key = "themes.alike" if theme.likeness < 100 else "themes.same"
            alike = words.say(key, likeness=words.share(theme.likeness, 100))
            name = words.listed(map(visible, theme.words))
            yield (Piece(f"  {name}", Tone.STRONG), Piece(f" · {found} · {cases} · {alike}", Tone.DIM))
            yield from (self._member(*one) for one in told[:_MEMBERS])
            yield from self._more(len(told) - _MEMBERS, "    ")
        yield from self._more(len(self.summary.themes) - MOST)

    def _member(self, case: int, text: str) -> Line:
        id_ = cut(visible(self.summary.cases[case].id), _TICKET)
        tail = f" · {id_}" if id_ else ""
        return (Piece(f"    {cut(visible(text), self.screen.room - 4 - width(tail))}"), Piece(tail, Tone.DIM))


def _called(case: Case) -> str:
    return " ".join(filter(None, (visible(case.id), visible(case.title)))) or visible(case.path)
