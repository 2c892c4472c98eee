"""One run of the command in a process of its own, which dawdles where it was told to; its arguments are the command's.

`RACER` holds JSON: `dawdle` are seconds to wait before each push and each tracker write, in order, `ahead` how many
seconds its clock is ahead.
"""

from __future__ import annotations

import datetime
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from closeout import __main__, compose, git
from closeout import settings as settings_
from closeout.hosts.github import GitHub
from closeout.hosts.pacing import Pace
from closeout.state import gitref


def main() -> None:
    told = json.loads(os.environ["RACER"])
    left, ahead = list(told["dawdle"]), datetime.timedelta(seconds=told["ahead"])

    def dawdle() -> None:
        if left:
            time.sleep(left.pop(0))

    def now() -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC) + ahead

    class Slow(GitHub):
        def create_issue(self, *arguments: Any, **named: Any) -> Any:
            dawdle()
            return super().create_issue(*arguments, **named)

        def edit_issue(self, *arguments: Any, **named: Any) -> Any:
            dawdle()
            return super().edit_issue(*arguments, **named)

    push, run, ledger = git.push, compose.run, gitref.GitLedger

    def slow_push(*arguments: Any, **named: Any) -> str:
        dawdle()
        return push(*arguments, **named)

    def timed(root: Path, found: settings_.Settings, _now: object, asked: compose.Asked) -> compose.Run:
        return run(root, found, now(), asked)

    def timed_ledger(chain: Any, clock: object, pause: Any, times: gitref.Times) -> gitref.GitLedger:
        return ledger(chain, clock=now, pause=pause, times=times)

    from closeout.compose import github

    git.push = slow_push
    setattr(compose, "run", timed)  # noqa: B010 - with another clock
    setattr(compose, "GitLedger", timed_ledger)  # noqa: B010 - a name that is imported there
    setattr(github, "GitHub", Slow)  # noqa: B010
    Pace.__init__.__defaults__ = (*(Pace.__init__.__defaults__ or ())[:2], 0.0, *(Pace.__init__.__defaults__ or ())[3:])
    sys.argv[0] = "closeout"
    __main__.main()


if __name__ == "__main__":
    main()
