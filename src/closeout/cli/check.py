"""`closeout check`: what the reading of documents found, for a person, a program or a CI; no network."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from closeout import __version__, compose, git, settings
from closeout.cli.options import Config, Quiet, Templates
from closeout.cli.terminal import leave, progress, say, warn
from closeout.domain.finding import READING, Finding
from closeout.engine.library import Library
from closeout.engine.read import How, read
from closeout.errors import Exit, worst
from closeout.render import findings as render
from closeout.render.sarif import as_sarif
from closeout.repositories.worktree import DEFAULT_PATHS, Files, matching

_SAID_BY_HAND = frozenset({"left-out"})  # somebody decided that: it asks nobody to look


class Format(StrEnum):
    """How the findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    ANNOTATIONS = "annotations"


OnlyDocuments = Annotated[
    bool,
    typer.Option("--only-documents", help="Leave out named files that are no documents of this repository, for hooks."),
]


def command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Markdown files and folders; default: the documents of this repository.", metavar="PATH…"),
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="How to print; annotations are shown by the runners of a forge.")
    ] = Format.TEXT,
    only_documents: OnlyDocuments = False,
    config: Config = None,
    include_templates: Templates = False,
    quiet: Quiet = False,
) -> None:
    """Show what the reading of documents found, each at its line, and nothing else; exit 8 if there is any.

    Example: [bold]closeout check docs/postmortems --format sarif[/bold]
    """
    root = git.top(here := Path.cwd()) or here
    told = settings.load(root, {}, config)
    named = _documents(paths or (), here, root, told) if only_documents else paths or ()
    with progress(quiet=quiet) as tick:
        library = read(
            Files(here, tuple(named), told.reading.encodings) if paths else compose.files(root, told),
            How(compose.vocabulary(told), templates=include_templates),
            tick=lambda done, total: tick("reading documents", done, total),
        )
    findings = findings_of(library)
    codes = {Exit.FINDINGS} if findings else set()
    if format_ is Format.TEXT:
        for line in render.lines(findings):
            say(line)
    else:
        base = here if paths else root
        code = worst(codes | {Exit.DOCUMENTS for _ in library.errors})
        sys.stdout.write(_printed(format_, _below(root, base, findings), _below(root, base, library.errors), code))
    if not quiet:
        ending = render.summary(findings, len(library.documents))
        ending += f" (exit {int(Exit.FINDINGS)})" if findings else ""
        (say if format_ is Format.TEXT else warn)(ending)
    leave(((Exit.DOCUMENTS, error.message) for error in library.errors), codes)


def _documents(names: Sequence[str], here: Path, root: Path, told: settings.Settings) -> Iterator[str]:
    """Yield the files among these that are read where none is named; what lies outside of the repository is not."""
    below = {name: os.path.relpath(here / name, root).replace(os.sep, "/") for name in names}
    inside = (path for path in below.values() if not path.startswith("../"))
    found = set(matching(inside, told.paths or DEFAULT_PATHS))
    return (name for name in names if below[name] in found)


def _printed(form: Format, findings: Sequence[Finding], errors: Sequence[Finding], code: Exit) -> str:
    match form:
        case Format.SARIF:
            rules = {name: text for name, text in READING.items() if name not in _SAID_BY_HAND}
            return as_sarif(findings, errors, rules, __version__, code=code) + "\n"
        case Format.ANNOTATIONS:
            return "".join(f"{line}\n" for line in render.as_annotations(findings, errors))
        case _:
            return render.as_json(findings, errors) + "\n"


def findings_of(library: Library) -> Sequence[Finding]:
    """Return what the reading of documents found, but for what somebody decided."""
    found = (one for document in library.documents.values() for one in document.findings)
    return sorted(one for one in found if one.code not in _SAID_BY_HAND)


def _below(root: Path, base: Path, findings: Sequence[Finding]) -> Sequence[Finding]:
    """Name paths as they stand below the repository's root, which is what a CI knows."""

    def named(path: str) -> str:
        whole = Path(os.path.normpath(base / path))
        return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else whole.as_posix()

    return [replace(one, path=named(one.path)) for one in findings]
