"""What Plane makes of HTML that is sent: comments and scripts are gone, links get a `rel`, tables a body, and all is in
one element."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

_ALLOWED = {
    "a", "b", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol",
    "p", "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_BLOCKS = {"blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"}
_KEPT = {"href", "src", "title", "class", "id"}
_EMPTY = {"br", "hr", "img"}


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[str] = []
        self.muted = 0
        self.top: list[str] = []  # what stands outside of any element: tags, and "" for text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.open and not self.muted:
            self.top.append(tag)
        if tag in {"script", "style"}:
            self.muted += 1
        if tag not in _ALLOWED or self.muted:
            return
        if tag == "tr" and self.open and self.open[-1] == "table":
            self.handle_starttag("tbody", [])
        kept = [(name, value or "") for name, value in attrs if name in _KEPT]
        kept = [(name, value) for name, value in kept if not value.lower().startswith("javascript:")]
        kept += [("rel", "noopener noreferrer")] if tag == "a" else []
        self.parts.append("<" + " ".join([tag, *(f'{name}="{escape(value)}"' for name, value in kept)]) + ">")
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.muted = max(0, self.muted - 1)
        if tag not in self.open:
            return
        while self.open:
            closed = self.open.pop()
            self.parts.append(f"</{closed}>")
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if self.muted:
            return
        if not self.open and data.strip():
            self.top.append("")
        self.parts.append(escape(data, quote=False))


def rewritten(sent: str) -> str:
    """Return HTML as Plane keeps it. Raises ValueError for none at all."""
    if not sent.strip():
        raise ValueError(sent)
    cleaner = _Cleaner()
    cleaner.feed(sent)
    cleaner.close()
    while cleaner.open:
        cleaner.handle_endtag(cleaner.open[-1])
    text = "".join(cleaner.parts).strip()
    if len(cleaner.top) == 1 and cleaner.top[0]:
        return text
    around = "div" if _BLOCKS & set(cleaner.top) else "span"
    return f"<{around}>{text}</{around}>"
