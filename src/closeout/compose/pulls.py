"""The part of the composition for write-backs that wait on a branch: its name, its author, its host."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from functools import cache, partial

from closeout.compose.choice import Choice
from closeout.compose.hosting import documents
from closeout.compose.site import Site
from closeout.git.commits import CLOSEOUT, Author
from closeout.ports.ledger import LedgerKeeper
from closeout.ports.pulls import Pulls
from closeout.repositories.pull_request import PullRequestPublisher
from closeout.settings import Settings
from closeout.settings.runner import Runner
from closeout.trackers.opening import Opened

_BOT = Author("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")


def pull_requests(
    site: Site,
    settings: Settings,
    choice: Choice,
    told: Runner,
    kept: LedgerKeeper,
    where: Opened | None,
    now: datetime.datetime,
) -> PullRequestPublisher:
    """Where write-backs wait to be merged; `now` in UTC."""
    return PullRequestPublisher(
        site.root,
        site.base,
        _host(choice, where),
        now,
        settings.pull_request_branch,
        settings.pull_request_per,
        settings.publish_every,
        author(settings, choice, told, where),
        settings.reading.encodings,
        kept.hold,
        remote=site.remote,
    )


def author(settings: Settings, choice: Choice, told: Runner, where: Opened | None = None) -> Author:
    """Who makes commits: who was named, else git's own user, else the App that the run is of, else the bot of the runner's
    host, else closeout.
    """
    named = re.fullmatch(r"\s*(.+?)\s*<([^<>]+)>\s*", settings.commit_author)
    if named:
        return Author(named[1], named[2], named=True)
    if not told.active or choice.kind != "github":
        return CLOSEOUT
    other = choice.app is not None or told.is_other(choice.token)
    return replace(_BOT, asked=cache(partial(_app, where))) if where is not None and other else _BOT


def _app(where: Opened) -> tuple[str, str] | None:
    from closeout.compose.github import bot  # noqa: PLC0415 - its library is loaded by then

    return bot(where)


def _host(choice: Choice, where: Opened | None) -> Pulls | None:
    """The host of the documents, if it is a tracker's too: with the same account, at the same pace."""
    there = documents(choice)
    return there.pulls(where, choice) if there is not None and where is not None and choice.home else None
