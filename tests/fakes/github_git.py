"""The routes of git: refs, commits, trees, blobs, comparing, and what closeout asks by GraphQL."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any
from urllib.parse import unquote

from fakes.github_access import Token, refusal
from fakes.github_bare import Bare
from fakes.github_issues import Call
from fakes.github_json import Shapes
from fakes.github_lists import paged
from fakes.github_state import Repo
from fakes.github_values import Right
from fakes.http import Reply, Request

STALE = 'Expected branch to point to "{}" but it did not.  Pull and try again.'
_OBJECT = re.compile(r'(\w+): object\(oid: "([0-9a-f]{40})"\)')
_TOLD = 500_000


def bare(call: Call, *, write: bool = False) -> Bare:
    """Return what is kept. Raises Refused without a right to it, and where nothing was ever pushed."""
    if call.token and call.token.contents < (Right.WRITE if write else Right.READ):
        raise refusal(403, f"Resource not accessible by {'integration' if call.token.app else 'personal access token'}")
    if write:
        call.needs(Right.WRITE)
    if call.repo.bare is None:
        raise refusal(409, "Git Repository is empty.")
    return call.repo.bare


def told_ref(call: Call, ref: str, oid: str) -> dict[str, Any]:
    url = f"{call.shapes.repo_url(call.repo)}/git"
    kept = {"sha": oid, "type": "commit", "url": f"{url}/commits/{oid}"}
    return {"ref": ref, "node_id": "REF_x", "url": f"{url}/{ref}", "object": kept}


def read_ref(call: Call) -> Reply:
    name = f"refs/{unquote(call.parts[0])}"
    oid = dict(bare(call).refs()).get(name)
    if oid is None:
        raise refusal(404, "Not Found")
    return Reply(200, told_ref(call, name, oid))


def matching_refs(call: Call) -> Reply:
    start = f"refs/{unquote(call.parts[0])}"
    return Reply(200, [told_ref(call, ref, oid) for ref, oid in bare(call).refs() if ref.startswith(start)])


def make_ref(call: Call) -> Reply:
    kept, sent = bare(call, write=True), call.request.sent
    ref, oid = sent.get("ref", ""), sent.get("sha", "")
    if not ref.startswith("refs/") or ref.count("/") < 2:
        raise refusal(422, "Reference name must start with 'refs/' and contain at least two '/' characters.")
    if kept.kind(oid) != "commit":
        raise refusal(422, "Object does not exist")
    if kept.tip(ref) or not kept.move(ref, oid, ""):
        raise refusal(422, "Reference already exists")
    return Reply(201, told_ref(call, ref, oid))


def move_ref(call: Call) -> Reply:
    kept, sent = bare(call, write=True), call.request.sent
    ref, oid = f"refs/{unquote(call.parts[0])}", sent.get("sha", "")
    old = kept.tip(ref)
    if not old:
        raise refusal(422, "Reference does not exist")
    if kept.kind(oid) != "commit":
        raise refusal(422, "Object does not exist")
    if not sent.get("force", False) and not kept.descends(oid, old):
        raise refusal(422, "Update is not a fast forward")
    kept.move(ref, oid, old)
    return Reply(200, told_ref(call, ref, oid))


def told_commit(call: Call, oid: str) -> dict[str, Any]:
    kept, url = bare(call), call.shapes.repo_url(call.repo)
    tree, parents, name, email, date = kept.text("show", "-s", "--format=%T%n%P%n%an%n%ae%n%aI", oid).split("\n")
    who = {"name": name, "email": email, "date": date}
    return {
        "sha": oid,
        "node_id": "C_x",
        "url": f"{url}/git/commits/{oid}",
        "html_url": f"{call.shapes.web}/{call.repo.full_name}/commit/{oid}",
        "author": who,
        "committer": who,
        "tree": {"sha": tree, "url": f"{url}/git/trees/{tree}"},
        "message": kept.text("show", "-s", "--format=%B", oid),
        "parents": [{"sha": parent, "url": f"{url}/git/commits/{parent}"} for parent in parents.split()],
        "verification": {"verified": False, "reason": "unsigned", "signature": None, "payload": None},
    }


def read_commit(call: Call) -> Reply:
    if bare(call).kind(call.parts[0]) != "commit":
        raise refusal(404, "Not Found")
    return Reply(200, told_commit(call, call.parts[0]))


def make_commit(call: Call) -> Reply:
    kept, sent = bare(call, write=True), call.request.sent
    if not isinstance(sent.get("message"), str) or not sent.get("tree"):
        raise refusal(422, 'Invalid request.\n\n"message", "tree" weren\'t supplied.')
    if kept.kind(sent["tree"]) != "tree":
        raise refusal(422, "Tree SHA does not exist")
    if any(kept.kind(parent) != "commit" for parent in sent.get("parents", [])):
        raise refusal(422, "Parent SHA does not exist or is not a commit object")
    oid = kept.commit(sent["tree"], sent.get("parents", []), sent["message"], call.author.account.login)
    return Reply(201, told_commit(call, oid))


def history(call: Call) -> Reply:
    start = call.request.query.get("sha", "HEAD")
    if not bare(call).tip(start):
        raise refusal(404, "Not Found")
    found = [told_commit(call, oid) for oid in bare(call).text("rev-list", start).split()]
    return paged(call.request, call.url, found)


def read_tree(call: Call) -> Reply:
    kept = bare(call)
    oid = kept.text("rev-parse", "--verify", "--quiet", f"{call.parts[0]}^{{tree}}")
    if not oid:
        raise refusal(404, "Not Found")
    found = kept.listed(oid, deep="recursive" in call.request.query)
    url = f"{call.shapes.repo_url(call.repo)}/git"
    entries = [{**one, "url": f"{url}/{one['type']}s/{one['sha']}"} for one in found[: kept.deepest]]
    told = {"sha": call.parts[0], "url": f"{url}/trees/{oid}", "tree": entries, "truncated": len(found) > kept.deepest}
    return Reply(200, told)


def make_tree(call: Call) -> Reply:
    kept, sent = bare(call, write=True), call.request.sent
    if not sent.get("tree"):
        raise refusal(422, "Invalid tree info")
    entries = []
    for one in sent["tree"]:
        oid = one.get("sha") or kept.blob(one["content"].encode())
        entries.append((one["mode"], oid, one["path"]))
    base_tree = sent.get("base_tree", "")
    if base_tree and not kept.kind(base_tree):
        raise refusal(404, "Not Found")
    made = kept.tree(base_tree, entries, kept.path)
    return Reply(201, {"sha": made, "url": "", "tree": kept.listed(made, deep=False), "truncated": False})


def read_blob(call: Call) -> Reply:
    raw = bare(call).git("cat-file", "blob", call.parts[0])
    if raw is None:
        raise refusal(404, "Not Found")
    content = base64.encodebytes(raw).decode()
    return Reply(
        200, {"sha": call.parts[0], "node_id": "B_x", "size": len(raw), "content": content, "encoding": "base64"}
    )


def read_file(call: Call) -> Reply:
    """A file's content: what is larger than a million bytes is not told."""
    kept, path = bare(call), unquote(call.parts[0])
    where = f"{call.request.query.get('ref', kept.default)}:{path}"
    oid, raw = kept.text("rev-parse", "--verify", "--quiet", where), kept.git("cat-file", "blob", where)
    if raw is None:
        raise refusal(404, "Not Found")
    told = {"type": "file", "name": path, "path": path, "sha": oid, "size": len(raw)}
    if len(raw) > 1_048_576:
        return Reply(200, {**told, "encoding": "none", "content": ""})
    return Reply(200, {**told, "encoding": "base64", "content": base64.encodebytes(raw).decode()})


