"""A run in which something goes wrong, and the run after it: what must hold of both."""

from __future__ import annotations

from benches import Ran, sent
from closeout.errors import Exit
from fakes.http import Reply, Request
from story import Story
from troubles import Going, Trouble

SECONDS = 0.25  # how long a run waits for an answer that never comes
BUGS = {Exit.UNEXPECTED, Exit.VERIFICATION}


Asked = list[tuple[Request, Reply]]


def begun(story: Story) -> Asked:
    """A run and two after edits, the first of which had more work than any that follows: return what the last asked for."""
    assert story.bench.sync().code == Exit.DONE
    for _ in range(2):
        story.edit_both()
        assert story.bench.sync().code == Exit.DONE
    asked = list(story.bench.asked)
    mended(story)
    return asked


def goes_wrong(story: Story, trouble: Trouble, asked: Asked, at: int, *, stays: bool = False) -> None:
    """Edit both sides and run; it goes wrong at one of the requests of such a run, counted from 0 and over again. Then
    run once more.
    """
    made, labels = story.bench, [sent(request) for request, reply in asked if trouble.fits(request, reply)]
    assert labels, f"no request was one for {trouble.name}"
    at %= len(labels)
    count = labels[:at].count(labels[at])
    story.edit_both()
    story.deaths.append(f"{trouble.name} at {labels[at]} ({count}){', and from then on' * stays}")
    fault = Going(trouble.act, like=labels[at], skip=count, stays=stays)
    assert made.side.server is not None
    made.side.server.faults.append(fault)
    made.patience = SECONDS if trouble.slow else 0
    ran = made.sync()
    ended(story, ran)
    made.side.server.faults.remove(fault)
    made.patience = 0
    assert fault.met, f"no run came to where it was to go wrong: {story.deaths[-1]}"
    do_as_told(story, ran.told)
    mended(story)


def ended(story: Story, ran: Ran) -> None:
    """However a run ended, it says so in words, and nothing was made up from an answer that did not come."""
    what = story.deaths[-1]
    assert ran.code not in BUGS, f"{what}: {ran.told}"
    assert "Traceback" not in ran.told, f"{what}: {ran.told}"
    for secret in story.bench.side.secrets:
        assert secret not in ran.told, f"{what}: {ran.told}"
    story.nothing_torn()


def do_as_told(story: Story, told: str) -> None:
    """A host may make an issue without the people and the date that we may not give it, and a list may lack who can be
    assigned: a person who is told does.
    """
    for issue in story.bench.side.issues():
        wanted = story.held[issue.title]
        if missing := set(wanted.owners) - set(issue.owners):
            assert "[not-assignable]" in told or ("owners" in told and "[refused]" in told), told
            for login in missing:
                story.bench.side.assign(issue.ref, login)
        if not issue.due:
            assert f"due '{wanted.due}' was sent, but the issue holds nothing" in told, told
            story.bench.side.set_due(issue.ref, wanted.due)


def mended(story: Story) -> None:
    """The next run does what is left; what it offers is merged."""
    story.bench.later()
    ran = story.bench.sync()
    assert ran.code == Exit.DONE, f"{story.deaths[-1:]}: {ran.told}"
    if story.bench.side.pulls():
        story.bench.merge()
        story.settled()
    story.agrees()
