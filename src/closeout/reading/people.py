"""Who is known in a document: authors, attendees, whoever a time line shows at work, and every `@login`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from closeout.reading.phrases import fold, key
from closeout.reading.vocabulary import Vocabulary

_NAME = r"[^\W\d_][\w.'’-]*"
_LOGIN = re.compile(r"@(?<![\w/.]@)([\w][\w-]*)")
_FIELD = re.compile(
    r"\n[ \t>*+-]*(?:\*\*|__)?([^\W\d_][^:：*|\n]{1,30}?)(?:\*\*|__)?[ \t]*[:：][ \t]*(?:\*\*|__)?[ \t]*(\S[^\n]{0,300})$",
    re.M,
)
_HEADING = re.compile(r"\n#{1,6}[ \t]+([^\n]{2,40})\n\s*(\S[^\n#]{1,300})$", re.M)
_AT_WORK = re.compile(
    rf"\n[ \t>*+|-]{{0,12}}(?:\*\*)?[\d:.,…?/TZ -]{{0,30}}\d[^\w\n]{{0,6}}(?:[A-Z]{{3,4}}\b[^\w\n]{{1,4}})?({_NAME}) [a-z]"
)
_DIVIDE = re.compile(r"\s*(?:[,;&+/(){}\[\]|]|<br\s*/?>|\band\b|\s[-–—]\s)\s*")
_SHAPE = re.compile(r"[A-Z]{2,3}|[^\W\d_][\w.'’-]+(?: [^\W\d_][\w.'’-]*){0,2}")
_UNNAMED = frozenset(
    {"ai", "pr", "todo", "fixme", "nb", "p", "ci", "cd", "api", "dns", "db", "ui", "qa", "sre", "ops", "it"}
)


@dataclass(frozen=True)
class People:
    """The people of one document, found when they are first asked for."""

    text: str
    vocabulary: Vocabulary

    @cached_property
    def _known(self) -> frozenset[str]:
        text = "\n" + self.text  # what starts a line is looked for by the line end before it, which is found at once
        names = {key(login) for login in _LOGIN.findall(text)}
        for match in [*_FIELD.finditer(text), *_HEADING.finditer(text)]:
            if key(match[1]) in self.vocabulary.people:
                names.update(key(part) for part in _DIVIDE.split(match[2]) if 1 < len(part) < 40)
        for match in _AT_WORK.finditer(text):
            names.add(key(match[1]))
        return frozenset(name for name in names if name)

    def parts(self, text: str) -> list[str]:
        """The names in a label or in brackets (`GE/RK`, `Hypha + ICL`); none if any of them cannot be one."""
        bare = text.strip().strip("*_").rstrip(":：").strip()
        parts = [part for part in _DIVIDE.split(bare) if part] if len(bare) <= 60 else []
        if not parts or any(not self._shaped(part) for part in parts):
            return []
        return parts

    def known(self, part: str, *, wholly: bool = False) -> bool:
        """Tell whether a name, or unless `wholly` its first word, is one of the document's people."""
        first = not wholly and key(part.split(maxsplit=1)[0]) in self._known
        return part.startswith("@") or key(part) in self._known or first

    def _shaped(self, part: str) -> bool:
        if part.startswith("@"):
            return True
        if not part[:1].isupper() or not _SHAPE.fullmatch(part) or self.vocabulary.is_placeholder(part):
            return False
        said = self.vocabulary.headings.find(part)[0] or self.vocabulary.heads.exact(part)
        return not said and not self.vocabulary.states.exact(part) and fold(part) not in _UNNAMED
