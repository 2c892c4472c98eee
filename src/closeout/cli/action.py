"""What the Action runs, hidden from people: the event of a runner to a plan, a sync or a check, and what it shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import typer

from closeout import compose, git
from closeout.cli import check, job
from closeout.cli.plan import tell as tell_plan
from closeout.cli.start import begun
from closeout.cli.sync import tell
from closeout.cli.terminal import say, warn
from closeout.compose import links
from closeout.compose.choice import choose
from closeout.compose.circumstances import Consent
from closeout.compose.proposal import compared, on_default
from closeout.domain.outcome import Outcome
from closeout.domain.plan import Plan
from closeout.engine.proposal import narrowed
from closeout.engine.read import How, read
from closeout.engine.sync import plan, sync
from closeout.errors import CloseoutError, ConfigurationError, Exit, worst
from closeout.git import moving
from closeout.render import action as render
from closeout.settings import Settings
from closeout.settings.inputs import Inputs, inputs, take
from closeout.settings.kinds import FOLDER
from closeout.settings.runner import Proposed, Runner, runner

_MILD = {
    Exit.LATER: "not all was done: the rest comes with the next run",
    Exit.PENDING: "changes are pending: a sync would make them",
    Exit.FINDINGS: "",
}  # told, and red only if that is asked for
_PAGE = "closeout.md"


@dataclass(frozen=True, slots=True)
class Job:
    """What one job has: its runner, what it was asked for, the folder and the settings it works with."""

    told: Runner
    asked: Inputs
    root: Path
    settings: Settings
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended: the page for people, the outputs for other steps, the codes that apply, and errors by code."""

    page: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    codes: frozenset[Exit] = frozenset()
    errors: tuple[tuple[Exit, str], ...] = ()


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
    if root is not None:
        moving.let_in(root, told.server, asked.token)
    remarks = _moved(root, told) if root is not None and not told.proposed else ()
    root, settings = compose.told_at(here, asked.flags, Path(asked.config) if asked.config else None, spelt="input ")
    at = Job(told, asked, root, _published(root, settings, told), remarks)
    if asked.approve and (asked.mode != "sync" or told.proposed or not _on_default(told)):
        message = (
            "input approve: could not be used: it lets go what a sync holds. Say mode: sync, on the default branch"
        )
        raise ConfigurationError(message)
    match asked.mode:
        case "check":
            return _checked(at)
        case "report":
            return _reported(at)
        case "sync" if not told.proposed and _on_default(told):
            return _synced(at)
        case _:
            return _proposed(at, told.proposed) if told.proposed else _planned(at)


def _on_default(told: Runner) -> bool:
    """Whether a job is about the default branch, as far as anybody knows."""
    return told.default_branch in {"", told.branch}


def _moved(root: Path, told: Runner) -> tuple[str, ...]:
    """Go to the head of the default branch: what is run again, or was queued, never works on an old revision."""
    if not told.default_branch or not _on_default(told):
        return ()
    before = git.head(root, "HEAD")
    if why := moving.to_head(root, told.branch, told.commit):
        warn(f"the clone stays at {before[:12]}: {why}")
        return ("The clone could not be brought to the head of its branch; the log says why.",)
    if (now := git.head(root, "HEAD")) != before:
        say(f"{told.branch}: moved on from {before[:12]} to {now[:12]}")
    return ()


def _published(root: Path, settings: Settings, told: Runner) -> Settings:
    """Let documents go back where nobody said how: a job's own files die with it."""
    if "publish" in settings.model_fields_set:
        return settings
    in_tree = choose(root, settings, told, opened=False).kind == FOLDER
    way = "commit" if in_tree else "api" if settings.source == "api" else "pull-request"
    return settings.model_copy(update={"publish": way})


def _run(at: Job, runs: Runner) -> compose.Run:
    consent = Consent(first_run=True, approve=at.asked.approve)
    return begun(at.root, at.settings, compose.Asked(consent, tell=warn, runs=runs), quiet=True)


def _synced(at: Job) -> Ended:
    run = _run(at, at.told)
    outcome = run.finish(sync(run.world, run.options))
    tell(outcome)
    job.notices(outcome.findings)
    return _shown(at, run, outcome, done=True)


def _planned(at: Job) -> Ended:
    run = _run(at, at.told)
    outcome = plan(run.world, run.options)
    tell_plan(outcome)
    job.notices(outcome.findings)
    if at.asked.mode == "sync":
        at = replace(at, remarks=(*at.remarks, "This is not the default branch: it was only planned."))
    return _shown(at, run, outcome)


def _proposed(at: Job, proposed: Proposed) -> Ended:
    """Plan what a pull request's own items would do once it is merged; nothing is asked for where there are none."""
    if at.told.default_branch not in {"", proposed.branch}:
        at = replace(at, remarks=("It does not go to the default branch, so that nothing would come of it.",))
        return _empty(at, proposed)
    found = compared(at.root, at.settings, at.told, proposed)
    if not found.own.paths:
        return _empty(at, proposed)
    run = _run(at, on_default(at.told))
    source = run.world.source if run.choice.kind == FOLDER else found.over(run.world.source)
    uncapped = replace(run.options.limits, max_creates=None, max_closes=None, max_edits=None)
    outcome = narrowed(plan(replace(run.world, source=source), replace(run.options, limits=uncapped)), found.own)
    tell_plan(outcome)
    job.notices(one for one in outcome.findings if (one.path, one.line) in found.own.lines)
    return _shown(at, run, outcome, proposal=proposed.number)


def _empty(at: Job, proposed: Proposed) -> Ended:
    ran = render.Ran(Plan())
    page = render.summary(ran, render.Around(proposal=proposed.number, remarks=at.remarks))
    return Ended(page, render.outputs(ran))


def _shown(at: Job, run: compose.Run, outcome: Outcome, *, done: bool = False, proposal: int = 0) -> Ended:
    ran = render.Ran(
        outcome.plan,
        done,
        outcome.results,
        outcome.written,
        outcome.offered,
        outcome.places,
        outcome.findings,
        outcome.errors,
    )
    around = render.Around(
        place="" if proposal else run.options.place,
        issues=links.issues(run.world.trackers, at.settings.trackers),
        let_go=links.let_go(at.told, outcome.plan.digest),
        proposal=proposal,
        remarks=at.remarks,
    )
    codes = set(outcome.exits) if done else {Exit.PENDING} if not outcome.plan.empty else set()
    codes |= {Exit.FINDINGS} if outcome.findings else set()
    return Ended(render.summary(ran, around), render.outputs(ran), frozenset(codes), outcome.errors)


def _checked(at: Job) -> Ended:
    library = read(compose.files(at.root, at.settings), How(compose.vocabulary(at.settings)))
    findings, errors, proposal = check.findings_of(library), list(library.errors), 0
    shown = findings
    if at.told.proposed:
        own = compared(at.root, at.settings, at.told, at.told.proposed).own
        findings, errors = list(filter(own.has, findings)), list(filter(own.has, errors))
        shown, proposal = [one for one in findings if (one.path, one.line) in own.lines], at.told.proposed.number
    job.notices(shown)
    page = render.checked(
        findings, errors, len(library.documents), render.Around(proposal=proposal, remarks=at.remarks)
    )
    codes = frozenset({Exit.FINDINGS} if findings else ())
    return Ended(page, {}, codes, tuple((Exit.DOCUMENTS, one.message) for one in errors))


def _reported(at: Job) -> Ended:  # noqa: ARG001 - what a report is made for
    """The one place where the Action makes a report."""
    message = "input mode: could not be used: this version makes no reports. Say plan, sync or check"
    raise ConfigurationError(message)
