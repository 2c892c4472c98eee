"""Which known phrases stand in a text? Words by words; scripts that put no blanks between words, by characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Generic, TypeVar

from closeout.reading.repair import repaired

Meant = TypeVar("Meant")

_UNSEEN = re.compile("[\u0300-\u036f\ufe0e\ufe0f\u200b\u200c\u200d\u2060]+")  # accents, and what has no width
# letters that a decomposition leaves whole, and that people type without their stroke or dot
_BARE = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "’": "'", "ʼ": "'"})
_OTHER = re.compile(r"[^\w#]+|_+")
_DENSE = "\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af"
# not compiled here: it takes as long as a page, and few pages hold such characters
_IS_DENSE = f"[{_DENSE}]"
_SEAM = f"(?<=[{_DENSE}])(?=[a-z0-9#])|(?<=[a-z0-9#])(?=[{_DENSE}])"
_MOST_WORDS = 14
_LONGEST = 14  # characters of a phrase without blanks


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return text as words are compared: without damage, case, width, accents, punctuation, emoji, and with single blanks."""
    if text.isascii():
        return _OTHER.sub(" ", text.casefold()).strip()
    text = unicodedata.normalize("NFKD", repaired(text).casefold())
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text)).translate(_BARE)
    return _OTHER.sub(" ", text).strip()


def key(text: str) -> str:
    """Return how a phrase is looked up: folded; without any blank where its script uses none."""
    folded = fold(text)
    if folded.isascii():
        return folded
    return folded.replace(" ", "") if re.search(_IS_DENSE, folded) else folded


@dataclass(frozen=True, slots=True)
class Found(Generic[Meant]):
    """A phrase that stands in a text: what it means, and its bounds in the text without blanks."""

    meant: Meant
    start: int
    end: int
    words: int


@dataclass(frozen=True)
class Phrases(Generic[Meant]):
    """Phrases by their `key`, each with what it means."""

    meanings: Mapping[str, Meant]

    @cached_property
    def _opened(self) -> Mapping[str, Sequence[int]]:
        """How many words the phrases have that a word opens, in order."""
        opened: dict[str, set[int]] = {}
        for phrase in self.meanings:
            opened.setdefault(phrase.partition(" ")[0], set()).add(phrase.count(" ") + 1)
        return {word: sorted(counts) for word, counts in opened.items()}

    @cached_property
    def _written_dense(self) -> Mapping[str, Sequence[int]]:
        """How many characters the phrases without blanks have that a character opens, in order."""
        opened: dict[str, set[int]] = {}
        for phrase in self.meanings:
            if len(phrase) <= _LONGEST and re.search(_IS_DENSE, phrase):
                opened.setdefault(phrase[0], set()).add(len(phrase))
        return {character: sorted(lengths) for character, lengths in opened.items()}

    def exact(self, text: str) -> Meant | None:
        """Return what a text means that is one phrase and nothing else."""
        return self.meanings.get(key(text))

    def find(self, text: str, *, gaps: bool = False) -> tuple[list[Found[Meant]], int]:
        """Return the longest phrases of a text that do not overlap, in order, and the text's length without blanks.

        With `gaps`, a phrase of two words may hold one more between them (`next technical steps`).
        """
        folded = fold(text)
        if folded.isascii():
            words = folded.split()[:_MOST_WORDS]
            dense = "".join(words)
            if self._opened.keys().isdisjoint(words):
                return [], len(dense)
            found = [*self._by_words(words, gaps=gaps)]
        else:
            words = re.sub(_SEAM, " ", folded).split()[:_MOST_WORDS]
            dense = "".join(words)
            found = [*self._by_words(words, gaps=gaps)]
            found += self._by_characters(dense) if re.search(_IS_DENSE, dense) else ()
        if len(found) < 2:
            return found, len(dense)
        kept: list[Found[Meant]] = []
        for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
            if all(one.end <= other.start or other.end <= one.start for other in kept):
                kept.append(one)
        return sorted(kept, key=lambda one: one.start), len(dense)

    def _by_words(self, words: list[str], *, gaps: bool) -> Iterable[Found[Meant]]:
        starts = [0, *accumulate(map(len, words))]
        for first, word in enumerate(words):
            if word not in self._opened:
                continue
            counts = self._opened[word]
            for last in (first + count for count in counts if first + count <= len(words)):
                meant = self.meanings.get(" ".join(words[first:last]))
                if meant is not None:
                    yield Found(meant, starts[first], starts[last], last - first)
            if gaps and counts[-1] > 1 and first + 2 < len(words):
                meant = self.meanings.get(f"{word} {words[first + 2]}")
                if meant is not None:
                    yield Found(meant, starts[first], starts[first + 3], 2)

    def _by_characters(self, dense: str) -> Iterable[Found[Meant]]:
        for start, character in enumerate(dense):
            for length in self._written_dense.get(character, ()):
                meant = self.meanings.get(dense[start : start + length])
                if meant is not None and start + length <= len(dense):
                    yield Found(meant, start, start + length, 1)
