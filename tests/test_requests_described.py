"""What is asked of hosts is what their published descriptions say: GitHub's OpenAPI, Forgejo's swagger.

`CLOSEOUT_TEST_GITHUB_OPENAPI` and `CLOSEOUT_TEST_FORGEJO_SWAGGER` are files of theirs; without them nothing is compared.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from closeout.domain.issue import Draft
from closeout.domain.item import Field
from closeout.hosts.forgejo_git import ForgejoGit
from closeout.hosts.github_git import GitHubGit
from closeout.ports.tracker import Tracker
from closeout.repositories.forgejo_pulls import ForgejoPulls
from closeout.repositories.github_pulls import GitHubPulls
from closeout.trackers.github_due import DueDates
from closeout.trackers.github_labels import Meanings
from fakes.forgejo import ForgejoFake
from fakes.github import GitHubFake
from fakes.github_bare import Bare
from fakes.github_values import Right
from fakes.http import Request
from forgejo_bench import ForgejoBench
from github_bench import PROJECT, GitHubBench
from ledgers import git, remote

NAMES = ("CLOSEOUT_TEST_GITHUB_OPENAPI", "CLOSEOUT_TEST_FORGEJO_SWAGGER")
GIVEN = {name: os.environ.get(name, "") for name in NAMES}  # read before a test runs alone
LONG = {"ref", "path", "filepath", "branch", "head"}  # parts of an address that may have slashes in them
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
    known = {one["name"]: one.get("schema", one) for one in parameters if one["in"] == "query"}
    for name, value in query.items():
        if name not in known:
            yield f"{method} {path}: no parameter is called {name}"
        elif not _fits(_resolved(spec, known[name]), value):
            yield f"{method} {path}: {name} is never {value}"
    schema = _body(spec, operation, parameters)
    if body is not None and schema is None:
        yield f"{method} {path} takes no body"
    if body is not None and schema is not None:
        whole = {**schema, **{part: spec[part] for part in ("components", "definitions") if part in spec}}
        for error in Draft202012Validator(whole).iter_errors(body):
            yield f"{method} {path}: {'.'.join(map(str, error.path))}: {error.message[:200]}"
        names = _properties(spec, schema)
        yield from (f"{method} {path}: nothing is called {name}" for name in dict(body) if names and name not in names)  # type: ignore[call-overload]


def _fits(schema: Mapping[str, Any], value: str) -> bool:
    kind = schema.get("type")
    whole = kind != "integer" or value.lstrip("-").isdecimal()
    return whole and (kind != "boolean" or value in {"true", "false"}) and value in schema.get("enum", [value])


def _operation(spec: Mapping[str, Any], method: str, path: str) -> Mapping[str, Any] | None:
    def pattern(told: str) -> str:
        return re.sub(r"\\\{(\w+)\\\}", lambda part: ".+" if part[1] in LONG else "[^/]+", re.escape(told))

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


def life_of_code(git: GitHubGit | ForgejoGit, bare: Bare) -> None:
    """All that a host of documents is asked for, but by GraphQL."""
    head = bare.tip("main")
    git.commit(head)
    git.tree(head, deep=False)
    files = [one for one in git.tree(head, deep=True).tree if one.type == "blob"]
    git.blob(files[0].sha)
    git.stands(head, "0" * 40)


def life_of_pulls(pulls: GitHubPulls | ForgejoPulls) -> None:
    """All that is asked of pull requests."""
    pulls.find("closeout/items")
    made = pulls.open("closeout/items", "main", "Action items", "text")
    pulls.update(made.number, "Action items", "other text")
    pulls.find("closeout/items")
    pulls.close(made.number, "bye")
    pulls.find("closeout/items")


def kept(folder: Path) -> Bare:
    """A bare repository with a document, and a branch of write-backs that is ahead."""
    bare = Bare(remote(folder))
    for branch, text in {"main": "# Outage", "closeout/items": "# Outage, with tickets"}.items():
        git(folder, "clone", "-q", "-b", "main", bare.path.as_uri(), branch.replace("/", "-"))
        there = folder / branch.replace("/", "-")
        (there / "docs").mkdir(exist_ok=True)
        (there / "docs/a.md").write_text(text, encoding="utf-8")
        git(there, "add", "-A")
        git(there, "commit", "-q", "-m", "a document")
        git(there, "push", "-q", "origin", f"HEAD:refs/heads/{branch}")
    return bare


def beyond(bench: GitHubBench) -> None:
    """What GitHub has that others have not: fields, milestones, labels that say something, sub-issues, comments."""
    bare = bench.tracker()
    meanings = Meanings("in progress", {"high": "P1"})
    made = replace(bare, meanings=meanings, dates=DueDates(bare.host, "milestone")).create(
        Draft("v1:0123456789abcdef0124", {**VALUES, Field.PRIORITY: "P1"}, "text")
    )
    labelled = replace(bare, meanings=meanings)
    labelled.update(made.ref, {Field.STATUS: "in_progress"}, {Field.STATUS: "todo"})
    labelled.update(made.ref, {Field.PRIORITY: ""}, {Field.PRIORITY: "high"})
    bare.create(Draft("v1:0123456789abcdef0125", {**VALUES, Field.PRIORITY: "P1"}, "text"))
    bare.update("3", {Field.PRIORITY: "low"}, {Field.PRIORITY: "high"})
    bare.update("3", {Field.PRIORITY: ""}, {Field.PRIORITY: "low"})
    bare.update("3", {Field.DUE: ""}, {Field.DUE: "2026-12-24"})
    bare.nest("3", "1")
    said = bare.host.create_comment(PROJECT, 1, "Hello")
    bare.host.edit_comment(PROJECT, said.id, "Bye")
    list(bare.host.comments(PROJECT, 1))
    list(bare.host.issues(PROJECT, datetime(2026, 11, 1, tzinfo=UTC)))


Asked = tuple[str, str, Mapping[str, str], object]


def github(folder: Path) -> Iterator[Asked]:
    with GitHubFake() as fake:
        fields = {7: ("Priority", "single_select"), 9: ("Target date", "date")}
        fake.world.organisation("acme", fields=fields, options={7: ("High", "Low")})
        bench = GitHubBench(fake)
        for login in ("ann", "bob"):
            bench.repo.grant(login, Right.WRITE)
        life(bench.tracker())
        beyond(bench)
        there = bench.repo.bare = kept(folder)
        code = GitHubGit(bench.host(), PROJECT)
        life_of_code(code, there)
        made = code.make_commit("ledger.jsonl", "{}\n", [], "a run")
        code.ref("refs/closeout/ledger")
        code.make_ref("refs/closeout/ledger", made)
        code.move_ref("refs/closeout/ledger", code.make_commit("ledger.jsonl", "{}\n\n", [made], "another"))
        list(code.before(made))
        code.file(there.tip("main"), "docs/a.md")
        life_of_pulls(GitHubPulls(bench.host(), PROJECT))
        yield from _asked(fake.requests, "/api/v3")


def forgejo(folder: Path) -> Iterator[Asked]:
    with ForgejoFake() as fake:
        bench = ForgejoBench(fake)
        life(bench.tracker())
        there = bench.repo.bare = kept(folder)
        code = ForgejoGit(bench.host(), PROJECT)
        life_of_code(code, there)
        code.branch("closeout/items")
        blobs = {"docs/a.md": there.text("rev-parse", "main:docs/a.md")}
        code.commit_on_branch("main", there.tip("main"), ("One", "two"), {"docs/a.md": b"# Outage, mended"}, blobs)
        git(there.path, "update-ref", "refs/heads/closeout/items", there.tip("main") + "~")
        life_of_pulls(ForgejoPulls(bench.host(), PROJECT))
        yield from _asked(fake.requests, f"{fake.prefix}/api/v1")


def _asked(requests: list[Request], prefix: str) -> Iterator[Asked]:
    for one in requests:
        if not one.route.endswith("/graphql"):
            yield one.method, unquote(one.route.removeprefix(prefix)), one.query, one.sent


@pytest.mark.parametrize(("name", "asked"), [(NAMES[0], github), (NAMES[1], forgejo)], ids=["github", "forgejo"])
def test_every_request_is_one_that_the_host_describes(
    name: str, asked: Callable[[Path], Iterator[Asked]], tmp_path: Path
) -> None:
    spec = described(name)
    found = list(asked(tmp_path))
    assert {method for method, *_ in found} >= {"GET", "POST", "PATCH"}
    assert [told for one in found for told in wrong(spec, *one)] == []


SPEC = {
    "paths": {
        "/a/{n}": {
            "parameters": [{"name": "n", "in": "path"}],
            "patch": {
                "parameters": [{"name": "page", "in": "query", "schema": {"type": "integer"}}],
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
        (("PATCH", "/a/1", {"page": "x"}, {"title": "x"}), ["PATCH /a/1: page is never x"]),
        (("PATCH", "/a/1", {"pag": "2"}, {"title": "x"}), ["PATCH /a/1: no parameter is called pag"]),
        (("PATCH", "/a/1", {}, {"titel": "x"}), ["PATCH /a/1: nothing is called titel"]),
        (("PATCH", "/a/1", {}, {"title": 1}), ["PATCH /a/1: title: 1 is not of type 'string'"]),
        (("GET", "/a/1", {}, None), ["GET /a/1 is described nowhere"]),
    ],
)
def test_what_is_described_otherwise_is_told(request_: Asked, told: list[str]) -> None:
    assert list(wrong(SPEC, *request_)) == told
