"""`closeout adopt`: an issue becomes an item's own."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from closeout.cli.options import AnyBranch, Config, Item, Tracker, Yes
from closeout.cli.word import speak
from closeout.compose.circumstances import Consent
from closeout.engine.adopt import adopt
from closeout.engine.view import Decide
from closeout.engine.world import Options


def command(
    item: Item,
    ticket: Annotated[str, typer.Argument(help="The issue, as a ticket in that document names it.", metavar="TICKET")],
    tracker: Tracker = None,
    any_branch: AnyBranch = False,
    config: Config = None,
    yes: Yes = False,
) -> None:
    """Make the issue that a ticket names an item's own: from then on changes go both ways.

    It is the answer to a row that lost its issue, to a ticket that several rows follow, and to an item that was unlinked.
    What both sides say counts as seen: an empty field is filled by the next sync, one that differs is a finding. Only
    the ledger is written, and a mark, which nobody sees, into the issue's text.

    Example: [bold]closeout adopt docs/postmortems/2026-05-01-pool.md:12 "#34"[/bold]
    """

    def decide(options: Options) -> Decide:
        return partial(adopt, options=options, name=item, ticket=ticket)

    speak(decide, {"tracker": tracker}, config, Consent(any_branch=any_branch), yes=yes)
