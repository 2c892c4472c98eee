"""Telling: at most once a week and never twice, whatever dies in between; over real connections, from the settings."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from closeout import settings
from closeout.channels.digest import readers
from closeout.compose.telling import letters
from closeout.domain.ledger import Ledger
from closeout.domain.people import Person
from closeout.domain.report.scope import Period, Scope
from closeout.domain.report.summary import Counts, Summary
from closeout.domain.sync.guard import Circumstances
from closeout.engine.tell import Letter, Told, tell
from closeout.engine.world import Options
from closeout.errors import ConfigurationError, Exit, MovedError, OutcomeUnknown, OvertakenError, TrackerError
from closeout.ports.messenger import Messenger
from closeout.render.report.message import Message
from closeout.state.lines import dumps
from closeout.state.memory import MemoryLedger
from closeout.state.tree import TreeLedger
from fakes.http import Loopback, Reply
from made_summary import made_summary
from test_chat import here, hook, quiet  # noqa: F401

NOW = datetime.fromisoformat("2026-11-16T09:00:00+00:00")
SECRET = "t0k3n-s3cr3t"


@dataclass
class Postman:
    """Keeps what it is to bring; `fails` is what it raises instead, `got` says that the message was there before that."""

    name: str = "env:CHAT_URL"
    seconds: float = 1.0
    brought: list[str] = field(default_factory=list)
    fails: BaseException | None = None
    got: bool = False

    def send(self, title: str, text: str) -> None:
        if self.fails is None or self.got:
            self.brought.append(title)
        if self.fails:
            raise self.fails


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger(dumps(Ledger("acme/pm", exists=True)))


def options(after: timedelta = timedelta(), **circumstances: object) -> Options:
    told = replace(Circumstances(), **circumstances)  # type: ignore[arg-type]
    return Options(now=(NOW + after).isoformat(), today=(NOW + after).date().isoformat(), circumstances=told)


def letter(
    postman: Messenger, period: str = "2026-W46", facts: str = "", name: str = "message to env:CHAT_URL"
) -> Letter:
    return Letter(name, period, Message(f"title {period}", "text", facts), postman)


def test_a_message_is_sent_once_a_period_and_once_a_week(ledger: MemoryLedger) -> None:
    postman = Postman()
    days = [
        (0, "W46"),
        (0, "W46"),
        (1, "W46"),
        (3, "W47"),
        (6, "W47"),
        (7, "W47"),
        (8, "W47"),
        (30, "W47"),
        (30, "W48"),
    ]
    for day, period in days:
        told = tell(ledger, [letter(postman, period)], options(timedelta(day)))
        assert not told.errors
    assert postman.brought == ["title W46", "title W47", "title W48"]


def test_a_weekly_job_that_starts_a_little_earlier_sends_all_the_same(ledger: MemoryLedger) -> None:
    postman = Postman()
    for day, period in ((timedelta(), "W46"), (timedelta(days=6, hours=23), "W47")):
        assert tell(ledger, [letter(postman, period)], options(day)).sent == ("env:CHAT_URL",)


def test_what_is_the_same_as_last_time_is_not_sent(ledger: MemoryLedger) -> None:
    postman = Postman()
    for day, facts in ((0, "a"), (7, "a"), (14, "b")):
        tell(ledger, [letter(postman, f"day {day}", facts)], options(timedelta(day)))
    assert postman.brought == ["title day 0", "title day 14"]


def test_where_nothing_is_due_nothing_is_written(ledger: MemoryLedger) -> None:
    tell(ledger, [letter(Postman())], options())
    saves = ledger.saves
    assert tell(ledger, [letter(Postman())], options(timedelta(1))) == Told()
    assert tell(ledger, [], options()) == Told()
    assert ledger.saves == saves


class Killed(BaseException):
    """The process ends."""


@pytest.mark.parametrize("where", ["before ledger", "after ledger", "before sending", "after sending"])
def test_a_run_that_dies_anywhere_sends_at_most_one(where: str, ledger: MemoryLedger) -> None:
    postman, other = Postman(), Postman("env:OTHER")
    both = [letter(postman), letter(other, name="message to env:OTHER")]

    def dies(here: str) -> None:
        if here == where:
            raise Killed

    ledger.pause = dies
    if where.endswith("sending"):
        postman.fails, postman.got = Killed(), where == "after sending"
    with pytest.raises(Killed):
        tell(ledger, both, options())
    ledger.pause, postman.fails = (lambda here: None), None
    for hours in (0, 1, 24):
        tell(ledger, both, options(timedelta(hours=hours)))
    assert len(postman.brought) == (0 if where in {"after ledger", "before sending"} else 1)
    assert len(other.brought) <= 1


@pytest.mark.parametrize("got", [False, True])
def test_a_process_that_is_killed_while_it_sends_leaves_a_ledger_that_knows(tmp_path: Path, got: bool) -> None:
    def opened() -> TreeLedger:
        return TreeLedger(tmp_path, tmp_path / "lock", wait=5)

    @dataclass
    class Doomed:
        name: str = "env:CHAT_URL"
        seconds: float = 1.0

        def send(self, title: str, text: str) -> None:
            if got:
                (tmp_path / "brought").write_text(title)
            os.kill(os.getpid(), signal.SIGKILL)

    first = opened()
    with first.lease():
        first.save(Ledger("acme/pm"))
    child = os.fork()
    if not child:
        tell(opened(), [letter(Doomed())], options())
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    later = Postman()
    assert tell(opened(), [letter(later)], options(timedelta(days=1))) == Told()
    assert not later.brought
    assert (tmp_path / "brought").exists() == got
    assert tell(opened(), [letter(later, "2026-W47")], options(timedelta(days=7))).sent


def test_what_may_have_arrived_is_not_sent_again(ledger: MemoryLedger) -> None:
    postman = Postman(fails=OutcomeUnknown("env:CHAT_URL: could not tell"))
    assert tell(ledger, [letter(postman)], options()).errors == ((Exit.TRACKER, "env:CHAT_URL: could not tell"),)
    postman.fails = None
    assert tell(ledger, [letter(postman)], options(timedelta(1))) == Told()
    assert not postman.brought


def test_what_was_surely_refused_is_sent_by_the_next_run(ledger: MemoryLedger) -> None:
    before = ledger.text
    postman = Postman(fails=TrackerError("env:CHAT_URL: no"))
    assert tell(ledger, [letter(postman)], options()).errors == ((Exit.TRACKER, "env:CHAT_URL: no"),)
    assert ledger.text == before
    postman.fails = None
    assert tell(ledger, [letter(postman)], options()).sent == ("env:CHAT_URL",)


def test_a_refusal_brings_back_when_the_last_one_was_sent(ledger: MemoryLedger) -> None:
    postman = Postman()
    tell(ledger, [letter(postman, "W46")], options())
    postman.fails = TrackerError("no")
    tell(ledger, [letter(postman, "W47")], options(timedelta(7)))
    assert ledger.load().reports["message to env:CHAT_URL"].period == "W46"


def test_one_that_fails_does_not_stop_the_others(ledger: MemoryLedger) -> None:
    ones = [Postman("a", fails=TrackerError("a: no")), Postman("b", fails=ConfigurationError("b: empty")), Postman("c")]
    told = tell(ledger, [letter(one, name=one.name) for one in ones], options())
    assert told == Told(("c",), ((Exit.TRACKER, "a: no"), (Exit.CONFIGURATION, "b: empty")))
    assert set(ledger.load().reports) == {"c"}


def test_without_a_ledger_nothing_would_remember_so_nothing_is_sent() -> None:
    postman = Postman()
    with pytest.raises(ConfigurationError, match="no ledger yet"):
        tell(MemoryLedger(), [letter(postman)], options())
    assert not postman.brought


def test_where_the_ledger_dies_with_the_job_nothing_is_sent(ledger: MemoryLedger) -> None:
    postman = Postman()
    ledger.shared = False
    with pytest.raises(ConfigurationError, match="contents: write"):
        tell(ledger, [letter(postman)], replace(options(), on_runner=True))
    assert not postman.brought
    assert tell(ledger, [letter(postman, "W99")], options(timedelta(9))).sent  # a clone that is kept remembers


@pytest.mark.parametrize("what", [{"paused": True}, {"branch": "topic"}, {"copied": "acme/other"}])
def test_a_run_that_may_only_plan_sends_nothing(what: dict[str, object], ledger: MemoryLedger) -> None:
    postman, before = Postman(), ledger.text
    assert tell(ledger, [letter(postman)], options(**what)).held  # type: ignore[arg-type]
    assert (postman.brought, ledger.text) == ([], before)


def test_of_two_runs_at_once_one_sends(ledger: MemoryLedger) -> None:
    postman = Postman()

    def another(where: str) -> None:
        if where == "before ledger":
            ledger.pause = lambda here: None
            tell(ledger, [letter(postman)], options())
            message = "another run was faster"
            raise OvertakenError(message)

    ledger.pause = another
    assert tell(ledger, [letter(postman)], options()) == Told()
    assert len(postman.brought) == 1


def test_a_run_that_lost_its_right_to_write_sends_no_more(
    ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(self: MemoryLedger, seconds: float) -> None:
        raise MovedError

    monkeypatch.setattr(MemoryLedger, "hold", lost)
    postman = Postman()
    with pytest.raises(MovedError):
        tell(ledger, [letter(postman)], options())
    assert not postman.brought


# --- from the settings ---------------------------------------------------------------------------------------------


def address(server: Loopback, way: str) -> str:
    return f"{server.url.replace('http', 'json')}/{way}/{SECRET}?cto=2&rto=2"


def told(root: Path, text: str) -> settings.Settings:
    (root / "closeout.toml").write_text(text, encoding="utf-8")
    return settings.load(root, {})


def changed(*, week: int) -> Summary:
    """The made-up team's, in another week."""
    period = Period(
        f"2026-W{week}", NOW.date() + timedelta(7 * (week - 47)), NOW.date() + timedelta(7 * (week - 46) - 1)
    )
    return replace(made_summary(), scope=Scope(period), as_of=NOW.date() + timedelta(7 * (week - 46)))


