"""Every key of closeout.toml that has an effect."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from closeout.repositories.decoding import text_encoding
from closeout.settings.kinds import FOLDER, NAMES
from closeout.settings.limits import Caps
from closeout.settings.reporting import Report
from closeout.settings.schedule import Daemon, Repository
from closeout.settings.table import Table, Wildcard, dashed
from closeout.settings.tracking import GITHUB_ONLY, Entry, Route, StatusName, Tracker

PREFIX = "CLOSEOUT_"
NESTED = "__"
RuleName = Literal["document", "tracker", "ask", "document-only"]
FieldName = Literal["title", "owners", "due", "status", "priority", "ticket"]


class FieldRules(Table):
    """`[fields]`: who wins when both sides changed."""

    title: RuleName = Field(
        "document-only",
        description='Who wins when document and issue changed a title; but for "document-only" a retitled issue\'s title '
        "goes where plain words and a committed ticket stand.",
        examples=["tracker"],
    )
    status: RuleName = Field("tracker", description="Who wins when document and issue changed a status.")
    owners: RuleName = Field("document", description="Who wins when document and issue changed the owners.")
    due: RuleName = Field("document", description="Who wins when document and issue changed a due date.")
    priority: RuleName = Field("document", description="Who wins when document and issue changed a priority.")
    add_columns: bool = Field(
        default=False, description="Add `Status` and `Ticket` columns to tables that lack them.", examples=[True]
    )


class Reading(Table):
    """`[reading]`: a team's own words."""

    headings: tuple[str, ...] = Field(
        (), description="More headings that are meant for follow-ups.", examples=[["Nachbereitung"]]
    )
    columns: Mapping[FieldName, tuple[str, ...]] = Field(
        default_factory=dict, description="More column headers by field.", examples=[{"due": ["Zieltermin"]}]
    )
    status: Mapping[StatusName, tuple[str, ...]] = Field(
        default_factory=dict, description="More words by status.", examples=[{"done": ["abgehakt"]}]
    )
    tickets: tuple[Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,30}$")], ...] = Field(
        (),
        description="More prefixes of tickets elsewhere, as they are spelt before `-12`; SRE-12 is one anyway, INC-12 is not.",
        examples=[["INC", "ops"]],
    )
    encodings: tuple[str, ...] = Field(
        (),
        description="What documents may be encoded in besides UTF-8, the first that fits is taken; others are guessed, "
        "and only read.",
        examples=[["utf-16", "windows-1252"]],
    )

    @field_validator("encodings")
    @classmethod
    def _encodings(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not text_encoding(name):
                message = f"no encoding of texts is called {name!r}; there are, for example, utf-16 and windows-1252"
                raise ValueError(message)
        return value


class Settings(BaseSettings):
    """Everything that can be configured."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=dashed,
        populate_by_name=True,
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
    )

    paths: Annotated[tuple[Wildcard, ...], NoDecode] = Field(
        (),
        description="Which documents, as git's wildcards; default: Markdown below folders named like post*mortem*, "
        "incident* or rca.",
        examples=[["docs/postmortems/**/*.md"]],
    )
    trackers: Mapping[str, Tracker] = Field(default_factory=dict, description="The trackers by name.")
    tracker: str = Field(
        "",
        description='Where issues live: "folder" keeps them as files in this repository, "github" on GitHub, or a name '
        "of [trackers]; default: by the remote.",
        examples=["github"],
    )
    routes: tuple[Route, ...] = Field(
        (),
        description="Which documents have their issues in another tracker.",
        examples=[[{"paths": ["docs/postmortems/infra/**"], "tracker": "infra"}]],
    )
    ledger: str = Field(
        "refs/closeout/ledger", description="The git ref that keeps what closeout remembers, for a tracker on a host."
    )
    since: datetime.date | None = Field(
        None,
        description="Items of incidents before this day, and of undated ones, get no issue; default: 90 days ago on a "
        "host, none for the folder.",
        examples=[datetime.date(2026, 8, 1)],
    )
    paused: bool = Field(default=False, description="Plan everything, write nothing.")
    publish: Literal["none", "worktree", "commit", "pull-request", "api"] = Field(
        "worktree",
        description='How documents go back: "worktree" edits the files, "commit" commits and pushes these edits, '
        '"pull-request" offers them in one, "api" lets GitHub make the commit (neither of these two with issues in the '
        'folder, which "commit" commits along), "none" writes nothing.',
    )
    publish_every: datetime.timedelta = Field(
        datetime.timedelta(days=1),
        ge=datetime.timedelta(0),
        description="How long an open pull request stays as it is before it may change, as an ISO 8601 duration.",
        examples=["PT6H"],
    )
    pull_request_branch: str = Field(
        "closeout/write-backs",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*([./][A-Za-z0-9_-]+)*$",
        description="The branch that pull requests come from; nobody else may use it.",
        examples=["bot/write-backs"],
    )
    pull_request_per: str = Field(
        "",
        description="Leading folders, as wildcards: documents below each that matches get a pull request of their own; "
        "default: one for all.",
        examples=["services/*"],
    )
    commit_author: str = Field(
        "",
        pattern=r"^(\s*[^<>\n]+<[^<>\s]+>\s*)?$",
        description="Who makes the commits; default: git's own user, else the App's account or the bot of the runner's host, else closeout.",
        examples=["Ann Lee <ann@example.com>"],
    )
    source: Literal["clone", "api"] = Field(
        "clone",
        description='Where documents are read from: "clone" is the repository around the current folder, "api" the one '
        "on GitHub, without a clone.",
    )
    repository: str = Field(
        "",
        pattern=r"^([A-Za-z0-9_-]{1,100}/[A-Za-z0-9_.-]{1,100})?$",
        description='With source = "api": the documents\' repository, as owner/name; default: GITHUB_REPOSITORY, else the '
        "remote.",
        examples=["acme/postmortems"],
    )
    repositories: tuple[Repository, ...] = Field(
        (),
        description="What `closeout daemon` works on, and when; nothing else reads it.",
        examples=[[{"url": "https://github.com/acme/postmortems", "schedule": "*/15 * * * *"}]],
    )
    daemon: Daemon = Daemon()
    fields: FieldRules = FieldRules()
    reading: Reading = Reading()
    limits: Caps = Caps()
    report: Report = Report()
    people: Mapping[str, Entry] = Field(
        default_factory=dict,
        description="Names as documents write them, with their accounts by tracker, or a team with its label.",
        examples=[{"Maxime": {"github": "max42"}, "SRE": {"team": True, "label": "team/sre"}}],
    )

    @field_validator("paths", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        """A variable or a flag holds several patterns one a line."""
        return [part for line in value.split("\n") if (part := line.strip())] if isinstance(value, str) else value

    @field_validator("trackers")
    @classmethod
    def _known(cls, value: Mapping[str, Tracker]) -> Mapping[str, Tracker]:
        for name, told in value.items():
            if (told.kind or name) not in NAMES:
                message = f"[trackers.{name}]: no kind of tracker is called {told.kind or name!r}; there are {', '.join(NAMES)}"
                raise ValueError(message)
            if (told.kind or name) != "github" and (used := GITHUB_ONLY & told.model_fields_set):
                message = f"[trackers.{name}]: {', '.join(map(dashed, sorted(used)))} is for a tracker on GitHub"
                raise ValueError(message)
        return value

    @field_validator("tracker")
    @classmethod
    def _named(cls, value: str, info: ValidationInfo) -> str:
        if value and not _is_tracker(value, info):
            message = f"this closeout knows {', '.join(NAMES)}, and the names of [trackers]"
            raise ValueError(message)
        return value

    @field_validator("routes")
    @classmethod
    def _lead_somewhere(cls, value: tuple[Route, ...], info: ValidationInfo) -> tuple[Route, ...]:
        for route in value:
            if route.tracker == FOLDER or not _is_tracker(route.tracker, info):
                message = (
                    f"no tracker on a host is called {route.tracker!r}; describe it below [trackers.{route.tracker}]"
                )
                raise ValueError(message)
        return value

    @field_validator("report")
    @classmethod
    def _posts_somewhere(cls, value: Report, info: ValidationInfo) -> Report:
        if value.tracker and not _is_tracker(value.tracker, info):
            message = f"no tracker is called {value.tracker!r}; describe it below [trackers.{value.tracker}]"
            raise ValueError(message)
        return value


def _is_tracker(name: str, info: ValidationInfo) -> bool:
    return name in NAMES or name in info.data.get("trackers", {})
