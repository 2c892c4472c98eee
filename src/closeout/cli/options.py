"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Tracker = Annotated[
    str | None,
    typer.Option(help='Where issues live: "folder" keeps them in this repository, "github" on GitHub.'),
]
Since = Annotated[
    str | None,
    typer.Option(
        help="Items of incidents before this day get no issue; default on a host: 90 days ago.", metavar="DATE"
    ),
]
AnyBranch = Annotated[bool, typer.Option("--any-branch", help="Write from a branch that is not the default one, too.")]
Config = Annotated[
    Path | None, typer.Option(help="The configuration file; default: closeout.toml in the repository's root.")
]
Templates = Annotated[bool, typer.Option("--include-templates", help="Read pages that are forms to be filled in, too.")]
Rebuild = Annotated[
    bool, typer.Option("--rebuild-ledger", help="Know issues again by their keys after the ledger was lost.")
]
AddBoxes = Annotated[
    bool, typer.Option("--add-boxes", help="Put a check box in front of list entries whose status has no place.")
]
Realign = Annotated[
    bool, typer.Option("--realign", help="Align the tables of action items anew: padding only, no text.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 8 if there are findings.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print errors only.")]
