"""`closeout report`: what is still open, how old it is, and what came of the rest."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Annotated

import typer

from closeout import compose, files
from closeout.cli.options import Config, Quiet, Templates, Tracker
from closeout.cli.report_forms import Format, made
from closeout.cli.report_post import Say, sent
from closeout.cli.report_text import screen, show
from closeout.cli.terminal import leave, progress, say, warn
from closeout.compose import Asked, Run, gathering
from closeout.compose.wording import wording
from closeout.domain.report import period as periods
from closeout.domain.report.scope import Period, Scope
from closeout.domain.report.summarise import day_before
from closeout.domain.report.summary import Summary
from closeout.engine.report import Ground, Made, look_back, make
from closeout.errors import ConfigurationError
from closeout.render.report.terminal import lines
from closeout.settings.reporting import Report

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        help="Markdown files and folders, read as they lie and without anything else; default: the documents of this "
        "repository, with what is known of their issues.",
        metavar="PATH…",
    ),
]
PeriodName = Annotated[
    str,
    typer.Option(
        help="When items were closed and postmortems came that are listed: one of the forms "
        f"{periods.EXAMPLES}; default: the last seven days.",
    ),
]
AsOf = Annotated[str, typer.Option(help="As of the end of this day (UTC), from the history of git.", metavar="DATE")]
Post = Annotated[
    bool,
    typer.Option(
        "--post", help="Post it where closeout.toml says, and tell chats and owners; see the page on the report."
    ),
]
Offline = Annotated[bool, typer.Option("--offline", help="Ask no tracker: what was last seen of the issues stands.")]


def command(
    paths: Paths = None,
    format_: Annotated[Format, typer.Option("--format", help="What to make of it.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option(help="Write it into a file.", metavar="FILE")] = None,
    period: PeriodName = "",
    team: Annotated[str, typer.Option(help="Only the items of a team.")] = "",
    owner: Annotated[str, typer.Option(help="Only the items of an owner, by name or account.")] = "",
    severity: Annotated[str, typer.Option(help="Only the items of incidents of a severity.")] = "",
    as_of: AsOf = "",
    offline: Offline = False,
    post: Post = False,
    lang: Annotated[str, typer.Option(help="The language, as de; default: what closeout.toml says.")] = "",
    tracker: Tracker = None,
    config: Config = None,
    include_templates: Templates = False,
    quiet: Quiet = False,
) -> None:
    """Show what is still open, how old it is, and what came of the rest; needs no configuration, tracker, token or network.

    Example: [bold]closeout report docs/postmortems --period 2026-Q4[/bold]
    """
    now = datetime.datetime.now(datetime.UTC)  # noqa: TID251 - the one clock
    day = _day(as_of, now.date())
    scope = Scope(_period(period, day), team, owner, severity)
    place = gathering.where(Path.cwd(), {"tracker": tracker}, config)
    told = place.settings.report.model_copy(update={"language": lang} if lang else {})
    asked = Asked(templates=include_templates, tell=warn)
    run = _run(place, now, asked, _part(paths, as_of, scope, offline=offline)) if post else None
    if run:
        ground = gathering.of_run(place, run)
    else:
        ground = gathering.ground(place, now, asked, tuple(paths or ()), offline=offline or bool(as_of))
    found = _made(ground, day, scope.period, past=bool(as_of), quiet=quiet)
    if not (quiet and post) or output:
        _put(format_, gathering.summary(place, found, scope), place.root, told, output)
    errors = list(found.errors)
    if run:
        public = gathering.summary(place, found, scope, posted=True)
        errors += sent(run, place, public, told, _said(format_, output, quiet=quiet))
    leave(errors)


def _part(paths: list[str] | None, as_of: str, scope: Scope, *, offline: bool) -> tuple[str, str] | None:
    """Which part of today's report was asked for, and the word that did; None for all of it."""
    parts = (
        (paths, "of some files", "PATH"),
        (as_of, "of a past day", "--as-of"),
        (offline, "without the trackers", "--offline"),
        (scope.team, "of one team", "--team"),
        (scope.owner, "of one owner", "--owner"),
        (scope.severity, "of one severity", "--severity"),
    )
    return next(((what, word) for said, what, word in parts if said), None)


def _run(place: gathering.Where, now: datetime.datetime, asked: Asked, part: tuple[str, str] | None) -> Run:
    """What posting needs. Raises ConfigurationError for a part of the report."""
    if part:
        what, word = part
        message = f"--post: could not be used: a report {what} is not what everybody waits for. Leave {word} away"
        raise ConfigurationError(message)
    return compose.run(place.root, place.settings, now, asked)


def _said(form: Format, output: Path | None, *, quiet: bool) -> Say:
    """How it is said what was posted: aside of what is printed for programs, and not at all where only errors count."""

    def unsaid(text: str, style: str = "") -> None:
        pass

    return unsaid if quiet else say if output or form is Format.TEXT else warn


def _day(text: str, today: datetime.date) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(text) if text else today
    except ValueError as error:
        message = f"--as-of: could not be used: {text!r} is no day. Say one as 2026-11-21"
        raise ConfigurationError(message) from error
    if day > today:
        message = f"--as-of: could not be used: {day} has not come yet. Say a day up to {today}"
        raise ConfigurationError(message)
    return day


def _period(text: str, day: datetime.date) -> Period:
    try:
        return periods.parse(text, day) if text else periods.last_days(day)
    except ValueError as error:
        message = f"--period: could not be used: {error}"
        raise ConfigurationError(message) from error


def _made(ground: Ground, day: datetime.date, period: Period, *, past: bool, quiet: bool) -> Made:
    if not past:
        with progress(quiet=quiet) as tick:
            return make(ground, day, day_before(period), tick)
    made = look_back(ground, day, day_before(period))
    if made is None:
        message = (
            f"--as-of: could not be used: no commit from {day} or before is here. Fetch the whole history, name no PATH, and "
            "say a day on which the documents were committed"
        )
        raise ConfigurationError(message)
    return made


def _put(form: Format, summary: Summary, root: Path, told: Report, output: Path | None) -> None:
    if output is None and form is Format.TEXT:
        show(lines(summary, wording(root, told).words, screen()))
        return
    text = made(form, summary, root, told)
    if output is None:
        sys.stdout.write(text)
        return
    try:
        files.replace(output, text.encode())
    except OSError as error:
        message = f"{output}: could not be written: {error.strerror}. Check the folder and its rights"
        raise ConfigurationError(message) from error