def compare(call: Call) -> Reply:
    kept = bare(call)
    base_, _, head = call.parts[0].partition("...")
    if not (kept.tip(base_) and kept.tip(head)):
        raise refusal(404, "Not Found")
    ahead = int(kept.text("rev-list", "--count", f"{base_}..{head}"))
    behind = int(kept.text("rev-list", "--count", f"{head}..{base_}"))
    words = {(False, False): "identical", (True, False): "ahead", (False, True): "behind", (True, True): "diverged"}
    return Reply(
        200, {"status": words[bool(ahead), bool(behind)], "ahead_by": ahead, "behind_by": behind, "commits": []}
    )


def graphql(request: Request, token: Token | None, repos: dict[int, Repo], shapes: Shapes) -> Reply:
    """Answer the queries that closeout asks; what is refused is told with status 200."""
    if token is None:
        raise refusal(401, "Requires authentication")
    sent = request.sent
    if re.search(r"\bviewer\b", sent["query"]):
        return Reply(200, {"data": {"viewer": {"login": token.account.login}}})
    variables = sent.get("variables", {})
    made = variables.get("input", {})
    name = made.get("branch", {}).get("repositoryNameWithOwner") or f"{variables.get('owner')}/{variables.get('name')}"
    repo = next((one for one in repos.values() if one.full_name.lower() == name.lower()), None)
    if repo is None or token.right(repo) < Right.READ:
        return error("NOT_FOUND", f"Could not resolve to a Repository with the name '{name}'.", "repository")
    if "createCommitOnBranch" in sent["query"]:
        return commit_on_branch(token, repo, made)
    if token.contents < Right.READ:
        return error("FORBIDDEN", "Resource not accessible by integration", "repository")
    kept = repo.bare
    if "object(oid" in sent["query"]:
        wanted = dict(_OBJECT.findall(sent["query"]))
        blobs = kept.blobs(list(wanted.values())) if kept else {}
        return Reply(200, {"data": {"repository": {alias: text(blobs.get(oid)) for alias, oid in wanted.items()}}})
    named = variables["named"]
    ref = variables["ref"] if named else f"refs/heads/{kept.default if kept else 'main'}"
    tip = kept.tip(ref) if kept else ""
    told = {"name": ref.removeprefix("refs/heads/"), "target": {"oid": tip}} if tip else None
    return Reply(200, {"data": {"repository": {"ref" if named else "defaultBranchRef": told}}})


