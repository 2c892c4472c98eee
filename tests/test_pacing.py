"""How many requests a minute may have, and what a refusal is told to say."""

from __future__ import annotations

import pytest

from closeout.errors import LaterError
from closeout.hosts.pacing import Errand, Lost, Pace, Reply

READ, WRITE = Errand("plane/a", "read it"), Errand("plane/a", "make it", write=True)


class World:
    """A clock that pauses move; every request takes `takes` seconds."""

    def __init__(self, per_minute: int, takes: float = 0.0) -> None:
        self.time, self.takes = 1000.0, takes
        self.waits: list[float] = []
        self.told: list[str] = []
        self.sent: list[float] = []
        self.pace = Pace(self.pause, lambda: self.time, self.told.append, between_writes=0.0, per_minute=per_minute)

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds

    def request(self) -> Reply:
        self.sent.append(self.time)
        self.time += self.takes
        return Reply(200)


def test_no_minute_has_more_requests_than_it_may_and_no_request_waits_longer_than_it_must() -> None:
    world = World(3, takes=0.5)
    for number in range(9):
        world.pace.send(world.request, WRITE if number % 2 else READ)
    assert all(later - earlier >= 60.0 for earlier, later in zip(world.sent, world.sent[3:], strict=False))
    assert world.sent[:3] == [1000.0, 1000.5, 1001.0]
    assert world.sent[3:6] == [1060.5, 1061.0, 1061.5]


def test_requests_that_come_slowly_never_wait() -> None:
    world = World(3)
    for _ in range(9):
        world.pace.send(world.request, READ)
        world.time += 20.0
    assert world.waits == []


def test_without_a_number_a_minute_has_room_for_any() -> None:
    world = World(0)
    for _ in range(500):
        world.pace.send(world.request, READ)
    assert world.waits == []


def test_a_request_that_fails_counts_too() -> None:
    world = World(2)

    def lost() -> Reply:
        raise Lost("timed out")

    with pytest.raises(Exception, match="no whole reply came"):
        world.pace.send(lost, WRITE)
    world.pace.send(world.request, READ)
    world.pace.send(world.request, READ)
    assert world.waits == [60.0]
    assert world.told == ["plane/a: waiting 60 s before it can read it: the host takes 2 requests a minute"]


def test_a_write_whose_time_runs_out_in_the_queue_is_not_sent() -> None:
    world = World(1)
    with world.pace.within(30.0):
        world.pace.send(world.request, READ)
        with pytest.raises(LaterError):
            world.pace.send(world.request, WRITE)
    assert len(world.sent) == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"message": "Bad credentials"}, "Bad credentials"),
        ({"error": "The requested resource does not exist."}, "The requested resource does not exist."),
        ({"detail": "Given API token\nis not valid"}, "Given API token is not valid"),
        ({"error_code": 5900, "error_message": "RATE_LIMIT_EXCEEDED"}, "RATE_LIMIT_EXCEEDED"),
        ({"name": ["This field is required."], "state": ["bad"]}, "name: This field is required.; state: bad"),
        ({"assignees": {"0": ["no UUID"]}}, "assignees: 0: no UUID"),
        ({"code": 7, "deep": {"a": {"b": {"c": {"d": "x"}}}}}, ""),
        (["x"], "x"),
        ("<html>", "<html>"),
        (None, ""),
        ({"error": "x" * 500}, "x" * 200),
    ],
)
def test_what_a_refusal_says(data: object, message: str) -> None:
    assert Reply(400, {}, data).message == message
