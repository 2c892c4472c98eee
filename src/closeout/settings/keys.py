"""Every key of closeout.toml that has an effect."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from closeout.repositories.decoding import text_encoding

PREFIX = "CLOSEOUT_"
NESTED = "__"
KINDS = ("folder", "github")
RuleName = Literal["document", "tracker", "ask", "document-only"]
FieldName = Literal["title", "owners", "due", "status", "priority", "ticket"]
StatusName = Literal["todo", "in_progress", "done", "wont_do"]


def dashed(name: str) -> str:
    """Return a field's name as its key is written."""
    return name.replace("_", "-")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=dashed, populate_by_name=True)


class FieldRules(_Table):
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


class Reading(_Table):
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


class Caps(_Table):
    """`[limits]`: how much one run changes."""

    max_creates: int | None = Field(
        None, ge=0, description="Issues made by one run; default: 25 on a host, no limit for the folder.", examples=[25]
    )
    max_closes: int | None = Field(
        None,
        ge=0,
        description="Issues closed by one run; default: 10 on a host, no limit for the folder.",
        examples=[10],
    )
    max_edits: int | None = Field(
        None,
        ge=0,
        description="Issues changed otherwise; default: 50 on a host, no limit for the folder.",
        examples=[50],
    )
    max_wait: int = Field(
        120, ge=0, description="Seconds to wait for a host's rate limit; a longer wait ends the run with exit 9."
    )
    lease_wait: int = Field(
        60,
        ge=0,
        description="Seconds to wait for another run to come to its end; a longer wait ends this one with exit 6.",
    )
    lease: int = Field(
        600,
        ge=1,
        description="Seconds for which a run has the ledger for itself, from each push of it on; longer than any one write "
        "may take. The folder's ledger is locked by the system instead.",
    )


class Tracker(_Table):
    """`[trackers.NAME]`: a tracker, and what opens it."""

    kind: str = Field("", description="What it is: github; default: its name.", examples=["github"])
    project: str = Field(
        "", description="Where issues live, as owner/name; default: the repository.", examples=["acme/platform"]
    )
    url: str = Field(
        "", description="The host's address, for a host of your own.", examples=["https://github.example.com"]
    )
    token_env: str = Field("GITHUB_TOKEN", description="The variable that holds the token; it goes to this host only.")
    token_file: str = Field(
        "", description="A file that holds the token, before the variable.", examples=["/run/secrets/token"]
    )
    app_id: str = Field("", description="A GitHub App's id, instead of a token.", examples=["12345"])
    app_key_file: str = Field(
        "", description="The file with the GitHub App's private key.", examples=["/run/secrets/app.pem"]
    )
    allow_wider_audience: bool = Field(
        default=False, description="Make issues where more people can read them than the documents.", examples=[True]
    )


class Entry(_Table):
    """`[people]`: a name, with its accounts by the tracker's name, or a team."""

    model_config = ConfigDict(extra="allow", frozen=True)

    team: bool = False
    label: str = ""

    @model_validator(mode="after")
    def _accounts(self) -> Entry:
        for name, login in (self.model_extra or {}).items():
            if not isinstance(login, str) or not login:
                message = f"the account on {name!r} must be a login in quotes"
                raise ValueError(message)
        return self


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

    paths: Annotated[tuple[str, ...], NoDecode] = Field(
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
        description="Who makes the commits; default: git's own user, else the bot of the runner's host, else closeout.",
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
    fields: FieldRules = FieldRules()
    reading: Reading = Reading()
    limits: Caps = Caps()
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
            if (told.kind or name) not in KINDS:
                message = f"[trackers.{name}]: no kind of tracker is called {told.kind or name!r}; there are {', '.join(KINDS)}"
                raise ValueError(message)
        return value

    @field_validator("tracker")
    @classmethod
    def _named(cls, value: str, info: ValidationInfo) -> str:
        if value and value not in KINDS and value not in info.data.get("trackers", {}):
            message = f"this closeout knows {', '.join(KINDS)}, and the names of [trackers]"
            raise ValueError(message)
        return value
