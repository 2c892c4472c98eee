"""`closeout unlink`: an item lets go of its issue."""

from __future__ import annotations

from functools import partial

from closeout.cli.options import AnyBranch, Config, Item, Tracker, Yes
from closeout.cli.word import speak
from closeout.compose.circumstances import Consent
from closeout.engine.unlink import unlink
from closeout.engine.view import Decide
from closeout.engine.world import Options


def command(
    item: Item, tracker: Tracker = None, any_branch: AnyBranch = False, config: Config = None, yes: Yes = False
) -> None:
    """Let go of an item's issue: from then on neither side is touched, and no other issue is made for the item.

    Only the ledger is written. The issue stays as it is. So does the ticket in the row: leave it there as a note, or take
    it out; it is not written in again. Another ticket in the row is followed, as ever. `closeout adopt` takes it back.

    Example: [bold]closeout unlink "#34"[/bold]
    """

    def decide(options: Options) -> Decide:
        return partial(unlink, options=options, name=item)

    speak(decide, {"tracker": tracker}, config, Consent(any_branch=any_branch), yes=yes)
