"""Where a run is made, asked once when it begins: what a person may change meanwhile is not in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from closeout import git
from closeout.git.commits import remote_of
from closeout.settings import Settings
from closeout.settings.kinds import KINDS
from closeout.settings.runner import Runner
from closeout.settings.tracking import Tracker


@dataclass(frozen=True, slots=True)
class Site:
    """A work tree, or a folder without one: `home` is (host, owner/name) of the documents' repository, None without a host;
    `default` the default branch, `current` the one that the run is for, `here` the one that is checked out, each empty
    where nothing tells; `remote` is the one that the branch of the documents follows, empty without one.
    """

    root: Path
    home: tuple[str, str] | None = None
    default: str = ""
    current: str = ""
    here: str = ""
    remote: str = ""

    @property
    def other(self) -> str:
        """The branch that the run is for if it is not the default one; empty where nothing tells which that is."""
        return self.current if self.default and self.current != self.default else ""

    @property
    def shared(self) -> str:
        """The branch whose head on the remote is what everybody shares; empty on any other branch, which stands for itself."""
        return "" if self.other else self.default or self.current

    @property
    def base(self) -> str:
        """The branch that documents go back to; empty where none is checked out."""
        return self.shared or self.here


def site(root: Path, settings: Settings, runner: Runner) -> Site:
    """Ask git where a run is made. Where nothing is read from a clone, a run is for the branch that its runner was started
    for.
    """
    told = git.configured(root, r"^(remote\..+|branch\..+\.remote)$")
    home = _home(told.get("remote.origin.url", ""), runner, settings)
    default = runner.default_branch or git.default_branch(root)
    started = runner.branch if runner.active else ""
    if settings.source != "clone":
        return Site(root, home, default, started if runner.default_branch else "")
    here = git.branch(root)
    made = Site(root, home, default, started or here, here)
    return Site(root, home, default, made.current, here, remote_of(told, made.base))


def origin(root: Path, runner: Runner, settings: Settings | None = None) -> tuple[str, str] | None:
    """Return (host, owner/name) of the documents' repository; None without a host."""
    return _home(git.remote(root) or "", runner, settings)


def _home(address: str, runner: Runner, settings: Settings | None) -> tuple[str, str] | None:
    if settings is not None and settings.source == "api" and (name := settings.repository or runner.repository):
        told = settings.trackers.get(settings.tracker or "github", Tracker())
        return urlsplit(told.url or runner.server).hostname or KINDS["github"].hosts[0], name.lower()
    if runner.active and runner.repository:
        return (urlsplit(runner.server).hostname or KINDS["github"].hosts[0]), runner.repository.lower()
    return git.host_and_path(address.strip())
