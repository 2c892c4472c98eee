"""What a job of the Action does: a sync, a plan, what a pull request's own items would do, a check; each ends in its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from closeout import compose
from closeout.cli import check, job
from closeout.cli.plan import tell as tell_plan
from closeout.cli.start import begun
from closeout.cli.sync import tell
from closeout.cli.terminal import warn
from closeout.compose import links
from closeout.compose.circumstances import Consent
from closeout.compose.proposal import compared
from closeout.compose.proposal import on_default as as_on_default
from closeout.domain.outcome import Outcome
from closeout.domain.plan import Plan
from closeout.engine.proposal import narrowed
from closeout.engine.read import How, read
from closeout.engine.sync import plan, sync
from closeout.errors import Exit, LaterError, TrackerError
from closeout.render import action as render
from closeout.settings import Settings
from closeout.settings.inputs import Inputs
from closeout.settings.kinds import FOLDER
from closeout.settings.runner import Proposed, Runner


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


def on_default(told: Runner) -> bool:
    """Whether a job is about the default branch, as far as anybody knows."""
    return told.default_branch in {"", told.branch}


def _run(at: Job, runs: Runner) -> compose.Run:
    consent = Consent(first_run=True, approve=at.asked.approve)
    return begun(at.root, at.settings, compose.Asked(consent, tell=warn, runs=runs, unattended=True), quiet=True)


def synced(at: Job) -> Ended:
    """Bring documents and issues together."""
    run = _run(at, at.told)
    outcome = run.finish(sync(run.world, run.options))
    tell(outcome)
    job.notices(outcome.findings)
    return _shown(at, run, outcome)


def planned(at: Job) -> Ended:
    """Plan what a sync would do."""
    run = _run(at, at.told)
    outcome = plan(run.world, run.options)
    tell_plan(outcome)
    job.notices(outcome.findings)
    if at.asked.mode == "sync":
        at = replace(at, remarks=(*at.remarks, "This is not the default branch: it was only planned."))
    return _shown(at, run, outcome)


def proposed(at: Job, proposed: Proposed) -> Ended:
    """Plan what a pull request's own items would do once it is merged; nothing is asked for where there are none."""
    if at.told.default_branch not in {"", proposed.branch}:
        at = replace(at, remarks=("It does not go to the default branch, so that nothing would come of it.",))
        return _empty(at, proposed, None)
    found = compared(at.root, at.settings, at.told, proposed)
    if not found.own.paths:
        return _empty(at, proposed, _run(at, as_on_default(at.told)) if at.asked.comment else None)
    run = _run(at, as_on_default(at.told))
    source = run.world.source if run.choice.kind == FOLDER else found.over(run.world.source)
    uncapped = replace(run.options.limits, max_creates=None, max_closes=None, max_edits=None)
    outcome = narrowed(plan(replace(run.world, source=source), replace(run.options, limits=uncapped)), found.own)
    tell_plan(outcome)
    job.notices(one for one in outcome.findings if (one.path, one.line) in found.own.lines)
    ended = _shown(at, run, outcome, proposal=proposed.number)
    _commented(at, proposed, run, ended.page, empty=outcome.plan.empty and not outcome.findings)
    return ended


def unplanned(at: Job, proposed: Proposed) -> Ended:
    """Say that a pull request was not planned, in words of ours alone; nobody was asked anything."""
    told = (
        "It was not planned: its configuration shows a token to a host for which the branch that it goes to has none; "
        "the log says which."
    )
    return _empty(replace(at, remarks=(*at.remarks, told)), proposed, None)


def _empty(at: Job, proposed: Proposed, run: compose.Run | None) -> Ended:
    nothing = Outcome(Plan())
    page = render.summary(nothing, render.Around(proposal=proposed.number, remarks=at.remarks))
    if run is not None:
        _commented(at, proposed, run, page, empty=True)
    return Ended(page, render.outputs(nothing))


def _commented(at: Job, proposed: Proposed, run: compose.Run, page: str, *, empty: bool) -> None:
    """Keep the pull request's one comment, where the token may write; what cannot be written is told, and no error."""
    if not at.asked.comment or proposed.fork:
        return
    from closeout.compose.commenting import comment  # noqa: PLC0415 - most jobs write none

    try:
        done = comment(run, proposed.number, page, page.partition("\n")[0].removeprefix("### ") if empty else "")
    except (TrackerError, LaterError) as error:
        warn(f"the comment could not be written: {error}")
        return
    for told in done.remarks if done else ():
        warn(told)


def _shown(at: Job, run: compose.Run, outcome: Outcome, *, proposal: int = 0) -> Ended:
    around = render.Around(
        place=links.at_head(at.told) if proposal else run.options.place,
        issues=links.issues(run.world.trackers, at.settings.trackers),
        let_go=links.let_go(at.told, outcome.plan.digest),
        proposal=proposal,
        remarks=at.remarks,
    )
    codes = set(outcome.exits) if outcome.done else {Exit.PENDING} if not outcome.plan.empty else set()
    codes |= {Exit.FINDINGS} if outcome.findings else set()
    return Ended(render.summary(outcome, around), render.outputs(outcome), frozenset(codes), outcome.errors)


def checked(at: Job) -> Ended:
    """Say what the reading of documents found; of a pull request, in what is its own."""
    library = read(compose.files(at.root, at.settings), How(compose.vocabulary(at.settings)))
    findings, errors, proposal = check.findings_of(library), list(library.errors), 0
    shown = findings
    if at.told.proposed:
        own = compared(at.root, at.settings, at.told, at.told.proposed).own
        findings, errors = list(filter(own.has, findings)), list(filter(own.has, errors))
        shown, proposal = [one for one in findings if (one.path, one.line) in own.lines], at.told.proposed.number
    job.notices(shown)
    page = render.checked(
        findings,
        errors,
        len(library.documents),
        render.Around(links.at_head(at.told), proposal=proposal, remarks=at.remarks),
    )
    codes = frozenset({Exit.FINDINGS} if findings else ())
    return Ended(page, {}, codes, tuple((Exit.DOCUMENTS, one.message) for one in errors))
