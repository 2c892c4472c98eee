"""Log lines: for a person at a console, or one JSON object each."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import FilteringBoundLogger

Log = FilteringBoundLogger


def log(form: str, to: TextIO = sys.stderr) -> Log:
    """Return a logger: `form` is `json` or `console`; times are UTC. What libraries would print between is not said."""
    logging.getLogger().addHandler(logging.NullHandler())
    shown: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=to.isatty()),
    ]
    made: Log = structlog.wrap_logger(
        structlog.PrintLogger(to), processors=shown, wrapper_class=structlog.make_filtering_bound_logger(20)
    )
    return made
