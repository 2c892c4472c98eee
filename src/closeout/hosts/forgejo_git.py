"""A repository on Forgejo as git sees it, one typed function per endpoint: branches, commits, trees and blobs."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel

from closeout.hosts.forgejo import Forgejo
from closeout.hosts.forgejo_replies import RawBlob, RawBranch, RawCommit, RawFiles, RawSha, RawTree
from closeout.hosts.git_objects import Branch, Commit, Declined, Entry, Head, Object, Tree, oid_of
from closeout.hosts.pacing import Errand
from closeout.hosts.rest import Refused

Answer = TypeVar("Answer", bound=BaseModel)
_ENTRIES = 1000  # what a server tells of a tree at most unless its administrator says otherwise
_MOST_PAGES = 20
_FAR = 1_000


@dataclass
class ForgejoGit:
    """The git repository `repository` (`owner/name`) of a host.

    Every method raises TrackerError and LaterError; `commit_on_branch` raises OutcomeUnknown too.
    """

    host: Forgejo
    repository: str
    _found: tuple[str, str] = field(default=("", ""), repr=False)

    @property
    def place(self) -> str:
        """The repository as an error names it."""
        return self.host.place(self.repository)

    def branch(self, name: str = "") -> Branch | None:
        """Look at a branch, the default one without a name; None if there is none."""
        default = self._known[1]
        errand = Errand(self.place, f"read the branch {name or default}")
        try:
            told = self._read(RawBranch, f"/branches/{quote(name or default)}", errand)
        except Refused as refused:
            if refused.status != 404:
                raise
            return None if name else Branch(name=default)
        return Branch(name=told.name, target=Head(oid=told.commit.id))

    def commit(self, oid: str) -> Commit:
        """Look at a commit."""
        told = self._read(RawCommit, f"/git/commits/{oid}", Errand(self.place, f"read the commit {oid[:7]}"))
        parents = tuple(Object(sha=one.sha) for one in told.parents or ())
        return Commit(sha=told.sha, message=told.commit.message, parents=parents, tree=Object(sha=told.commit.tree.sha))

    def tree(self, oid: str, *, deep: bool) -> Tree:
        """List a folder, or the root of a commit; `deep` with all that is below it, `truncated` where that is very much:
        the host cuts every tree into pages, and counts all of it for each.
        """
        errand = Errand(self.place, f"list the files of {oid[:7]}")
        found: list[Entry] = []
        for page in range(1, _MOST_PAGES + 1 if deep else 1_000):
            query = {"page": str(page), "per_page": str(_ENTRIES), **({"recursive": "true"} if deep else {})}
            told = self._read(RawTree, f"/git/trees/{oid}", errand, query)
            found += told.tree or ()
            if not told.tree or len(found) >= told.total_count:
                return Tree(sha=told.sha, tree=tuple(found), truncated=len(found) < told.total_count)
        return Tree(sha=oid, tree=tuple(found), truncated=True)

    def blob(self, oid: str) -> bytes:
        """Read a blob. Raises TrackerError if other bytes than its came, as of one that is too large."""
        errand = Errand(self.place, f"read the blob {oid[:7]}")
        told = self._read(RawBlob, f"/git/blobs/{oid}", errand).raw
        if oid_of(told) != oid:
            raise errand.failed("other bytes came", "Run again, and report it if it stays so")
        return told

    def texts(self, oids: Sequence[str]) -> Mapping[str, bytes]:  # noqa: ARG002 - as the port of blobs has it
        """Read none: the host tells one blob with a request, so that each is asked for alone."""
        return {}

    def stands(self, oid: str, base: str) -> str:
        """Return how a commit stands to another, which need not be there: identical, ahead, or diverged; ahead too where a
        long history was not read to its end. The host compares no commits that are not branches' heads.
        """
        errand = Errand(self.place, f"list what came before the commit {oid[:7]}")
        query = {"sha": oid, "stat": "false", "verification": "false", "files": "false"}
        if oid == base:
            return "identical"
        found = self.host.pages(RawSha, f"/repos/{self._known[0]}/commits", errand, query)
        near = any(one.sha == base or count >= _FAR for count, one in enumerate(found))
        return "ahead" if near else "diverged"

    def commit_on_branch(
        self, branch: str, head: str, message: tuple[str, str], files: Mapping[str, bytes], old: Mapping[str, str]
    ) -> str:
        """Put files into one commit on a branch that points to `head`, and return it; `old` are the blobs that they had.

        `message` is its headline and its body. Raises Declined if it surely was not made. The host takes it on any head
        whose files have those blobs, so that one which moved just now is no error.
        """
        found = self.branch(branch)
        errand = Errand(self.place, f"commit on {branch}", write=True)
        if found is None or found.target is None or found.target.oid != head:
            raise Declined(errand, f"{branch} has other commits", stale=True)
        told = [
            {"operation": "update", "path": path, "sha": old[path], "content": base64.b64encode(raw).decode()}
            for path, raw in files.items()
        ]
        body = {"branch": branch, "message": "\n\n".join(part for part in message if part), "files": told}
        try:
            made = self.host.rest.write(RawFiles, "POST", f"/repos/{self._known[0]}/contents", body, errand)
        except Refused as refused:
            stale = refused.status in {404, 409} or "sha does not match" in refused.message
            why = refused.message or str(refused.status)
            if refused.status == 405:
                why = "the server is too old to change several files in one commit"
            raise Declined(errand, why, stale=stale) from None
        return made.commit.sha

    @property
    def _known(self) -> tuple[str, str]:
        """The repository's present name and its default branch, looked up once."""
        if not self._found[0]:
            told = self.host.repository(self.repository)
            self._found = (told.full_name, told.default_branch)
        return self._found

    def _read(self, kind: type[Answer], path: str, errand: Errand, query: Mapping[str, str] | None = None) -> Answer:
        return self.host.rest.read(kind, f"/repos/{self._known[0]}{path}", errand, query)
