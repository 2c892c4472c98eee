"""A repository on a GitHub on loopback, kept in a bare repository that tests look at with git itself."""

from __future__ import annotations

from pathlib import Path

from closeout.hosts.github_git import GitHubGit
from closeout.repositories.api import ApiPublisher
from closeout.repositories.hosted import Hosted
from closeout.state.api import ApiChain
from closeout.state.gitref import REF, GitLedger
from fakes.github_bare import Bare
from github_bench import PROJECT, GitHubBench
from ledgers import TIMES, Clock


def kept_in(bench: GitHubBench, bare: Path) -> Bare:
    """Let the fake's repository be what a bare repository holds."""
    bench.repo.bare = Bare(bare)
    return bench.repo.bare


def git_of(bench: GitHubBench) -> GitHubGit:
    return GitHubGit(bench.host(), PROJECT)


def publisher(bench: GitHubBench) -> ApiPublisher:
    where = Hosted(git_of(bench))
    return ApiPublisher(where.git, where.name, where.listing)


def api_keeper(bench: GitHubBench, clock: Clock) -> GitLedger:
    return GitLedger(ApiChain(git_of(bench), REF), clock=clock, pause=clock.pause, times=TIMES)
