"""One posting on a wall: found by the ledger or by a mark that is vouched for, changed in place, never hung twice."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from closeout.domain.ledger import Report
from closeout.engine.settle import RUNNER, lately
from closeout.errors import LaterError, OutcomeUnknown, TrackerError
from closeout.ports.channel import Note, Posted, Posting, Told, Wall
from closeout.render import posting as words

SHARED = frozenset({RUNNER, "forgejo-actions", "gitea-actions"})  # accounts that everybody's jobs write as
_SKEW = datetime.timedelta(minutes=5)  # by which the host's clock may differ from ours
_QUIET = datetime.timedelta(days=7)
_TRIES = 12
_SUPERSEDED = (
    "Superseded: this report was posted twice at the same time, and the older posting is the one that goes on."
)


@dataclass(frozen=True, slots=True)
class Hanging:
    """A channel to a wall; `way` is how postings hang there."""

    wall: Wall
    way: Callable[[Wall, Posting, Report, Told], Posted]

    @property
    def tracker(self) -> str:
        """The name of the tracker."""
        return self.wall.tracker

    @property
    def write_seconds(self) -> float:
        """How long one write may take at most."""
        return self.wall.write_seconds

    def knows_us(self) -> bool:
        """Tell whether our postings are known by their author."""
        return bool(account(self.wall))

    def post(self, posting: Posting, known: Report, told: Told) -> Posted:
        """Post a report, or bring its posting up to date."""
        return self.way(self.wall, posting, known, told)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one posting hangs: its wall and mark, what the ledger knows of it, and what it is called there."""

    wall: Wall
    mark: str
    known: Report
    id: str = ""

    def listed(self) -> tuple[tuple[Note, ...], frozenset[str]]:
        """Return the notes with our mark that are vouched for, the oldest first, and who wrote the others."""
        found = _in_order(*self.wall.notes(self.mark))
        ours = tuple(note for note in found if self._vouched(note))
        return ours, frozenset(note.author for note in found if note not in ours)

    def _vouched(self, note: Note) -> bool:
        """Whether a note with the mark is ours: an account wrote it that nobody shares, or a post was announced and it
        came after that, from the account that we write as, as far as anybody knows.
        """
        if note.id == self.id:
            return True
        if me := account(self.wall):
            return note.author.casefold() == me.casefold()
        if not self.known.announced or not note.made:
            return False
        known = {self.known.author.casefold()} if self.known.author else SHARED
        return note.author.casefold() in known and _moment(note.made) >= _moment(self.known.announced) - _SKEW


@dataclass(frozen=True, slots=True)
class Hung:
    """A posting as it hangs now, when people were mentioned last, whether anything was written, and what to tell."""

    note: Note
    mentioned: str
    changed: bool
    remarks: tuple[str, ...] = ()


def account(wall: Wall) -> str:
    """Return our account; empty where nobody tells, or everybody's jobs write as it."""
    me = wall.whoami()
    return "" if me.casefold() in SHARED else me


def remembered(before: Report, hung: Hung, now: str, when: str) -> Report:
    """Return what is remembered of a posting; `now` is the digest of its text. Which it is there, the channel knows."""
    note = hung.note
    return replace(before, digest=now, when=when, author=note.author, mentioned=hung.mentioned, announced="")


def mark(posting: Posting, told: Told, place: str) -> str:
    """Return the mark of a posting: no two repositories of documents have the same, no two reports, and no two places."""
    whose = sha256(f"{told.repository}\n{posting.name}".encode()).hexdigest()[:12]
    return f"{posting.name}.{whose}.{place}".lower()


def digest(posting: Posting, wall: Wall) -> str:
    """Return what names a posting by its facts, else by its text; whether it may mention people this week makes no
    difference.
    """
    said = posting.facts or _text(posting, wall, wall.paper.limit)
    return sha256(said.encode("utf-8", "replace")).hexdigest()[:20]


