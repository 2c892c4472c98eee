"""The Python of an environment that was made earlier, for which time stands still: `NOW -I -X utf8 -m closeout action`."""

from __future__ import annotations

import datetime
import sys

import mortal
from asking import ACTION
from closeout.__main__ import main as run


def main() -> None:
    assert sys.argv[2:] == ACTION, sys.argv
    mortal.stand_still(datetime.datetime.fromisoformat(sys.argv[1]))
    sys.argv = ["closeout", "action"]
    run()


if __name__ == "__main__":
    main()