@pytest.mark.usefixtures("here")
def test_channels_and_owners_are_told_once_and_get_their_own(
    hook: Loopback, ledger: MemoryLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "chat").write_text(address(hook, "chat") + "\n")
    monkeypatch.setenv("BOB", address(hook, "bob"))
    monkeypatch.setenv("EVERYBODY", address(hook, "{login}"))
    made = told(
        tmp_path,
        f'[report]\nchannels = ["file:{tmp_path}/chat"]\n[report.digest]\n"bob" = "env:BOB"\n"*" = "env:EVERYBODY"\n'
        '[people]\nbob = { github = "bob" }\n"Ann Kowalski" = { github = "ann-k" }\nCarla = { github = "carla" }\n'
        'Nobody = { github = "../x" }\nPayments = { team = true }\n',
    )
    for _ in range(2):
        out = tell(ledger, letters(made, changed(week=46), "https://example.com/9"), options())
        assert not out.errors
    sent = {request.route.split("/")[1]: request.sent["title"] for request in hook.requests}
    assert sent == {
        "chat": "Action items of acme/postmortems: 19 open, 5 overdue",
        "bob": "2 action items of yours are overdue",
        "ann-k": "2 action items of yours are overdue",
        "carla": "1 action item of yours is overdue",
    }
    assert len(hook.requests) == len(sent)
    assert all("https://example.com/9" in request.sent["message"] for request in hook.requests)
    assert SECRET not in ledger.text


