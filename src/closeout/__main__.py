"""`closeout` and `python -m closeout`."""

from __future__ import annotations

from closeout.cli.app import run


def main() -> None:
    """Run the command line; ends the process with a documented exit code."""
    run()


if __name__ == "__main__":
    main()
