"""The routes of code: pull requests, branches, trees, blobs, and one commit of several files; a bare repository has it."""

from __future__ import annotations

import base64
import binascii
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from fakes import forgejo_lists
from fakes.forgejo_access import Call, Refused
from fakes.forgejo_json import Told
from fakes.forgejo_state import Issue, Repo
from fakes.github_bare import Bare
from fakes.http import Reply


@dataclass
class Side:
    """A pull request's branches, and the commit that it shows."""

    head: str
    base: str
    sha: str


def bare(repo: Repo) -> Bare:
    assert isinstance(repo.bare, Bare), "a repository with code has a bare git repository"
    return repo.bare


def sides(repo: Repo) -> dict[int, Side]:
    """The pull requests; an open one shows its branch as it stands, and is closed without it."""
    for number, side in repo.pulls.items():
        assert isinstance(side, Side)
        issue, now = repo.issues[number], bare(repo).tip(f"refs/heads/{side.head}")
        if issue.closed is None and now:
            side.sha = now
        elif issue.closed is None:
            repo.close(number)
    return repo.pulls


def merge(repo: Repo, number: int) -> None:
    """Merge as a person; the branch stays."""
    side = sides(repo)[number]
    bare(repo).merged(side.base, side.sha, f"Merge pull request {number}", both=True)
    repo.merge(number)


def pulls(call: Call) -> Reply:
    """No head narrows the list."""
    state = call.request.query.get("state", "open")
    found = [
        shape(call, number)
        for number in sorted(sides(call.repo), reverse=True)
        if state == "all" or (call.repo.issues[number].closed is not None) == (state == "closed")
    ]
    return forgejo_lists.paged(call, found)


def pull_between(call: Call) -> Reply:
    """One of them, the first that comes: mostly the oldest. Old servers have no such address."""
    if call.shapes.world.flavour.old:
        raise Refused(404)
    base, head = (unquote(part) for part in call.parts)
    for number, side in sorted(sides(call.repo).items()):
        if (side.base, side.head) == (base, head):
            return Reply(200, shape(call, number))
    raise call.missing()


def pull(call: Call) -> Reply:
    return Reply(200, shape(call, _number(call)))


def open_pull(call: Call) -> Reply:
    assert call.token is not None
    values = call.sent()
    head, base = str(values["head"]), str(values["base"])
    if not call.writer:
        raise call.refused(403, "user should have permission to write to a repo")
    if not (tip := bare(call.repo).tip(f"refs/heads/{head}")):
        raise call.missing()
    for number, side in sides(call.repo).items():
        if (side.head, side.base) == (head, base) and call.repo.issues[number].closed is None:
            raise call.refused(409, f"pull request already exists for these targets [id: 1, issue_id: {number}]")
    issue = call.repo.open(str(values["title"]), values.get("body") or "", by=call.token.account.login, pull=True)
    call.repo.pulls[issue.number] = Side(head, base, tip)
    return Reply(201, shape(call, issue.number))


def edit_pull(call: Call) -> Reply:
    number, values = _number(call), call.sent()
    if not call.writer:
        raise Refused(403)
    issue = call.repo.issues[number]
    if values.get("state") and issue.merged:
        raise call.refused(412, "cannot change state of this pull request, it was already merged")
    issue.title = values.get("title") or issue.title
    issue.body = values["body"] if values.get("body") is not None else issue.body
    if values.get("state") == "closed" and issue.closed is None:
        call.repo.close(number)
    call.repo.touch(number)
    return Reply(201, shape(call, number))


def shape(call: Call, number: int) -> Told:
    side, told = sides(call.repo)[number], call.shapes.issue(call.repo, call.repo.issues[number])
    there = bare(call.repo).tip(f"refs/heads/{side.head}")
    issue: Issue = call.repo.issues[number]
    return {
        **{name: told[name] for name in ("id", "number", "html_url", "title", "body", "state", "user", "created_at")},
        "closed_at": told["closed_at"],
        "merged": issue.merged is not None,
        "merged_at": call.shapes.stamp(issue.merged),
        "draft": issue.title.lower().startswith("wip:"),
        "head": {
            "label": side.head,
            "ref": side.head if there else f"refs/pull/{number}/head",
            "sha": side.sha,
            "repo_id": call.repo.id,
        },
        "base": {
            "label": side.base,
            "ref": side.base,
            "sha": bare(call.repo).tip(f"refs/heads/{side.base}"),
            "repo_id": call.repo.id,
        },
    }


