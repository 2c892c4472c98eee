"""How a title of a tracker is said: on one line, escaped, and only where plain words stand."""

from __future__ import annotations

import re

from closeout.domain.item import Stated, visible

_MARKUP = re.compile(r"[\\`*\[\]~]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<!\w)_|_(?!\w)")
_LEADING = re.compile(r"^(\d*)(?=[-+#=:.)>])")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LONGEST = 500  # characters: more is no title that anybody reads


def say(value: str, stated: Stated) -> str | None:
    """Return the title so that Markdown shows it as it is; None if there is markup in the one that stands there.

    A title with a link, code or emphasis says more than the tracker's words: those are never traded for them.
    """
    title = visible(value)
    plain = stated.value is not None and " ".join(_ESCAPE.sub(r"\1", stated.text).split()) == stated.value
    if not plain or not title or len(title) > _LONGEST:
        return None
    return _LEADING.sub(r"\1\\", _MARKUP.sub(r"\\\g<0>", title))
