"""A chat, a mail box or a webhook, by an address of Apprise's that nobody is shown.

Each message is sent by a process of its own, within a time limit: libraries log addresses (urllib3 whole paths, tokens
too), and may wait for ever.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from closeout.errors import ConfigurationError, OutcomeUnknown, TrackerError

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Chat:
    """One address; `name` is what leads to it, and `address` returns it. Raises ConfigurationError where it cannot."""

    name: str
    address: Callable[[], str] = field(repr=False)
    seconds: float = SECONDS

    def send(self, title: str, text: str) -> None:
        """Send a message, once.

        Raises ConfigurationError for an address that is none, TrackerError where surely nobody got it, OutcomeUnknown
        where somebody may have.
        """
        asked = json.dumps({"address": self.address(), "title": title, "text": text})
        word, _, answer = self._word(asked).partition(" ")
        match word:
            case "sent":
                return
            case "wrong":
                message = (
                    f"{self.name}: could not send the message: what it holds is no address that Apprise knows. Look up "
                    "how one is written: https://github.com/caronc/apprise/wiki"
                )
                raise ConfigurationError(message)
            case "refused":
                why = f"the answer was {answer}" if answer else "nobody could be reached there"
                message = f"{self.name}: could not send the message: {why}. Mend the address; the next run tries again"
                raise TrackerError(message)
            case _:
                message = (
                    f"{self.name}: could not tell whether the message was sent, so it is not sent again. Look there, and "
                    "at the address"
                )
                raise OutcomeUnknown(message)

    def _word(self, asked: str) -> str:
        """Return what the process says; nothing if it dies, or when its time is over, or if there is no room for it."""
        command = [sys.executable, "-P", "-m", "closeout.channels.sending"]
        try:
            done = subprocess.run(
                command,
                input=asked.encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self.seconds,
                check=False,
            )
        except (subprocess.TimeoutExpired, OSError):
            return ""
        return done.stdout.decode("ascii", "replace") if done.returncode == 0 else ""