def test_a_week_in_which_nothing_changed_is_not_told(
    hook: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_URL", address(hook, "chat"))
    made = told(tmp_path, '[report]\nchannels = ["env:CHAT_URL"]\n')
    still = replace(made_summary(), done=(), declined=(), before=Counts(open=19, overdue=5))
    assert letters(made, still) == ()
    assert len(letters(made, made_summary())) == 1


def test_a_channel_that_fails_is_named_and_its_address_never_is(
    ledger: MemoryLedger,
    hook: Loopback,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with Loopback(lambda request: Reply(500)) as broken:
        monkeypatch.setenv("BROKEN", address(broken, "chat"))
        monkeypatch.setenv("GOOD", address(hook, "chat"))
        made = told(tmp_path, '[report]\nchannels = ["env:BROKEN", "env:MISSING", "env:GOOD"]\n')
        out = tell(ledger, letters(made, made_summary()), options())
    assert out.sent == ("env:GOOD",)
    assert [(code, text.partition(": ")[0]) for code, text in out.errors] == [
        (Exit.TRACKER, "env:BROKEN"),
        (Exit.CONFIGURATION, "env:MISSING"),
    ]
    captured = capfd.readouterr()
    assert SECRET not in f"{out}{captured}{caplog.text}{ledger.text}{letters(made, made_summary())}"


@pytest.mark.parametrize(
    ("keys", "variable"),
    [
        (f'channels = ["slack://{SECRET}/x"]', ""),
        (f'channels = ["{SECRET}"]', ""),
        (f'channels = "json://{SECRET}"', ""),
        (f'[report.digest]\nAnn = "mailto://ann:{SECRET}@example.com"', ""),
        ("", f'["json://{SECRET}"]'),
        ("", f"json://{SECRET}"),
    ],
)
def test_an_address_that_is_written_out_is_refused_and_not_repeated(
    keys: str, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable:
        monkeypatch.setenv("CLOSEOUT_REPORT__CHANNELS", variable)
    with pytest.raises(ConfigurationError) as error:
        told(tmp_path, f"[report]\n{keys}\n")
    assert SECRET not in str(error.value)


def test_why_an_address_is_refused_and_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=r'closeout.toml:2: key .report.channels. cannot be used: .*"env:CHAT_URL"'
    ):
        told(tmp_path, '[report]\nchannels = ["slack://a/b"]\n')


@pytest.mark.parametrize(("value", "why"), [("", "is empty"), ("json://a/t0k json://b/t0k", "more than one address")])
def test_a_secret_holds_one_address(
    value: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: MemoryLedger
) -> None:
    monkeypatch.setenv("CHAT_URL", value)
    made = told(tmp_path, '[report]\nchannels = ["env:CHAT_URL"]\n')
    ((code, text),) = tell(ledger, letters(made, made_summary()), options()).errors
    assert (code, "env:CHAT_URL" in text, why in text, "t0k" in text) == (Exit.CONFIGURATION, True, True, False)


def names(
    told: dict[str, str], people: list[Person], secret: Callable[[str], str] = lambda name: "x/{login}"
) -> list[str]:
    return [f"{one.name} {one.chat.address()}" for one in readers(told, people, secret)]


def test_nobody_whom_a_document_alone_names_gets_a_digest() -> None:
    people = [
        Person("Ann", {"github": "ann"}),
        Person("SRE", team=True),
        Person("Bob"),
        Person("Eve", {"github": "e&to=x@y"}),
    ]
    assert names({"*": "env:ALL"}, people) == ["Ann x/ann"]
    assert names({"*": "env:ALL", "ann": "env:ANN", "SRE": "env:SRE"}, people, lambda name: f"{name}/{{login}}") == [
        "ann env:ANN/{login}",
        "SRE env:SRE/{login}",
    ]
    assert names({}, people) == []


def test_a_pattern_without_a_place_for_the_account_would_send_all_to_one() -> None:
    with pytest.raises(ConfigurationError, match=r"env:ALL: .*holds no \{login\}") as error:
        names({"*": "env:ALL"}, [Person("Ann", {"github": "ann"})], lambda name: SECRET)
    assert SECRET not in str(error.value)
