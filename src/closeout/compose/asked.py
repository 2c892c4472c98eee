"""What is asked for with a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from closeout.compose.circumstances import Consent
from closeout.settings.runner import Runner


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for with a command; `tell` takes a line for a person who waits, `unattended` that nobody does:
    documents then go back by a pull request, or by a commit where issues lie beside them, unless it is configured.
    `runs` is the runner where it shall count otherwise than its variables say.
    """

    consent: Consent = Consent()
    templates: bool = False
    rebuild: bool = False
    tell: Callable[[str], None] = lambda line: None
    boxes: bool = False
    realign: bool = False
    new: tuple[str, ...] = ()
    unattended: bool = False
    runs: Runner | None = None


ASKED = Asked()
