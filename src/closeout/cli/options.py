"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Item = Annotated[
    str,
    typer.Argument(help="The item: its ticket, PATH:LINE, or the start of its key.", metavar="ITEM"),
]
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
Assign = Annotated[
    bool, typer.Option("--assign", help="Assign people to new issues of incidents older than 30 days, too.")
]
AnyBranch = Annotated[bool, typer.Option("--any-branch", help="Write from a branch that is not the default one, too.")]
Config = Annotated[
    Path | None, typer.Option(help="The configuration file; default: closeout.toml in the repository's root.")
]
Templates = Annotated[bool, typer.Option("--include-templates", help="Read pages that are forms to be filled in, too.")]
Rebuild = Annotated[
    bool, typer.Option("--rebuild-ledger", help="Know issues again by their keys after the ledger was lost.")
]
New = Annotated[
    list[str] | None,
    typer.Option(
        "--new",
        help="This row is a new item, whatever it may have been; for rows that are held as unclear. May be repeated.",
        metavar="PATH:LINE",
    ),
]
Approve = Annotated[
    str,
    typer.Option(help="Let go exactly what is held: the digest that `closeout plan` prints.", metavar="DIGEST"),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without being asked.")]
AddBoxes = Annotated[
    bool, typer.Option("--add-boxes", help="Put a check box in front of list entries whose status has no place.")
]
Realign = Annotated[
    bool, typer.Option("--realign", help="Align the tables of action items anew: padding only, no text.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 8 if there are findings.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print errors only.")]
Unattended = Annotated[
    bool,
    typer.Option(
        "--unattended", help="Nobody is here: documents go back by pull request, unless it is configured otherwise."
    ),
]