def hang(place: Place, posting: Posting, told: Told, *, search: bool = True) -> Hung:
    """Bring a posting up to date, or hang it where there is none; without `search` no mark is looked for, since the ledger
    would know.

    Raises LaterError as long as a list may not show what a run that died was about to hang.
    """
    remarks = list(place.wall.look())
    ours, others = settled(place, told) if search else ((), frozenset[str]())
    if others and not place.id:
        names = ", ".join(sorted(others))
        remarks.append(
            f"what {names} wrote carries the mark of this report, and nobody vouches for it: it is left alone"
        )
    if place.id and place.id not in {note.id for note in ours}:
        there = place.wall.get(place.id)
        ours = _in_order(*ours, *([there] if there else []))
        if not there:
            remarks.append("what was posted before was deleted, so it is posted anew")
    aloud = posting.mentions if _may_mention(place.known, told) else frozenset[str]()
    speaks = words.mentions(_text(posting, place.wall, place.wall.paper.limit), aloud)
    after = replace(place.known, mentioned=told.now if speaks else place.known.mentioned)
    body = _body(place, posting, aloud, ours[0].body if ours else "")
    if not ours:
        return Hung(_new(place, after, posting, told, body), after.mentioned, changed=True, remarks=tuple(remarks))
    changed = body != ours[0].body
    if changed and speaks:  # before it is sent, so that nobody is ever mentioned twice in a week
        told.announce(after)
    if changed:
        told.hold()
        place.wall.edit(ours[0].id, body)
    mentioned = after.mentioned if changed else place.known.mentioned
    return Hung(_alone(place, ours, told), mentioned, changed=changed or len(ours) > 1, remarks=tuple(remarks))


def settled(place: Place, told: Told) -> tuple[tuple[Note, ...], frozenset[str]]:
    """Return our postings, the oldest first, and who else wrote our mark.

    Raises LaterError where one was announced and may not be listed yet.
    """
    ours, others = place.listed()
    if not ours and place.known.announced and place.wall.lists_lag and lately(place.known.announced, told.now):
        message = (
            f"{place.wall.where}: could not post the report yet: a run that was about to post it came to no end, and what "
            "it posted may not be listed yet. Run again 15 minutes later"
        )
        raise LaterError(message)
    return ours, others


def _new(place: Place, after: Report, posting: Posting, told: Told, body: str) -> Note:
    """Hang a posting that is announced first; where no other run sees that, look again for one that did the same."""
    announced = replace(place, known=replace(after, announced=told.now))
    told.announce(announced.known)
    try:
        hung = place.wall.put(posting.title, body, place.mark)
    except OutcomeUnknown:
        ours, _ = announced.listed()
        if not ours:
            raise
        hung = ours[0]
    except (TrackerError, LaterError):  # it surely was not done
        told.announce(place.known)
        raise
    if told.shared():
        return hung
    ours = _in_order(hung, *announced.listed()[0])
    if ours[0].id != hung.id and ours[0].body != body:
        told.hold()
        place.wall.edit(ours[0].id, body)
    return _alone(place, ours, told)


def _alone(place: Place, ours: Sequence[Note], told: Told) -> Note:
    """Let the oldest of several be the posting, and ours in the others one line; nothing is deleted."""
    for double in ours[1:]:
        told.hold()
        place.wall.retire(double, place.wall.paper.emptied(_SUPERSEDED, double.body))
    return ours[0]


def _in_order(*notes: Note) -> tuple[Note, ...]:
    """Notes, each once, the oldest first."""
    return tuple(sorted({note.id: note for note in notes}.values(), key=_age))


def _age(note: Note) -> tuple[str, int, str]:
    return note.made, len(note.id), note.id


def _body(place: Place, posting: Posting, aloud: frozenset[str], there: str) -> str:
    """What is sent: as much of the text as fits with what people wrote around it. Raises TrackerError where nothing does."""
    paper, quiet = place.wall.paper, posting.mentions - aloud
    room = paper.limit
    for _ in range(_TRIES):
        text = _text(posting, place.wall, room)
        body = paper.body(words.in_code(text, quiet), place.mark, aloud, there)
        over = paper.size(body) - paper.limit
        if over <= 0:
            return body
        room = min(room, len(text)) - max(1, -(-over * len(text) // paper.size(body)))
        if room <= 0:
            break
    raise _no_room(place.wall)


def _text(posting: Posting, wall: Wall, limit: int) -> str:
    """The text in so much room. Raises TrackerError where not even its head has it."""
    try:
        return posting.text(limit)
    except ValueError:
        raise _no_room(wall) from None


def _no_room(wall: Wall) -> TrackerError:
    why = "it has no room there. Take out what was written around it"
    return TrackerError(f"{wall.where}: could not post the report: {why}")


def _may_mention(known: Report, told: Told) -> bool:
    return not known.mentioned or _moment(told.now) - _moment(known.mentioned) >= _QUIET


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)
