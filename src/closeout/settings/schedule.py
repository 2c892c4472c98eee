"""The keys of a machine that works on a schedule: `[[repositories]]` and `[daemon]`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from closeout.settings.table import Table

_EVERY = "*/15 * * * *"


class Repository(Table):
    """`[[repositories]]`: one repository of documents, and when it is synced."""

    url: str = Field(min_length=1, description="The address that it is cloned from.")
    name: str = Field(
        "",
        pattern=r"^([A-Za-z0-9][A-Za-z0-9_.-]{0,99})?$",
        description="What logs and metrics call it; default: the end of its address.",
    )
    schedule: str = Field(
        _EVERY,
        description="When it is synced, as a cron expression: minute, hour, day of the month, month, day of the week.",
    )
    report: str = Field(
        "", description="When its report is posted, as a cron expression; default: never.", examples=["0 7 * * mon"]
    )
    timezone: str = Field("UTC", description="The time zone of both, as Europe/Berlin.")
    jitter: int = Field(
        60, ge=0, le=3600, description="Seconds by which a start is put off at random, so that not all start at once."
    )
    source: Literal["clone", "api"] = Field(
        "clone",
        description='Where documents are read from: "clone" keeps a clone of it, "api" asks its host, and needs `config` '
        "unless that is GitHub.",
    )
    token_env: str = Field(
        "",
        description="The variable with the token that clones and pushes by https; default: that of the host's kind, as "
        "GITHUB_TOKEN. It is shown to that host only.",
    )
    token_file: str = Field("", description="A file that holds this token, before the variable.")
    config: str = Field(
        "",
        description="The file with its configuration; default: closeout.toml at the root of the repository.",
        examples=["/etc/closeout/postmortems.toml"],
    )


class Daemon(Table):
    """`[daemon]`: how `closeout daemon` works."""

    url: str = Field(
        "", description="One repository, instead of [[repositories]].", examples=["https://github.com/acme/postmortems"]
    )
    schedule: str = Field(_EVERY, description="When that one is synced.")
    report: str = Field("", description="When its report is posted; default: never.", examples=["0 7 * * mon"])
    timezone: str = Field("UTC", description="The time zone of both.")
    cache: Path = Field(
        Path("~/.cache/closeout/repositories"),
        description="The folder that keeps the clones; it may be deleted while no daemon runs.",
        examples=["/var/lib/closeout"],
    )
    at_once: int = Field(
        2,
        ge=1,
        le=64,
        description="How many repositories are worked on at a time; so many that hang hold up the others until `time-limit`.",
    )
    time_limit: int = Field(
        900,
        ge=1,
        description="Seconds that one run may take, with what is fetched for it; it is ended then, and the next run goes on.",
    )
    grace: int = Field(
        8,
        ge=0,
        description="Seconds between the word to stop and the end of the daemon: running work may come to its end until 2 "
        "seconds before, and lets go then; the next start goes on.",
    )
    listen: str = Field(
        "127.0.0.1:9464",
        pattern=r"^(|.*:\d{1,5})$",
        description="Where /healthz, /readyz and /metrics are served, as address:port; empty: nowhere.",
        examples=["0.0.0.0:9464"],
    )
    log: Literal["console", "json"] = Field("console", description="How log lines are written.")

    @field_validator("cache")
    @classmethod
    def _home(cls, value: Path) -> Path:
        return value.expanduser()
