"""What the processes of a test are given to do; they find it by its name."""

from __future__ import annotations

import os


def double(number: int) -> int:
    return 2 * number


def die_of_seven(number: int) -> int:
    if number == 7:
        os._exit(1)
    return 2 * number


def refuse_seven(number: int) -> int:
    if number == 7:
        message = "seven"
        raise ValueError(message)
    return 2 * number


def who(_number: int) -> int:
    return os.getpid()