def text(raw: bytes | None) -> dict[str, Any] | None:
    """A blob's text: none of what is binary, a part of what is long, and damage mended."""
    if raw is None:
        return None
    return {"text": None if b"\0" in raw else raw[:_TOLD].decode("utf-8", "replace")}


def commit_on_branch(token: Token, repo: Repo, made: dict[str, Any]) -> Reply:
    kept, branch = repo.bare, made["branch"]["branchName"]
    if token.right(repo) < Right.WRITE or token.contents < Right.WRITE:
        whom = "integration" if token.app else "personal access token"
        return error("FORBIDDEN", f"Resource not accessible by {whom}", "createCommitOnBranch")
    old = kept.tip(f"refs/heads/{branch}") if kept else ""
    if kept is None or not old:
        return error("NOT_FOUND", f"Branch {branch} not found", "createCommitOnBranch")
    if branch in kept.protected:
        return error("BRANCH_PROTECTION_RULE_VIOLATION", kept.protected[branch], "createCommitOnBranch")
    if made["expectedHeadOid"] != old:
        return error("STALE_DATA", STALE.format(made["expectedHeadOid"]), "createCommitOnBranch")
    entries = []
    for one in made["fileChanges"].get("additions", []):
        try:
            raw = base64.b64decode(one["contents"], validate=True)
        except binascii.Error:
            return error("UNPROCESSABLE", "contents is not valid Base64", "createCommitOnBranch")
        entries.append(("100644", kept.blob(raw), one["path"]))  # whatever mode it had
    message = made["message"]["headline"] + (f"\n\n{made['message']['body']}" if made["message"].get("body") else "")
    oid = kept.commit(kept.tree(old, entries, kept.path), [old], message, token.account.login)
    kept.move(f"refs/heads/{branch}", oid, old)
    return Reply(200, {"data": {"createCommitOnBranch": {"commit": {"oid": oid}}}})


def error(kind: str, message: str, part: str) -> Reply:
    told = {"type": kind, "path": [part], "locations": [{"line": 1, "column": 1}], "message": message}
    return Reply(200, {"data": {part: None}, "errors": [told]})


REST = r"(.+)"
ROUTES = (
    ("GET", f"/git/ref/{REST}", read_ref),
    ("GET", f"/git/matching-refs/{REST}", matching_refs),
    ("POST", "/git/refs", make_ref),
    ("PATCH", f"/git/refs/{REST}", move_ref),
    ("GET", "/git/commits/([0-9a-f]+)", read_commit),
    ("POST", "/git/commits", make_commit),
    ("GET", "/commits", history),
    ("GET", "/git/trees/([^/]+)", read_tree),
    ("POST", "/git/trees", make_tree),
    ("GET", "/git/blobs/([0-9a-f]+)", read_blob),
    ("GET", f"/contents/{REST}", read_file),
    ("GET", f"/compare/{REST}", compare),
)