def branch(call: Call) -> Reply:
    name = unquote(call.parts[0])
    if not (tip := bare(call.repo).tip(f"refs/heads/{name}")):
        raise call.missing()
    return Reply(200, {"name": name, "commit": {"id": tip}, "protected": name in bare(call.repo).protected})


def tree(call: Call) -> Reply:
    """A page of a tree; with more than a page all of them say that they are cut."""
    query, oid = call.request.query, call.parts[0]
    root = bare(call.repo).text("rev-parse", "--verify", "--quiet", f"{oid}^{{tree}}")
    if not root:
        raise call.refused(400, f"sha not found [{oid}]")
    deep = query.get("recursive", "") in {"1", "true"}
    rows = bare(call.repo).listed(oid, deep=deep)
    asked = int(query.get("per_page", "0") or 0)
    size = asked if 0 < asked <= call.entries else call.entries
    page = max(int(query.get("page", "1") or 1), 1)
    told = [{"size": 0, **row} for row in rows[(page - 1) * size : page * size]]
    body = {"sha": root, "tree": told or None, "truncated": len(rows) > size, "page": page, "total_count": len(rows)}
    return Reply(200, body)


def blob(call: Call) -> Reply:
    found = bare(call.repo).blobs([call.parts[0]])
    if call.parts[0] not in found:
        raise call.refused(400, f"object does not exist [id: {call.parts[0]}]")
    raw = found[call.parts[0]]
    content = base64.b64encode(raw).decode()
    return Reply(200, {"sha": call.parts[0], "size": len(raw), "encoding": "base64", "content": content})


def commit(call: Call) -> Reply:
    code, oid = bare(call.repo), call.parts[0]
    if code.kind(oid) != "commit":
        raise call.missing()
    parents = code.text("log", "-1", "--format=%P", oid).split()
    message = code.text("log", "-1", "--format=%B", oid)
    told = {"message": f"{message}\n", "tree": {"sha": oid}}  # not the tree's name
    return Reply(200, {"sha": oid, "commit": told, "parents": [{"sha": one} for one in parents]})


def change_files(call: Call) -> Reply:
    """One commit of several files on the head as it stands; the blob that each had is what must still be there."""
    assert call.token is not None
    values, code = call.sent(), bare(call.repo)
    name = values.get("branch") or code.default
    head = code.tip(f"refs/heads/{name}")
    if not call.shapes.world.flavour.several:
        raise Refused(405)
    if not call.writer:
        raise call.refused(403, "user should have a permission to write to this branch")
    if name in code.protected:
        raise call.refused(403, "user cannot commit to repo")
    if not head:
        raise call.refused(404, f"branch does not exist [name: {name}]")
    there = {str(row["path"]): row for row in code.listed(head, deep=True)}
    entries = []
    for file in values["files"]:
        now = there.get(file["path"])
        if file["operation"] != "update" or now is None:
            raise call.refused(422, f"unsupported operation or no file [path: {file['path']}]")
        if file.get("sha") != now["sha"]:
            raise call.refused(422, f"sha does not match [given: {file.get('sha')}, expected: {now['sha']}]")
        entries.append((str(now["mode"]), code.blob(_content(call, file)), file["path"]))
    with tempfile.TemporaryDirectory() as folder:
        made = code.commit(code.tree(head, entries, Path(folder)), [head], values["message"], call.token.account.login)
    assert code.move(f"refs/heads/{name}", made, head)
    return Reply(201, {"files": [], "commit": {"sha": made, "parents": [{"sha": head}]}, "verification": None})


def _content(call: Call, file: dict[str, Any]) -> bytes:
    try:
        return base64.b64decode(file["content"], validate=True)
    except (binascii.Error, ValueError):
        raise call.refused(422, "Invalid base64 content") from None


def _number(call: Call) -> int:
    number = int(call.parts[0])
    if number not in sides(call.repo):
        raise call.missing()
    return number


def commits(call: Call) -> Reply:
    """A commit and those before it; one that is not there is a failure of the server."""
    code, oid = bare(call.repo), call.request.query.get("sha", "")
    if code.kind(oid) != "commit":
        raise call.refused(500, f"object does not exist [id: {oid}, rel_path: ]")
    return forgejo_lists.paged(call, [{"sha": one} for one in code.text("rev-list", oid).split()])
