"""Themes: items, or causes, that come back in several incidents, by the likeness of their texts; none leaves the machine.

Two texts are compared by their telling words: those that are not in `common`, which every list of follow-ups is full
of. How alike two are is the mean of two likenesses of rapidfuzz: of the sorted words, and of the sets of words, which
forgives a text for going on where the other ends. Titles of items that are at least `ALIKE` and of different incidents
belong together, and so do those that a chain of such pairs joins. Causes are sentences, which never come back in the
same words: `CAUSES_ALIKE` is enough, but they must share telling words and be alike each with each.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from rapidfuzz import fuzz, process

from closeout.domain.item import folded
from closeout.domain.report.rows import Tracked
from closeout.domain.report.summary import Cause, Of, Theme

ALIKE = 75  # of 100: below it most pairs of real postmortems share no more than a verb and a noun
CAUSES_ALIKE = 55  # below it most pairs of real causes share nothing but the names of what every system has
MOST = 20  # themes that are told of, the ones of most incidents first
_TOLD = 5  # words of a theme
_RARE = 100  # texts: what more of them have tells none of them from the others
_FEWEST = 2  # telling words of a text that is compared; one of a single word must be the same
_LONGEST = 300  # characters of a text that are compared
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")  # scripts without blanks between words
_GRAMMAR = re.compile(r"[\u3040-\u309f]+")  # hiragana alone: endings and particles
Words = tuple[str, ...]
Member = TypeVar("Member", Tracked, Cause)


@dataclass(frozen=True, slots=True)
class _Bar:
    """How alike two texts must be, by how many rare words of each others are looked for, how many telling words two must
    share, and whether all of a theme must be so.
    """

    alike: int
    asked: int
    shared: int
    each: bool


_TITLES, _SENTENCES = _Bar(ALIKE, 4, 0, each=False), _Bar(CAUSES_ALIKE, 16, 2, each=True)


def themes(
    items: Sequence[Tracked], causes: Sequence[Cause] = (), common: frozenset[str] = frozenset()
) -> tuple[Theme, ...]:
    """Return the themes, of items and of causes by turns, each those of most incidents first; `common` are words, folded,
    that tell nothing.
    """
    titles = ((item.title, item) for item in items)
    told = ((cause.text, cause) for cause in causes)
    found = [
        sorted((_of_items(*one) for one in _several(titles, common, _TITLES)), key=_weight),
        sorted((_of_causes(*one) for one in _several(told, common, _SENTENCES)), key=_weight),
    ]
    ranked = sorted((rank, kind) for kind, some in enumerate(found) for rank in range(len(some)))
    return tuple(found[kind][rank] for rank, kind in ranked[:MOST])


def _weight(theme: Theme) -> tuple[int, int, int, Words]:
    return -len(theme.cases), -len(theme.items) - len(theme.causes), -theme.likeness, theme.words


def _several(
    texts: Iterator[tuple[str, Member]], common: frozenset[str], bar: _Bar
) -> Iterator[tuple[Words, list[Member], int]]:
    """Yield (what most share, the members, how alike the least alike pair is) of those that are of several incidents."""
    alike: dict[Words, list[Member]] = defaultdict(list)
    for text, member in texts:
        words = tuple(sorted({word for word in _words(text) if word not in common}))
        if words:
            alike[words].append(member)
    nodes: list[Words] = sorted(alike)
    pairs = sorted(_pairs(nodes, bar), key=lambda pair: (-pair[0], pair[1], pair[2]))
    joined = _Joined(len(nodes), {pair[1:] for pair in pairs} if bar.each else None)
    for pair in pairs:
        if len({member.case for number in pair[1:] for member in alike[nodes[number]]}) > 1:
            joined.join(*pair)
    for some, likeness in joined.groups():
        members = [member for number in some for member in alike[nodes[number]]]
        if len({member.case for member in members}) > 1:
            shared = Counter(word for number in some for word in nodes[number] for _ in alike[nodes[number]])
            told = sorted(shared, key=lambda word: (-shared[word], word))
            half = [word for word in told if shared[word] * 2 > len(members)] or told
            yield tuple(half[:_TOLD]), members, likeness


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text; where a script has no blanks between them, every two signs that stand together."""
    for word in folded(text[:_LONGEST]).split():
        if _UNSPACED.search(word) is None:
            yield word
            continue
        for run in _UNSPACED.findall(word):
            parts = (run[at : at + 2] for at in range(max(len(run) - 1, 1)))
            yield from (part for part in parts if _GRAMMAR.fullmatch(part) is None)
        yield from _UNSPACED.sub(" ", word).split()


def _pairs(nodes: Sequence[Words], bar: _Bar) -> Iterator[tuple[int, int, int]]:
    """Yield (how alike, number, number) of the texts that are; each is only compared with those that share a rare word."""
    texts = [" ".join(words) for words in nodes]
    having: dict[str, list[int]] = defaultdict(list)
    for number, words in enumerate(nodes):
        if len(words) >= _FEWEST:
            for word in words:
                having[word].append(number)
    for number, words in enumerate(nodes):
        near = {other: texts[other] for other in _near(words, having, bar.asked) if other != number}
        for _, among, other in process.extract(
            texts[number], near, scorer=fuzz.token_set_ratio, limit=None, score_cutoff=bar.alike
        ):
            likeness = int(among + fuzz.ratio(texts[number], texts[other])) // 2
            if likeness >= bar.alike and len(set(words) & set(nodes[other])) >= bar.shared:
                yield likeness, min(number, other), max(number, other)


def _near(words: Words, having: Mapping[str, Sequence[int]], asked: int) -> set[int]:
    rare = sorted((word for word in words if len(having[word]) <= _RARE), key=lambda word: (len(having[word]), word))
    if len(words) < _FEWEST:
        return set()
    return {other for word in rare[:asked] for other in having[word]}


class _Joined:
    """Numbers that belong together, and how alike the least alike of the pairs is that joined them.

    Where `pairs` are given, only those are joined of which every two are such a pair.
    """

    def __init__(self, count: int, pairs: set[tuple[int, int]] | None) -> None:
        self._group = [[number] for number in range(count)]
        self._least = [100] * count
        self._pairs = pairs

    def join(self, likeness: int, one: int, other: int) -> None:
        first, second = self._group[one], self._group[other]
        if first is second or not self._fits(first, second):
            return
        least = min(self._least[first[0]], self._least[second[0]], likeness)
        first.extend(second)
        for number in second:
            self._group[number] = first
        self._least[first[0]] = least

    def _fits(self, first: Sequence[int], second: Sequence[int]) -> bool:
        return self._pairs is None or all((min(a, b), max(a, b)) in self._pairs for a in first for b in second)

    def groups(self) -> Iterator[tuple[list[int], int]]:
        return ((some, self._least[number]) for number, some in enumerate(self._group) if some[0] == number)


def _of_items(words: Words, items: Sequence[Tracked], likeness: int) -> Theme:
    found = tuple(sorted(items, key=_age))
    return Theme(words, found, tuple(sorted({item.case for item in items})), likeness)


def _of_causes(words: Words, causes: Sequence[Cause], likeness: int) -> Theme:
    found = tuple(sorted(causes, key=lambda cause: (cause.case, cause.text)))
    return Theme(words, (), tuple(sorted({cause.case for cause in causes})), likeness, Of.CAUSES, found)


def _age(item: Tracked) -> tuple[date, str, int, str]:
    return item.since or date.max, item.path, item.line, item.title
