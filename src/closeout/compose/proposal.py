"""A pull request: with what it is compared, and a run that reads the documents as it would leave them."""

from __future__ import annotations

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
from closeout.settings import Settings
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


def on_default(told: Runner) -> Runner:
    """Return the runner as if it ran where a pull request shall go."""
    return replace(told, branch=told.default_branch or (told.proposed.branch if told.proposed else told.branch))


def _base(root: Path, head: str, proposed: Proposed) -> str:
    """The commit to compare with: what a merge was made on, else where both parted, else the base's head."""
    made_on = moving.parents(root, head)
    if len(made_on) == 2 and made_on[1] == proposed.head:
        return made_on[0]
    return proposed.parted or moving.parted(root, proposed.base, head) or proposed.base
