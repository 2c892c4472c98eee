"""What is asked for with a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from closeout.compose.circumstances import Consent
from closeout.settings.runner import Runner


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for with a command; `tell` takes a line for a person who waits.

    `runs` is the runner where it shall count otherwise than its variables say.
    """

    consent: Consent = Consent()
    templates: bool = False
    rebuild: bool = False
    tell: Callable[[str], None] = lambda line: None
    boxes: bool = False
    realign: bool = False
    new: tuple[str, ...] = ()
    runs: Runner | None = None


ASKED = Asked()
