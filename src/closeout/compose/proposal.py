"""A pull request: with what it is compared, and a run that reads the documents as it would leave them."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from closeout import git
from closeout.compose.told import vocabulary
from closeout.engine.proposal import Own, own
from closeout.engine.read import How
from closeout.errors import ConfigurationError
from closeout.git import moving
from closeout.ports.documents import DocumentSource, Page
from closeout.repositories.proposal import Proposal, changed
from closeout.repositories.worktree import DEFAULT_PATHS
from closeout.settings import Settings, declared, load
from closeout.settings.kinds import KINDS
from closeout.settings.runner import Proposed, Runner


@dataclass(frozen=True, slots=True)
class Compared:
    """The documents that a pull request changes, as they were and as it has them, and what of them is its own."""

    before: tuple[Page, ...]
    after: tuple[Page, ...]
    own: Own

    def over(self, shared: DocumentSource) -> Proposal:
        """Return the documents that everybody shares as the pull request would leave them."""
        return Proposal(shared, self.before, self.after)


def compared(root: Path, settings: Settings, told: Runner, proposed: Proposed) -> Compared:
    """Compare what is checked out with what it came of. Raises ConfigurationError where that is not to be had."""
    if git.top(root) is None:
        message = (
            f"pull request {proposed.number}: could not be planned without its files. Let actions/checkout go first"
        )
        raise ConfigurationError(message)
    head = git.head(root, "HEAD")
    base = _base(root, head, proposed)
    moving.bring(root, base, base)
    if told.default_branch:  # where history was left out, the head of the branch alone is enough
        shared = moving.at_origin(root, told.default_branch)
        if shared:
            moving.bring(root, f"refs/heads/{told.default_branch}", shared)
    before, after = changed(root, base, head, settings.paths or DEFAULT_PATHS, settings.reading.encodings)
    how = How(vocabulary(settings))
    return Compared(tuple(before), tuple(after), own(before, after, how))


def may_open(root: Path, settings: Settings, told: Runner, proposed: Proposed, config: Path) -> declared.Pairs:
    """Return what opens which host by the branch that a pull request goes to, and not by the one that is proposed: the
    runner's own host, and what the file there says if it is one of the repository's.
    """
    own = {(declared.place(told.server), declared.JOBS_APP)}
    if told.kind in KINDS:
        own |= {(declared.place(told.server), KINDS[told.kind].token_env)}
    agreed = _agreed(root, told, proposed, config) if settings.trackers else Settings()
    return frozenset(own) | declared.declared(agreed)


def _agreed(root: Path, told: Runner, proposed: Proposed, config: Path) -> Settings:
    """The settings of the branch that a pull request goes to; the usual ones where that has none that can be used."""
    name = _within(root, config)
    if name is None:
        return load(root, {}, config)
    text = ""
    with suppress(ConfigurationError):  # who cannot be asked declares nothing
        moving.bring(root, proposed.base, proposed.base)
        text = (git.git(root, "cat-file", "blob", f"{proposed.base}:{name}") if proposed.base else None) or ""
    with tempfile.TemporaryDirectory(dir=told.own or None) as folder:
        file = Path(folder, config.name)
        for found in (text, ""):
            file.write_text(found, encoding="utf-8", errors="surrogateescape")
            with suppress(ConfigurationError):
                return load(root, {}, file)
    return Settings()


def _within(root: Path, config: Path) -> str | None:
    """The name of a file in the repository, by its path as it was written, or as links lead; None for one elsewhere."""
    for path in (Path(os.path.normpath(Path.cwd() / config)), config.resolve()):
        for top in (root, root.resolve()):
            if path.is_relative_to(top):
                return path.relative_to(top).as_posix()
    return None


def on_default(told: Runner) -> Runner:
    """Return the runner as if it ran where a pull request shall go."""
    return replace(told, branch=told.default_branch or (told.proposed.branch if told.proposed else told.branch))


def _base(root: Path, head: str, proposed: Proposed) -> str:
    """The commit to compare with: what a merge was made on, else where both parted, else the base's head."""
    made_on = moving.parents(root, head)
    if len(made_on) == 2 and made_on[1] == proposed.head:
        return made_on[0]
    return proposed.parted or moving.parted(root, proposed.base, head) or proposed.base
