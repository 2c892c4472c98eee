"""Every deliberate error, one exit code each.

CloseoutError
├── ConfigurationError   2   the configuration, or what was asked, cannot be used
│   └── UndeclaredError      a token that nobody declared for a host was to be shown to it
├── DocumentError        3   a document cannot be read
├── TrackerError         4   the tracker is unreachable, refused, or a tried change failed
│   └── OutcomeUnknown       a write was sent and nobody knows what came of it
├── LaterError           9   a wait that is too long; nothing is lost, the rest comes with the next run
├── MovedError           6   the repository, or another run, moved while this one worked
│   └── OvertakenError       another run was faster before this one did anything: all is read again
└── VerificationError    7   an edit would change more than its field: our bug, nothing is written
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes; `precedence` says which is returned when several apply."""

    DONE = 0
    UNEXPECTED = 1
    CONFIGURATION = 2
    DOCUMENTS = 3
    TRACKER = 4
    HELD = 5
    MOVED = 6
    VERIFICATION = 7
    FINDINGS = 8
    LATER = 9
    PENDING = 10

    @property
    def meaning(self) -> str:
        """What the code tells, in one line."""
        return _MEANING[self]


_MEANING = {
    Exit.DONE: "done",
    Exit.UNEXPECTED: "unexpected: a bug of closeout's own",
    Exit.CONFIGURATION: "configuration, or a command that cannot be carried out here",
    Exit.DOCUMENTS: "documents unreadable; the others were dealt with",
    Exit.TRACKER: "tracker unreachable or refusing, or a tried change failed",
    Exit.HELD: "changes held by a guard",
    Exit.MOVED: "the repository or another run moved while working",
    Exit.VERIFICATION: "an edit failed its verification, and its document was not written: a bug of closeout's own",
    Exit.FINDINGS: "findings (`check`, `--strict`)",
    Exit.LATER: "stopped by a cap or a wait, the rest comes with the next run",
    Exit.PENDING: "changes pending (`plan --exit-code`, `index --check`)",
}
PRECEDENCE = (7, 1, 2, 4, 3, 6, 5, 9, 8, 10)


class Stopped(BaseException):
    """The system told this process to end (SIGTERM): what it has to give back is given back on the way out.

    No error: nothing that goes on after errors may go on after this.
    """


def worst(codes: set[Exit]) -> Exit:
    """Return the code to exit with when several apply."""
    return next((Exit(code) for code in PRECEDENCE if code in codes), Exit.DONE)


class CloseoutError(Exception):
    """An error that a person can act on; its text says where, what, why and what to do."""

    exit = Exit.UNEXPECTED


class ConfigurationError(CloseoutError):
    """The configuration, or what was asked, cannot be used."""

    exit = Exit.CONFIGURATION


class UndeclaredError(ConfigurationError):
    """A token was to be shown to a host that whoever has it did not declare it for."""


class DocumentError(CloseoutError):
    """A document cannot be read; the others go on."""

    exit = Exit.DOCUMENTS


class TrackerError(CloseoutError):
    """The tracker is unreachable, refused, or a tried change failed."""

    exit = Exit.TRACKER


class OutcomeUnknown(TrackerError):  # noqa: N818 - it names what is known, not a failure
    """A write was sent and nobody knows what came of it; it is looked up, never sent again."""


class LaterError(CloseoutError):
    """A wait that is too long; nothing is lost, the rest comes with the next run."""

    exit = Exit.LATER


class MovedError(CloseoutError):
    """The repository, or another run, moved while this one worked."""

    exit = Exit.MOVED


class OvertakenError(MovedError):
    """Another run saved first, before this one did anything: it is read and planned again."""


class VerificationError(CloseoutError):
    """An edit would change more than its field."""

    exit = Exit.VERIFICATION
