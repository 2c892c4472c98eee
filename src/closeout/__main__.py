"""`closeout` and `python -m closeout`."""

from __future__ import annotations

import gc

_SELDOM = 200_000


def main() -> None:
    """Run the command line; ends the process with a documented exit code."""
    # what is loaded and read stays to the end: to look for waste after every 700 values takes a tenth of a short run
    gc.set_threshold(_SELDOM)
    from closeout.cli.app import run  # noqa: PLC0415 - loading is what is to go on undisturbed

    run()


if __name__ == "__main__":
    main()
