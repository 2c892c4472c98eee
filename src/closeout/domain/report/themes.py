"""Themes: items that come back in several incidents, by the likeness of their titles alone; no text leaves the machine.

Two titles are compared by their telling words: those that are not in `common`, which every list of follow-ups is full
of. How alike two are is the mean of two likenesses of rapidfuzz: of the sorted words, and of the sets of words, which
forgives a title for going on where the other ends. Titles that are at least `ALIKE` and of different incidents belong
together, and so do those that a chain of such pairs joins.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rapidfuzz import fuzz, process

from closeout.domain.item import folded
from closeout.domain.report.rows import Tracked
from closeout.domain.report.summary import Theme

ALIKE = 75  # of 100: below it most pairs of real postmortems share no more than a verb and a noun
MOST = 20  # themes that are told of, the ones of most incidents first
_TOLD = 5  # words of a theme
_ASKED = 4  # rare words of a title by which others are looked for
_RARE = 100  # titles: what more of them have tells none of them from the others
_FEWEST = 2  # telling words of a title that is compared; one of a single word must be the same
_LONGEST = 300  # characters of a title that are compared
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")  # scripts without blanks between words
Words = tuple[str, ...]


def themes(items: Sequence[Tracked], common: frozenset[str] = frozenset()) -> tuple[Theme, ...]:
    """Return the themes, those of most incidents first; `common` are words, folded, that tell nothing."""
    alike: dict[Words, list[Tracked]] = defaultdict(list)
    for item in items:
        words = tuple(sorted({word for word in _words(item.title) if word not in common}))
        if words:
            alike[words].append(item)
    nodes = list(alike)
    joined = _Joined(len(nodes))
    for likeness, one, other in sorted(_pairs(nodes), key=lambda pair: (-pair[0], pair[1], pair[2])):
        if len({item.case for item in (*alike[nodes[one]], *alike[nodes[other]])}) > 1:
            joined.join(one, other, likeness)
    found = (_theme([nodes[number] for number in some], alike, likeness) for some, likeness in joined.groups())
    several = (theme for theme in found if len(theme.cases) > 1)
    return tuple(sorted(several, key=_weight)[:MOST])


def _weight(theme: Theme) -> tuple[int, int, int, Words]:
    return -len(theme.cases), -len(theme.items), -theme.likeness, theme.words


def _words(title: str) -> Iterator[str]:
    """Yield the words of a title; where a script has no blanks between them, every two signs that stand together."""
    for word in folded(title[:_LONGEST]).split():
        if _UNSPACED.search(word) is None:
            yield word
            continue
        for run in _UNSPACED.findall(word):
            yield from (run[at : at + 2] for at in range(max(len(run) - 1, 1)))
        yield from _UNSPACED.sub(" ", word).split()


def _pairs(nodes: Sequence[Words]) -> Iterator[tuple[int, int, int]]:
    """Yield (how alike, number, number) of the titles that are; each is only compared with those that share a rare word."""
    texts = [" ".join(words) for words in nodes]
    having: dict[str, list[int]] = defaultdict(list)
    for number, words in enumerate(nodes):
        if len(words) >= _FEWEST:
            for word in words:
                having[word].append(number)
    for number, words in enumerate(nodes):
        near = {other: texts[other] for other in _near(words, having) if other != number}
        for _, among, other in process.extract(
            texts[number], near, scorer=fuzz.token_set_ratio, limit=None, score_cutoff=ALIKE
        ):
            likeness = int(among + fuzz.ratio(texts[number], texts[other])) // 2
            if likeness >= ALIKE:
                yield likeness, min(number, other), max(number, other)


def _near(words: Words, having: Mapping[str, Sequence[int]]) -> set[int]:
    rare = sorted((word for word in words if len(having[word]) <= _RARE), key=lambda word: (len(having[word]), word))
    if len(words) < _FEWEST:
        return set()
    return {other for word in rare[:_ASKED] for other in having[word]}


class _Joined:
    """Numbers that belong together, and how alike the least alike of the pairs is that joined them."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))
        self._least = [100] * count

    def _top(self, number: int) -> int:
        while self._above[number] != number:
            self._above[number] = number = self._above[self._above[number]]
        return number

    def join(self, one: int, other: int, likeness: int) -> None:
        first, second = sorted((self._top(one), self._top(other)))
        if first != second:
            self._above[second] = first
            self._least[first] = min(self._least[first], self._least[second], likeness)

    def groups(self) -> Iterator[tuple[list[int], int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self._above)):
            found[self._top(number)].append(number)
        return ((some, self._least[top]) for top, some in found.items())


def _theme(some: Sequence[Words], alike: Mapping[Words, Sequence[Tracked]], likeness: int) -> Theme:
    items = sorted((item for words in some for item in alike[words]), key=_age)
    shared = Counter(word for words in some for word in words for _ in alike[words])
    told = sorted(shared, key=lambda word: (-shared[word], word))
    half = [word for word in told if shared[word] * 2 > len(items)] or told
    return Theme(tuple(half[:_TOLD]), tuple(items), tuple(sorted({item.case for item in items})), likeness)


def _age(item: Tracked) -> tuple[date, str, int, str]:
    return item.since or date.max, item.path, item.line, item.title
