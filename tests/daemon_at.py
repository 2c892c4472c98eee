"""The daemon as a process of its own, whose runs see the time that they are told.

python tests/daemon_at.py NOW daemon --config closeout.toml
"""

from __future__ import annotations

import sys
from datetime import datetime
from functools import partial

from closeout.__main__ import main as closeout
from closeout.cli import one_run
from closeout.daemon import serve
from closeout.daemon.process import Children
from mortal import stand_still


def main() -> None:
    now = sys.argv.pop(1)
    if sys.argv[1] == "daemon":
        program = (sys.executable, __file__, now)
        setattr(serve, "Children", partial(Children, program))  # noqa: B010 - a name that is imported there
        closeout()
    else:
        stand_still(datetime.fromisoformat(now))
        one_run.main()


if __name__ == "__main__":
    main()
