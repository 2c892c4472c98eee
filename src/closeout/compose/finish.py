"""What is to be done with a run's outcome once everything else is: the tree of the folder tracker is committed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from closeout.compose.choice import Choice
from closeout.compose.pulls import author
from closeout.domain.outcome import Outcome
from closeout.errors import ConfigurationError
from closeout.repositories.tree_commit import begun
from closeout.settings import Settings
from closeout.settings.runner import Runner
from closeout.trackers.folder import FolderTracker


def finisher(root: Path, settings: Settings, choice: Choice, told: Runner) -> Callable[[Outcome], Outcome]:
    """Return what commits the tree that holds documents, issues and ledger, if that is asked for."""
    if choice.kind != "folder" or settings.publish != "commit":
        return lambda outcome: outcome
    commit = begun(root, FolderTracker.folder.partition("/")[0], author(settings, choice, told))

    def finish(outcome: Outcome) -> Outcome:
        try:
            place = commit(outcome.written)
        except ConfigurationError as error:
            return replace(outcome, errors=(*outcome.errors, (error.exit, f"the commit: {error}")))
        return replace(outcome, places=(*outcome.places, place)) if place else outcome

    return finish
