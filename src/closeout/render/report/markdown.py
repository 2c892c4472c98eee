"""A report as Markdown: whole, or as much of it as fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from closeout.domain.report.summary import Summary
from closeout.render.report.templating import ENDING, Templates
from closeout.render.report.view import View
from closeout.render.report.words import Words

HEAD, FOOT = "head", "foot"
# what gets shorter, and then goes, where there is no room
LEAST_FIRST = (
    "themes", "months", "severities", "ages", "owners", "teams", "incidents", "all", "waiting", "late", "odd", "declined",
    "soon", "done", "oldest", "notes", "overdue",
)  # fmt: skip
_TOGETHER, _EACH = (100, 30, 10), (5, 3, 1, 0)  # lines: every list is this short before one of them gets shorter still
Measure = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Told:
    """How a report is told: in which words, by which templates, and which logins may be mentioned.

    `place` is where the whole of it is, as an address or in Markdown, for what has no room.
    """

    words: Words
    templates: Templates = field(default_factory=Templates)
    mentions: frozenset[str] = frozenset()
    place: str = ""


def as_markdown(summary: Summary, told: Told) -> str:
    """Return the whole report. ConfigurationError: one of a team's templates cannot be used."""
    return _page(summary, told).text({}) + "\n"


def fitted(summary: Summary, told: Told, limit: int, measure: Measure = len) -> str:
    """Return as much of the report as `measure` finds within `limit`.

    First every list gets shorter, then one section after the other, in the order of LEAST_FIRST, until it is gone; what
    has gone is named at the end. The more room, the more is told. ConfigurationError: as for the whole report.
    ValueError: not even the head has room.
    """
    page = _page(summary, told)
    for most in _ever_shorter({name: len(rows) for name, rows in page.sections.items()}):
        text = page.text(most) + "\n"
        if measure(text) <= limit:
            return text
    for text in (f"{page.head}\n\n{page.foot([])}".rstrip() + "\n", f"{page.head}\n"):
        if measure(text) <= limit:
            return text
    message = f"the head of a report takes {measure(page.head) + 1}, there is room for {limit}"
    raise ValueError(message)


def _ever_shorter(lengths: Mapping[str, int]) -> Iterator[Mapping[str, int]]:
    """Yield how many lines each section may have at most, ever fewer."""
    steps = [(name, most) for most in _TOGETHER for name in LEAST_FIRST]
    steps += [(name, most) for name in LEAST_FIRST for most in _EACH]
    allowed: dict[str, int] = {}
    yield {}
    for name, most in steps:
        if most < lengths[name]:
            allowed[name] = most
            yield dict(allowed)


@dataclass(frozen=True, slots=True)
class _Page:
    """The sections, each made once for each of its lengths."""

    told: Told
    variables: Mapping[str, object]
    sections: Mapping[str, Sequence[Any]]
    made: dict[tuple[str, int], str] = field(default_factory=dict)

    @property
    def head(self) -> str:
        return self.section(HEAD, 0)

    def text(self, most: Mapping[str, int]) -> str:
        """The report, with so many lines in each section at most; all of them in those that are not named."""
        parts = [self.head]
        parts += [self.section(name, most.get(name, len(rows))) for name, rows in self.sections.items()]
        gone = [name for name in self.sections if most.get(name) == 0]
        return "\n\n".join(part for part in [*parts, self.foot(gone, cut=bool(most))] if part)

    def section(self, name: str, most: int) -> str:
        if (name, most) not in self.made:
            rows = self.sections.get(name, ())
            wanted = name == HEAD or (rows and most)
            variables = {"name": name, "rows": rows[:most], "more": max(len(rows) - most, 0)}
            self.made[name, most] = self._render(variables) if wanted else ""
        return self.made[name, most]

    def foot(self, gone: Sequence[str], *, cut: bool = True) -> str:
        names = [self.told.words.say(f"headings.{name}") for name in gone]
        return self._render({"name": FOOT, "gone": names, "cut": cut, "place": self.told.place})

    def _render(self, variables: Mapping[str, object]) -> str:
        return self.told.templates.rendered(f"{variables['name']}{ENDING}", {**self.variables, **variables})


def _page(summary: Summary, told: Told) -> _Page:
    view = View(summary, told.words, told.mentions)
    sections = view.sections()
    return _Page(told, {**variables(view), "sections": sections}, sections)


def variables(view: View) -> Mapping[str, object]:
    """Return what every template can use, but for `sections` and what is its own: `name`, `rows` and `more`."""
    words = view.words
    functions = (words.number, words.change, words.share, words.day, words.days, words.hours, words.age, words.listed)
    return {"t": words.say, **{one.__name__: one for one in functions}, **view.variables()}
