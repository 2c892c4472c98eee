"""A report as it is posted: our block between marks, mentioning nobody and referring to nothing that was not asked for."""

from __future__ import annotations

import re
from collections.abc import Callable

from closeout.domain.item import JOINER

_MARK = r"[a-z0-9][\w./-]{0,150}"
_HEAD = re.compile(rf"^<!-- closeout: report=({_MARK}) -->\r?$", re.MULTILINE | re.ASCII)
_END = "<!-- closeout: end of report -->"
_BLOCK = re.compile(
    rf"^<!-- closeout: report={_MARK} -->\r?\n.*?^{_END}\r?$", re.MULTILINE | re.DOTALL | re.ASCII
)  # fmt: skip
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[^\s<>()\[\]\"'`|\\]*)?", re.IGNORECASE)
_LINKED = re.compile(
    rf"\]\(<({_URL.pattern})>\)|\]\(({_URL.pattern})\)|<({_URL.pattern})>|({_URL.pattern})", re.IGNORECASE
)
_LOGIN = re.compile(r"(?<![\w`/])@([A-Za-z0-9_](?:[\w-]|\.(?=\w))*)(?![\w/`])", re.ASCII)
_AT = re.compile(r"@(?=[\w\\])")
_NUMBER = re.compile(r"#(?=\d)|\bGH-(?=\d)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?=#[0-9x]|commat;|num;)", re.IGNORECASE)  # as which a text may hold @ and #


def mark_of(body: str) -> str:
    """Return the mark that a body carries on a line of its own; empty if there is none, or more than one."""
    found = set(_HEAD.findall(body))
    return found.pop() if len(found) == 1 else ""


def block(text: str, mark: str, there: str = "") -> str:
    """Return a body with our block in it: in the place of the one that is there, else below all that people wrote."""
    made = f"<!-- closeout: report={mark} -->\n{text.rstrip()}\n{_END}"
    found = _BLOCK.search(there)
    if found is not None:
        return there[: found.start()] + made + there[found.end() :]
    above = f"{there.rstrip()}\n\n" if there.strip() else ""
    return f"{above}{made}\n"


def emptied(line: str, there: str) -> str:
    """Return a body with a line in the place of our block; nothing but the line where there is none."""
    return _BLOCK.sub(lambda _: line, there) if _BLOCK.search(there) else line


def in_code(text: str, logins: frozenset[str]) -> str:
    """Return a text in which these people are named and not mentioned."""
    known = {login.casefold() for login in logins}
    return _LOGIN.sub(lambda match: f"`{match[0]}`" if match[1].casefold() in known else match[0], text)


def mentions(text: str, logins: frozenset[str]) -> bool:
    """Tell whether a text mentions one of these people."""
    known = {login.casefold() for login in logins}
    return any(match[1].casefold() in known for match in _LOGIN.finditer(text))


def harmless(
    text: str,
    aloud: frozenset[str],
    elsewhere: Callable[[str], str],
    more: Callable[[str], str] = lambda text: text,
) -> str:
    """Return a text in which `@name` mentions only those who are named `aloud`, in code as anywhere: what is code here may
    be none there. No number, no address and no comment of HTML is what a host would act on.

    `elsewhere` gives another address of the same page that refers to nothing, or nothing: then it is no link any more.
    `more` is what else a host acts on in what is no address.
    """
    known, parts, at = {login.casefold() for login in aloud}, [], 0
    for match in _LINKED.finditer(text):
        parts += [more(_broken(text[at : match.start()], known)), _link(match, elsewhere)]
        at = match.end()
    return "".join([*parts, more(_broken(text[at:], known))]).replace("<!--", "<! --")


def _link(match: re.Match[str], elsewhere: Callable[[str], str]) -> str:
    url = next(part for part in match.groups() if part)
    safe = elsewhere(url).replace("@", "%40")
    if safe:
        return match[0].replace(url, safe)
    return f"{'] ' if match[0].startswith(']') else ''}`{url.replace('@', '%40')}`"


def _broken(text: str, known: set[str]) -> str:
    allowed = {match.start() for match in _LOGIN.finditer(text) if match[1].casefold() in known}
    text = _AT.sub(lambda match: match[0] if match.start() in allowed else f"@{JOINER}", text)
    for pattern in (_NUMBER, _ENTITY):
        text = pattern.sub(lambda match: f"{match[0]}{JOINER}", text)
    return text
