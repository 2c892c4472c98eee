"""The keys that say where issues live: `[trackers.NAME]`, `[[routes]]`, `[people]`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from closeout.settings.kinds import KINDS, NAMES
from closeout.settings.table import Table, Wildcard

LevelName = Literal["urgent", "high", "medium", "low"]
GITHUB_ONLY = frozenset(
    {"in_progress_label", "priority_labels", "due", "field_id", "type", "labels", "sub_issues", "priority_field"}
)
StatusName = Literal["todo", "in_progress", "done", "wont_do"]


class Tracker(Table):
    """`[trackers.NAME]`: a tracker, and what opens it."""

    kind: str = Field(
        "",
        description=f"What it is: {', '.join(KINDS)}; default: its name.",
        examples=["github"],
        json_schema_extra={"enum": ["", *NAMES]},
    )
    project: str = Field(
        "", description="Where issues live, as owner/name; default: the repository.", examples=["acme/platform"]
    )
    url: str = Field(
        "", description="The host's address, for a host of your own.", examples=["https://github.example.com"]
    )
    token_env: str = Field(
        "",
        description="The variable that holds the token, which goes to this host only; default: "
        + ", ".join(f"{kind.token_env} ({name})" for name, kind in KINDS.items())
        + ".",
        examples=["INFRA_TOKEN"],
    )
    token_file: str = Field(
        "", description="A file that holds the token, before the variable.", examples=["/run/secrets/token"]
    )
    app_id: str = Field("", description="A GitHub App's id, instead of a token.", examples=["12345"])
    app_key_file: str = Field(
        "", description="The file with the GitHub App's private key.", examples=["/run/secrets/app.pem"]
    )
    states: Mapping[StatusName, str] = Field(
        default_factory=dict,
        description="Which state stands for a status, where a host lets teams name theirs; default: the first of its group.",
        examples=[{"in_progress": "Doing"}],
    )
    in_progress_label: str = Field(
        "",
        max_length=50,
        description="On GitHub: the label of an open issue that somebody works on; closeout adds it and takes it off.",
        examples=["in progress"],
    )
    priority_labels: Mapping[LevelName, Annotated[str, Field(min_length=1, max_length=50)]] = Field(
        default_factory=dict,
        description="On GitHub: the labels that say a priority, by what it means; closeout adds them and takes them off.",
        examples=[{"high": "P1", "low": "P3"}],
    )
    due: Literal["", "field", "milestone", "body"] = Field(
        "",
        description="On GitHub: where a due date is kept beside the issue's text, in the organisation's field Target date, "
        "in a milestone for each day, or nowhere; default: the field where it can be seen.",
        examples=["milestone"],
    )
    field_id: int = Field(
        0, ge=0, description="On GitHub: the id of that field, where the token may not list fields.", examples=[1234]
    )
    type: str = Field(
        "", max_length=100, description="On GitHub: the type that each new issue gets.", examples=["Task"]
    )
    labels: tuple[Annotated[str, Field(min_length=1, max_length=50)], ...] = Field(
        (), description="On GitHub: the labels that each new issue gets.", examples=[["postmortem"]]
    )
    priority_field: bool = Field(
        default=True,
        description="On GitHub: keep priorities in the organisation's field Priority, where it can be seen and no label says "
        "one.",
        examples=[False],
    )
    sub_issues: bool = Field(
        default=True,
        description="On GitHub: put issues below the one that their document names as its incident's own.",
        examples=[False],
    )
    allow_wider_audience: bool = Field(
        default=False, description="Make issues where more people can read them than the documents.", examples=[True]
    )

    @model_validator(mode="after")
    def _says_one_thing(self) -> Tracker:
        said = [name.strip().casefold() for name in (self.in_progress_label, *self.priority_labels.values()) if name]
        if len(said) > len(set(said)):
            message = "a label says one thing only: give each priority, and work in progress, another one"
            raise ValueError(message)
        return self


class Route(Table):
    """`[[routes]]`: where the issues of some documents live; the first route that takes a document decides."""

    paths: tuple[Wildcard, ...] = Field((), description="Which documents it takes, as git's wildcards.")
    private: bool = Field(default=False, description="Take those that say `private: true` in their front matter, too.")
    tracker: str = Field(description="The name of the tracker.")

    @model_validator(mode="after")
    def _takes_some(self) -> Route:
        if not self.paths and not self.private:
            message = "a route takes documents by `paths`, by `private = true`, or by both"
            raise ValueError(message)
        return self


class Entry(Table):
    """`[people]`: a name, with its accounts by the tracker's name, or a team."""

    model_config = ConfigDict(
        extra="allow", frozen=True, json_schema_extra={"additionalProperties": {"type": "string", "minLength": 1}}
    )

    team: bool = False
    label: str = ""

    @model_validator(mode="after")
    def _accounts(self) -> Entry:
        for name, login in (self.model_extra or {}).items():
            if not isinstance(login, str) or not login:
                message = f"the account on {name!r} must be a login in quotes"
                raise ValueError(message)
        return self
