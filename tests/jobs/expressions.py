"""The few expressions that our files use; any other fails loudly, so that no file says what was never tried."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<op>==|!=|&&|\|\||[()])|(?P<path>[A-Za-z_][\w-]*(?:\.[\w-]+)*(?:\(\))?))"
)
_WHOLE = re.compile(r"\$\{\{(.*?)\}\}")
Contexts = Mapping[str, Any]


def filled(text: str, contexts: Contexts) -> str:
    """Return a text with the value of each of its expressions."""
    done = _WHOLE.sub(lambda found: _spelt(evaluated(found[1], contexts)), text)
    assert "${{" not in done or "${{" in "".join(map(str, contexts.values())), f"not an expression: {text}"
    return done


def holds(condition: object, contexts: Contexts) -> bool:
    """Whether an `if` lets its step go; without a word for it, a failure before it does not."""
    text = str(condition).strip()
    inner = _WHOLE.fullmatch(text)
    said = inner[1] if inner else text
    always = "always()" in said or "failure()" in said
    return (always or contexts["job"]["status"] == "success") and bool(evaluated(said, contexts))


def evaluated(expression: str, contexts: Contexts) -> Any:
    """Return the value of an expression."""
    tokens, at = [], 0
    text = expression.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        assert found, f"not understood: {expression!r} from {text[at:]!r} on"
        tokens.append(found)
        at = found.end()
    value, rest = _either(tokens, contexts)
    assert not rest, f"not understood: {expression!r}"
    return value


def _either(tokens: list[Any], contexts: Contexts) -> tuple[Any, list[Any]]:
    value, tokens = _both(tokens, contexts)
    while tokens and tokens[0]["op"] == "||":
        other, tokens = _both(tokens[1:], contexts)
        value = value or other
    return value, tokens


def _both(tokens: list[Any], contexts: Contexts) -> tuple[Any, list[Any]]:
    value, tokens = _compared(tokens, contexts)
    while tokens and tokens[0]["op"] == "&&":
        other, tokens = _compared(tokens[1:], contexts)
        value = value and other
    return value, tokens


def _compared(tokens: list[Any], contexts: Contexts) -> tuple[Any, list[Any]]:
    value, tokens = _value(tokens, contexts)
    if tokens and tokens[0]["op"] in {"==", "!="}:
        same = tokens[0]["op"] == "=="
        other, tokens = _value(tokens[1:], contexts)
        value = (_spelt(value).lower() == _spelt(other).lower()) is same
    return value, tokens


def _value(tokens: list[Any], contexts: Contexts) -> tuple[Any, list[Any]]:
    assert tokens, "an expression ends too early"
    first, rest = tokens[0], tokens[1:]
    if first["text"]:
        return first["text"][1:-1].replace("''", "'"), rest
    if first["op"] == "(":
        value, rest = _either(rest, contexts)
        assert rest
        assert rest[0]["op"] == ")"
        return value, rest[1:]
    path = first["path"]
    assert path, f"not understood: {first[0]!r}"
    if path in {"always()", "success()", "failure()"}:
        failed = contexts["job"]["status"] != "success"
        return {"always()": True, "success()": not failed, "failure()": failed}[path], rest
    return _at(path.split("."), contexts), rest


def _at(names: list[str], contexts: Contexts) -> Any:
    """What stands in a context; an event may lack what another one has, all else must be there."""
    assert names[0] in contexts, f"no context {names[0]}"
    told: Any = contexts
    for index, name in enumerate(names):
        optional = names[:2] == ["github", "event"] and index > 1
        if optional and (not isinstance(told, Mapping) or name not in told):
            return ""
        assert isinstance(told, Mapping), names
        assert name in told, f"nothing is called {'.'.join(names)}"
        told = told[name]
    return told


def _spelt(value: Any) -> str:
    assert isinstance(value, str | bool | int), f"not a text: {value!r}"
    return str(value).lower() if isinstance(value, bool) else str(value)
