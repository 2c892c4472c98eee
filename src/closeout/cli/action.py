"""What the Action runs, hidden from people: the event of a runner to a plan, a sync or a check, and what it shows of it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import typer

from closeout import compose, git
from closeout.cli import job
from closeout.cli.action_runs import Ended, Job, checked, on_default, planned, proposed, synced, unplanned
from closeout.cli.terminal import say, warn
from closeout.compose import letting
from closeout.compose.proposal import may_open
from closeout.errors import CloseoutError, ConfigurationError, Exit, UndeclaredError, worst
from closeout.git import moving
from closeout.render import action as render
from closeout.settings import FILE, declared
from closeout.settings.inputs import Inputs, inputs, take
from closeout.settings.runner import Proposed, Runner, runner

_MILD = {
    Exit.LATER: "not all was done: the rest comes with the next run",
    Exit.PENDING: "changes are pending: a sync would make them",
    Exit.FINDINGS: "",
}  # told, and red only if that is asked for
_PAGE = "closeout.md"


def command() -> None:
    """Do what the inputs of the Action ask for, as the runner's event allows it."""
    told, fail_on = runner(), frozenset[Exit]()
    try:
        asked = inputs()
        fail_on = asked.fail_on
        ended = _done(asked, replace(told, app=asked.app))
    except CloseoutError as error:
        ended = Ended(render.failed(str(error)), errors=((error.exit, str(error)),))
    _end(told, ended, fail_on)


def _end(told: Runner, ended: Ended, fail_on: frozenset[Exit]) -> None:
    """Hand everything to the runner, and end with the worst code that is no mere warning."""
    codes = {*ended.codes, *(code for code, _ in ended.errors)}
    mild = {code for code in codes if code in _MILD and code not in fail_on}
    for code, message in ended.errors:
        (job.warning if code in mild else job.error)(f"{message} (exit {int(code)})")
    for code in sorted(codes - {code for code, _ in ended.errors}):
        if told_of := _MILD.get(code, code.meaning):
            (job.warning if code in mild else job.error)(f"{told_of} (exit {int(code)})")
    job.page(told, ended.page)
    path = job.kept(told, _PAGE, ended.page)
    shown = worst(codes - ({Exit.FINDINGS} & mild))
    job.outputs(told, {**ended.outputs, "exit-code": str(int(shown)), "report-path": path})
    if red := codes - mild:
        raise typer.Exit(worst(red))


def _done(asked: Inputs, told: Runner) -> Ended:
    take(asked, told)
    here = Path.cwd()
    root = git.top(here)
    with letting.let_in(root, told, asked, warn) if root is not None else nullcontext():
        return _within(asked, told, here, root)


def _within(asked: Inputs, told: Runner, here: Path, root: Path | None) -> Ended:
    """Do it where git is let in."""
    remarks = _moved(root, told) if root is not None and not told.proposed else ()
    root, settings = compose.told_at(here, asked.flags, Path(asked.config) if asked.config else None, spelt="input ")
    at = Job(told, asked, root, settings, remarks)
    if asked.approve and (asked.mode != "sync" or told.proposed or not on_default(told)):
        message = (
            "input approve: could not be used: it lets go what a sync holds. Say mode: sync, on the default branch"
        )
        raise ConfigurationError(message)
    match asked.mode:
        case "check":
            return checked(at)
        case "report" if not told.proposed:
            return _reported(at)
        case "sync" if not told.proposed and on_default(told):
            ended = synced(at)
            return _reported(at, ended) if told.event == "schedule" else ended
        case _:
            return _proposed(at, told.proposed) if told.proposed else planned(at)


def _proposed(at: Job, proposal: Proposed) -> Ended:
    """Plan a pull request with those tokens alone that the branch it goes to has for a host: its own configuration may
    be a stranger's.
    """
    config = Path(at.asked.config) if at.asked.config else at.root / FILE
    with declared.only(may_open(at.root, at.settings, at.told, proposal, config)):
        try:
            return proposed(at, proposal)
        except UndeclaredError as error:
            job.warning(str(error))
            return unplanned(at, proposal)


def _moved(root: Path, told: Runner) -> tuple[str, ...]:
    """Go to the head of the default branch: what is run again, or was queued, never works on an old revision."""
    if not told.default_branch or not on_default(told):
        return ()
    before = git.head(root, "HEAD")
    if why := moving.to_head(root, told.branch, told.commit):
        warn(f"the clone stays at {before[:12]}: {why}")
        return ("The clone could not be brought to the head of its branch; the log says why.",)
    if (now := git.head(root, "HEAD")) != before:
        say(f"{told.branch}: moved on from {before[:12]} to {now[:12]}")
    return ()


def _reported(at: Job, ended: Ended | None = None) -> Ended:
    """The one place where the Action makes a report: alone, or behind what a run on a schedule did."""
    from closeout.cli.reported import report  # noqa: PLC0415 - most jobs make none

    made = report(at.root, at.settings, at.told, post=on_default(at.told))
    before = ended or Ended("")
    page = f"{before.page}\n{made.page}" if before.page else made.page
    return Ended(page, {**before.outputs, **made.outputs}, before.codes, (*before.errors, *made.errors))
