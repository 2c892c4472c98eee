"""What is asked of hosts is what their published descriptions say: GitHub's OpenAPI, Forgejo's swagger.

`CLOSEOUT_TEST_GITHUB_OPENAPI` and `CLOSEOUT_TEST_FORGEJO_SWAGGER` are files of theirs; without them nothing is compared.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from closeout.domain.issue import Draft
from closeout.domain.item import Field
from closeout.ports.tracker import Tracker
from fakes.forgejo import ForgejoFake
from fakes.github import GitHubFake
from fakes.github_values import Right
from fakes.http import Request
from forgejo_bench import ForgejoBench
from github_bench import GitHubBench

NAMES = ("CLOSEOUT_TEST_GITHUB_OPENAPI", "CLOSEOUT_TEST_FORGEJO_SWAGGER")
GIVEN = {name: os.environ.get(name, "") for name in NAMES}  # read before a test runs alone
VALUES = {Field.TITLE: "Add an alert", Field.STATUS: "todo", Field.OWNERS: "ann", Field.DUE: "2026-12-24"}


def described(name: str) -> Mapping[str, Any]:
    if not GIVEN[name]:
        pytest.skip(f"{name} is not set")
    return _loaded(GIVEN[name])


@cache
def _loaded(path: str) -> Mapping[str, Any]:
    text = re.sub(r"\{\{[^}]*\}\}", "", Path(path).read_text("utf-8"))  # Forgejo's is a template
    told: Mapping[str, Any] = _with_null(json.loads(text))
    return told


def _with_null(told: Any) -> Any:
    """A description, in which what is `nullable` may be null as JSON Schema says it."""
    if isinstance(told, list):
        return [_with_null(one) for one in told]
    if not isinstance(told, dict):
        return told
    kept = {name: _with_null(value) for name, value in told.items() if name != "nullable"}
    return {"anyOf": [kept, {"type": "null"}]} if told.get("nullable") is True else kept


def wrong(spec: Mapping[str, Any], method: str, path: str, query: Mapping[str, str], body: object) -> Iterator[str]:
    """Yield what a request has that its description does not."""
    operation = _operation(spec, method, path)
    if operation is None:
        yield f"{method} {path} is described nowhere"
        return
    parameters = [_resolved(spec, one) for one in operation.get("parameters", ())]
    known = {one["name"] for one in parameters if one["in"] == "query"}
    yield from (f"{method} {path}: no parameter is called {name}" for name in query if name not in known)
    schema = _body(spec, operation, parameters)
    if body is not None and schema is None:
        yield f"{method} {path} takes no body"
    if body is not None and schema is not None:
        whole = {**schema, **{part: spec[part] for part in ("components", "definitions") if part in spec}}
        for error in Draft202012Validator(whole).iter_errors(body):
            yield f"{method} {path}: {'.'.join(map(str, error.path))}: {error.message[:200]}"
        names = _properties(spec, schema)
        yield from (f"{method} {path}: nothing is called {name}" for name in dict(body) if names and name not in names)  # type: ignore[call-overload]


def _operation(spec: Mapping[str, Any], method: str, path: str) -> Mapping[str, Any] | None:
    def pattern(told: str) -> str:
        return re.sub(r"\\\{(\w+)\\\}", lambda part: ".+" if part[1] == "ref" else "[^/]+", re.escape(told))

    fitting = [(told.count("{"), told) for told in spec["paths"] if re.fullmatch(pattern(told), path)]
    for _, told in sorted(fitting):
        found: Mapping[str, Any] = spec["paths"][told]
        if method.lower() in found:
            shared = found.get("parameters", [])
            operation = found[method.lower()]
            return {**operation, "parameters": [*shared, *operation.get("parameters", [])]}
    return None


def _resolved(spec: Mapping[str, Any], told: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in told:
        where: Any = spec
        for part in told["$ref"].removeprefix("#/").split("/"):
            where = where[unquote(part)]
        told = where
    return told


def _body(
    spec: Mapping[str, Any], operation: Mapping[str, Any], parameters: list[Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    if "requestBody" in operation:
        content: Mapping[str, Any] = _resolved(spec, operation["requestBody"])["content"]["application/json"]["schema"]
        return content
    return next((one["schema"] for one in parameters if one["in"] == "body"), None)


def _properties(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> set[str]:
    told = _resolved(spec, schema)
    parts = [one for name in ("anyOf", "oneOf", "allOf") for one in told.get(name, ())]
    return {*told.get("properties", {}), *(name for one in parts for name in _properties(spec, one))}


def life(tracker: Tracker) -> None:
    """All that a tracker is asked for."""
    made = tracker.create(Draft("v1:0123456789abcdef0123", VALUES, "text"))
    tracker.managed()
    tracker.glance()
    tracker.assignable()
    tracker.whoami()
    for what, value in {"status": "done", "due": "2027-01-31", "owners": "bob", "title": "Add two", "due ": ""}.items():
        field = Field(what.strip())
        tracker.update(made.ref, {field: value}, {field: VALUES[field] if what == what.strip() else "2027-01-31"})
    tracker.update(made.ref, {Field.STATUS: "todo"}, {Field.STATUS: "done"})
    tracker.get("99")


Asked = tuple[str, str, Mapping[str, str], object]


def github() -> Iterator[Asked]:
    with GitHubFake() as fake:
        bench = GitHubBench(fake)
        for login in ("ann", "bob"):
            bench.repo.grant(login, Right.WRITE)
        life(bench.tracker())
        yield from _asked(fake.requests, "/api/v3")


def forgejo() -> Iterator[Asked]:
    with ForgejoFake() as fake:
        life(ForgejoBench(fake).tracker())
        yield from _asked(fake.requests, f"{fake.prefix}/api/v1")


def _asked(requests: list[Request], prefix: str) -> Iterator[Asked]:
    for one in requests:
        yield one.method, unquote(one.route.removeprefix(prefix)), one.query, one.sent


@pytest.mark.parametrize(("name", "asked"), [(NAMES[0], github), (NAMES[1], forgejo)], ids=["github", "forgejo"])
def test_every_request_is_one_that_the_host_describes(name: str, asked: Callable[[], Iterator[Asked]]) -> None:
    spec = described(name)
    found = list(asked())
    assert {method for method, *_ in found} >= {"GET", "POST", "PATCH"}
    assert [told for one in found for told in wrong(spec, *one)] == []


SPEC = {
    "paths": {
        "/a/{n}": {
            "parameters": [{"name": "n", "in": "path"}],
            "patch": {
                "parameters": [{"name": "page", "in": "query"}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/one"}}}},
            },
        }
    },
    "components": {"schemas": {"one": {"type": "object", "properties": {"title": {"type": "string"}}}}},
}


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (("PATCH", "/a/1", {"page": "2"}, {"title": "x"}), []),
        (("PATCH", "/a/1", {"pag": "2"}, {"title": "x"}), ["PATCH /a/1: no parameter is called pag"]),
        (("PATCH", "/a/1", {}, {"titel": "x"}), ["PATCH /a/1: nothing is called titel"]),
        (("PATCH", "/a/1", {}, {"title": 1}), ["PATCH /a/1: title: 1 is not of type 'string'"]),
        (("GET", "/a/1", {}, None), ["GET /a/1 is described nowhere"]),
    ],
)
def test_what_is_described_otherwise_is_told(request_: Asked, told: list[str]) -> None:
    assert list(wrong(SPEC, *request_)) == told
