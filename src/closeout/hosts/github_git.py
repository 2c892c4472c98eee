"""A repository on GitHub as git sees it, one typed function per endpoint: branches, commits, trees, blobs and refs."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from closeout.hosts.git_objects import Branch, Commit, Declined, Head, Object, Tree, oid_of
from closeout.hosts.github import GitHub
from closeout.hosts.github_git_replies import Compared, Content, Ref, Text
from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import Told
from closeout.hosts.pacing import Errand

Answer = TypeVar("Answer", bound=BaseModel)
_BRANCH = """query($owner: String!, $name: String!, $ref: String!, $named: Boolean!) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $ref) @include(if: $named) { name target { oid } }
    defaultBranchRef @skip(if: $named) { name target { oid } }
  }
}"""
_COMMIT = """mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}"""
_TOGETHER = 100
_STALE = "STALE_DATA"


@dataclass(frozen=True, slots=True)
class GitHubGit:
    """The git repository `repository` (`owner/name`) of a host.

    Every method raises TrackerError and LaterError; those that move a ref raise OutcomeUnknown too. Making an object
    twice makes it once, so that is simply asked again.
    """

    host: GitHub
    repository: str

    @property
    def place(self) -> str:
        """The repository as an error names it."""
        return self.host.place(self.repository)

    def branch(self, name: str = "") -> Branch | None:
        """Look at a branch, the default one without a name; None if there is none."""
        owner, _, own = self.repository.partition("/")
        errand = Errand(self.place, f"read the branch {name}" if name else "read the default branch")
        asked = {"owner": owner, "name": own, "ref": f"refs/heads/{name}", "named": bool(name)}
        told = self.host.graphql(_BRANCH, asked, errand)
        found = _part(told, "repository")
        if told.errors or not isinstance(found, Mapping):
            why = told.errors[0].message if told.errors else "it is not there"
            raise errand.failed(why, "Check the name of the repository, and that the token may read its contents")
        branch = found.get("ref" if name else "defaultBranchRef")
        return None if branch is None else _checked(Branch, branch, errand)

    def ref(self, name: str) -> str:
        """Return what a ref (by its whole name) points to; empty if there is none.

        It is picked out of a listing: a 404 would be the answer to a repository that cannot be seen, too.
        """
        errand = Errand(self.place, f"read {name}")
        path = f"/repos/{self.repository}/git/matching-refs/{quote(name.removeprefix('refs/'))}"
        found = self.host.pages(Ref, path, errand, None)
        return next((one.object.sha for one in found if one.ref == name), "")

    def commit(self, oid: str) -> Commit:
        """Look at a commit."""
        errand = Errand(self.place, f"read the commit {oid[:7]}")
        return self.host.read(Commit, f"/repos/{self.repository}/git/commits/{oid}", errand)

    def before(self, oid: str) -> Iterator[str]:
        """Yield a commit and those before it, newest first."""
        errand = Errand(self.place, f"list what came before the commit {oid[:7]}")
        for one in self.host.pages(Object, f"/repos/{self.repository}/commits", errand, {"sha": oid}):
            yield one.sha

    def tree(self, oid: str, *, deep: bool) -> Tree:
        """List a folder, or the root of a commit; `deep` with all that is below it."""
        errand = Errand(self.place, f"list the files of {oid[:7]}")
        query = {"recursive": "1"} if deep else {}
        return self.host.read(Tree, f"/repos/{self.repository}/git/trees/{oid}", errand, query)

    def blob(self, oid: str) -> bytes:
        """Read a blob. Raises TrackerError if other bytes than its came."""
        errand = Errand(self.place, f"read the blob {oid[:7]}")
        told = self.host.read(Content, f"/repos/{self.repository}/git/blobs/{oid}", errand)
        if told.raw is None or oid_of(told.raw) != oid:
            raise errand.failed("other bytes came", "Run again, and report it if it stays so")
        return told.raw

    def texts(self, oids: Sequence[str]) -> Mapping[str, bytes]:
        """Read as many blobs as can be read a hundred with a request: whole texts in UTF-8, which hash to their names."""
        owner, _, own = self.repository.partition("/")
        found = {}
        for at in range(0, len(oids), _TOGETHER):
            some = oids[at : at + _TOGETHER]
            parts = "".join(
                f'b{number}: object(oid: "{oid}") {{ ... on Blob {{ text }} }}\n' for number, oid in enumerate(some)
            )
            query = f"query($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{\n{parts}}} }}"
            errand = Errand(self.place, "read documents")
            told = _part(self.host.graphql(query, {"owner": owner, "name": own}, errand), "repository")
            for number, oid in enumerate(some):
                raw = _raw(told.get(f"b{number}") if isinstance(told, Mapping) else None)
                if raw is not None and oid_of(raw) == oid:
                    found[oid] = raw
        return found

    def file(self, commit: str, path: str) -> bytes | None:
        """Read a file of a commit; None if it is not there."""
        errand = Errand(self.place, f"read {path} at {commit[:7]}")
        try:
            where = f"/repos/{self.repository}/contents/{quote(path)}"
            told = self.host.read(Content, where, errand, {"ref": commit})
        except Refused as refused:
            if refused.status == 404:
                return None
            raise
        return self.blob(told.sha) if told.raw is None else told.raw

    def stands(self, oid: str, base: str) -> str:
        """Return how a commit stands to another: identical, ahead, behind or diverged; empty if one is not there."""
        errand = Errand(self.place, f"compare {oid[:7]} with {base[:7]}")
        path = f"/repos/{self.repository}/compare/{base}...{oid}"
        try:
            return self.host.read(Compared, path, errand, {"per_page": "1"}).status
        except Refused as refused:
            if refused.status in {404, 422}:
                return ""
            raise

    def make_commit(self, path: str, text: str, parents: Sequence[str], message: str) -> str:
        """Make a commit that holds one file, and return it; no ref points to it yet."""
        errand = Errand(self.place, f"make a commit of {path}")
        entry = {"path": path, "mode": "100644", "type": "blob", "content": text}
        where = f"/repos/{self.repository}/git"
        tree = self.host.write(Object, "POST", f"{where}/trees", {"tree": [entry]}, errand).sha
        told = {"message": message, "tree": tree, "parents": list(parents)}
        return self.host.write(Object, "POST", f"{where}/commits", told, errand).sha

    def make_ref(self, name: str, oid: str) -> None:
        """Make a ref, by its whole name. Raises Refused if it is there already."""
        errand = Errand(self.place, f"make {name}", write=True)
        self.host.write(Ref, "POST", f"/repos/{self.repository}/git/refs", {"ref": name, "sha": oid}, errand)

    def move_ref(self, name: str, oid: str) -> None:
        """Move a ref on to a commit that comes after the one that it points to. Raises Refused if it points elsewhere."""
        errand = Errand(self.place, f"move {name}", write=True)
        path = f"/repos/{self.repository}/git/refs/{quote(name.removeprefix('refs/'))}"
        self.host.write(Ref, "PATCH", path, {"sha": oid, "force": False}, errand)

    def commit_on_branch(
        self,
        branch: str,
        head: str,
        message: tuple[str, str],
        files: Mapping[str, bytes],
        old: Mapping[str, str],  # noqa: ARG002 - the head says what they were
    ) -> str:
        """Put files into one commit on a branch that points to `head`, signed by GitHub, and return it.

        `message` is its headline and its body. Raises Declined if it surely was not made.
        """
        errand = Errand(self.place, f"commit on {branch}", write=True)
        additions = [{"path": path, "contents": base64.b64encode(raw).decode()} for path, raw in files.items()]
        told = self.host.graphql(_COMMIT, {"input": {
            "branch": {"repositoryNameWithOwner": self.repository, "branchName": branch},
            "expectedHeadOid": head,
            "message": {"headline": message[0], "body": message[1]},
            "fileChanges": {"additions": additions},
        }}, errand)  # fmt: skip
        for error in told.errors:
            if error.type:
                raise Declined(errand, error.message or error.type, stale=error.type == _STALE)
            raise errand.unknown(f"it answered {error.message}")
        made = _part(told, "createCommitOnBranch")
        return _checked(_Made, made, errand).commit.oid


class _Made(BaseModel):
    commit: Head


def _part(told: Told, name: str) -> object:
    return told.data.get(name) if told.data is not None else None


def _raw(told: object) -> bytes | None:
    try:
        text = Text.model_validate(told).text
        return text.encode() if text is not None else None
    except (ValidationError, UnicodeError):
        return None


def _checked(kind: type[Answer], told: object, errand: Errand) -> Answer:
    try:
        return kind.model_validate(told)
    except ValidationError:
        why = "its answer cannot be read"
    raise errand.unknown(why) if errand.write else errand.failed(why, "Check that the address is a GitHub's")
