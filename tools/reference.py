"""Write what can be generated: the reference pages, config.example.toml, the example in the README, and all
languages' words in one file.

With `--check` nothing is written, and a page that is not fresh makes the exit code 1.
"""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import report_formats
import schema
import typer.main
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from closeout import compose
from closeout.cli.app import app
from closeout.daemon.known import Known
from closeout.daemon.metrics import registry
from closeout.domain.finding import READING, SYNCING
from closeout.domain.item import Status
from closeout.domain.sync.merge import DEFAULT_RULES
from closeout.engine.sync import sync
from closeout.errors import PRECEDENCE, Exit
from closeout.reading.vocabulary import TOGETHER, languages
from closeout.settings import Settings
from closeout.settings.tracking import Tracker
from closeout.trackers import folder, forgejo_words, github_words, gitlab_words, plane_words

ROOT = Path(__file__).resolve().parent.parent
MARK = "<!-- Written by `make docs`; do not edit. -->\n"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (heads, *rows)]
    widths = [max(3, *(len(row[column]) for row in cells)) for column in range(len(heads))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines) + "\n"


def commands() -> str:
    group: Any = typer.main.get_command(app)
    parts = [f"# Commands\n\n{MARK}\nEvery command says the same with `--help`.\n"]
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        told, _, example = (command.help or "").partition("Example:")
        rows = []
        for one in command.params:
            if one.name == "help":
                continue
            spelt = ", ".join(one.opts) if one.param_type_name == "option" else one.metavar or one.name
            default = one.default if isinstance(one.default, str) and one.default else ""
            kinds = f" ({', '.join(type(one.default))})" if isinstance(one.default, StrEnum) else ""
            rows.append([f"`{spelt}`", f"{one.help}{kinds}", f"`{default}`" if default else ""])
        sample = re.sub(r"\[/?bold\]", "", example).strip()
        parts.append(f"## closeout {name}\n\n{told.strip()}\n\n    {sample}\n")
        if rows:
            parts.append(table(["", "what it does", "default"], rows))
    return "\n".join(parts)


def exit_codes() -> str:
    rows = [[str(int(code)), code.meaning] for code in Exit]
    order = ", ".join(str(code) for code in PRECEDENCE)
    after = f"When several apply, the first of {order} is returned, and all are printed.\n\n"
    after += (
        "Told to stop (SIGTERM), a command gives back what it holds and ends by that signal, which shells show as 143. The\n"
        "daemon ends with 0 then, and `closeout daemon --once` with 9.\n"
    )
    return f"# Exit codes\n\n{MARK}\n{table(['code', 'what it tells'], rows)}\n{after}"


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every key with its field; those of tables have dotted names, with NAME where the name is anybody's."""
    for name, told in model.model_fields.items():
        spelt = prefix + name.replace("_", "-")
        inner = told.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from keys(inner, f"{spelt}.")
        elif get_args(inner) and get_args(inner)[-1] is Tracker:
            yield from keys(Tracker, f"{spelt}.NAME.")
        else:
            yield spelt, told


def default_of(told: Any) -> object:
    value = told.get_default(call_default_factory=True)
    return None if value is PydanticUndefined else value


def configuration() -> str:
    rows = []
    for name, told in keys(Settings):
        variable = f"`CLOSEOUT_{name.replace('.', '__').replace('-', '_').upper()}`"
        rows.append(
            [f"`{name}`", told.description or "", f"`{toml(default_of(told))}`", "" if "NAME" in name else variable]
        )
    before = (
        "The file is `closeout.toml` in the repository's root, or what `--config` names. Flags win over variables, "
        "which win\nover the file. An unknown key, table or `CLOSEOUT_` variable is an error.\n"
        "`closeout.schema.json` beside this page tells [editors](../how-to/editors.md) the same.\n"
    )
    return f"# Configuration\n\n{MARK}\n{before}\n{table(['key', 'what it does', 'default', 'variable'], rows)}"


def toml(value: object) -> str:
    match value:
        case None:
            return "no limit"
        case bool():
            return str(value).lower()
        case int() | datetime.date():
            return str(value)
        case dict():
            pairs = (
                f"{key if key.replace('-', '_').isidentifier() else toml(key)} = {toml(one)}"
                for key, one in value.items()
            )
            return "{ " + ", ".join(pairs) + " }" if value else "{}"
        case tuple() | list():
            return "[" + ", ".join(toml(one) for one in value) + "]"
        case datetime.timedelta():
            return f'"P{value.days}D"'
        case _:
            return '"' + str(value) + '"'


def example_configuration() -> str:
    lines = ["# Every key that has an effect, with an example; `closeout init` writes a short one.", ""]
    top = [(name, told) for name, told in keys(Settings) if "." not in name and name != "people"]
    tables = [(name, told) for name, told in keys(Settings) if "." in name]
    table_name = ""
    for name, told in [*top, *tables]:
        head, _, key = name.replace("NAME", "infra").rpartition(".")
        if head != table_name:
            table_name = head
            lines += [f"[{head}]"]
        example = told.examples[0] if told.examples else default_of(told)
        lines += [*(f"# {line}" for line in textwrap.wrap(told.description, 112)), f"{key} = {toml(example)}", ""]
    people = Settings.model_fields["people"]
    lines += ["[people]", f"# {people.description}"]
    lines += [f'"{name}" = {toml(entry)}' for name, entry in (people.examples or [{}])[0].items()]
    return "\n".join(lines) + "\n"


def capabilities() -> str:
    rows = []
    forges = (github_words.CAPABILITIES, *forgejo_words.CAPABILITIES.values(), gitlab_words.CAPABILITIES)
    hosts = (*forges, plane_words.CAPABILITIES)
    for one in (folder.CAPABILITIES, *hosts):
        fields = ", ".join(sorted(one.fields))
        limit = f"{one.title_bytes} bytes" if one.title_bytes else str(one.title_limit or "none")
        rows.append([one.kind, fields, ", ".join(status for status in Status if status in one.statuses), limit])
    heads = ["tracker", "fields it has room for", "statuses it can tell apart", "characters of a title"]
    github = f"{REQUESTS}{table(['GitHub: what for', 'requests'], COUNTS)}{LISTS}"
    plane = f"\n{table(['Plane: what for', 'requests'], PLANE_COUNTS)}{PLANE}"
    forgejo = f"\n{table(['Forgejo, Gitea: what for', 'requests'], FORGEJO_COUNTS)}{FORGEJO}"
    return f"# Trackers\n\n{MARK}\n{table(heads, rows)}\n{github}{forgejo}{plane}"


REQUESTS = """## What a run asks for

The folder tracker asks nobody. A list costs one request per 100 issues on it. The tests `test_github_end_to_end.py`
and `test_without_a_clone.py` hold these counts.

"""
COUNTS = (
    ("every run", "one look-up of the repository"),
    ("issues in another repository, which is public", "one look-up of the documents' repository"),
    ("every run, with the cache (at a shell)", "the list of the issues that changed since"),
    ("every run, without it (on a runner)", "the list of the issues with our label, `closeout`"),
    ("a linked issue that is not on that list", "one read"),
    ("an issue of ours that is not on it, its label was removed", "one read; for more than 20 of them one full list"),
    ("a value that enters a document", "one read of its issue"),
    ("a branch of write-backs that is there", "one list of its pull requests"),
    ("an update", "one read, one write"),
    ("every run on an organisation's repository, without `priority-labels`", "one list of its fields"),
    (
        "a due date is set, in an organisation or with `due`",
        "one list of its fields, once a run, or of the milestones; one write for a new milestone, one for a field",
    ),
    ("a priority is set in its field", "one write, one read after it"),
    (
        "an issue is put below its incident's own",
        "one read of each of the two, one of its parent before and one after; one write",
    ),
    (
        "an update that adds and takes off labels",
        "one read before and one after; one write for each label, one for all else",
    ),
    ("creates", "one full list; the list of who can be assigned, if anybody is to be; one write each"),
    (
        "creates, where only this clone's ledger holds",
        "one full list after them, and one in each later run until it was read when they were 15 minutes old",
    ),
    (
        "no ledger yet, `--rebuild-ledger`, a create whose outcome is open",
        "one full list in place of the other; after a crash who we are",
    ),
    ('`source = "api"`, every run', "one look at the branch"),
    (
        '`source = "api"`, the branch moved, or nothing is kept of it',
        "one list of its files; one read for each hundred documents that are new, one for each that is no UTF-8 text",
    ),
    ('`source = "api"`, a listing that GitHub cuts off', "two lists for each folder that is too large for one"),
    ('`source = "api"`, the ledger is from another commit', "one comparison of the two"),
    ("the ledger, through the API", "two looks at its ref, one read if there is one; three writes a save"),
    ('`publish = "api"`, documents change', "one write"),
)
FORGEJO_COUNTS = (
    ("every run", "one look-up of the repository, its labels, a list of the issues with our label, 50 with a request"),
    ("a linked issue that is not on that list", "one read"),
    ("the first create in a project", "one write for our label"),
    ("creates", "one full list; the list of who can be assigned, if anybody is to be; one write each"),
    ("an update", "one read, one write; one more for each kind of labels that it takes: to add, and to take off"),
    ("a branch that never had a pull request", "one look-up of the repository, one look"),
)
FORGEJO = """
The tests `test_tracker_forgejo.py` and `test_forgejo_pulls.py` hold these counts.
"""
PLANE_COUNTS = (
    ("every run", "one list of the projects; the full list, one request per 100 work items; the project's states"),
    ("anybody is assigned, or to be", "the list of the project's members; of the workspace's for one who has left"),
    ("a work item has labels, or gets one", "the list of the project's labels; one write for each that is new"),
    ("a ticket that is an address with ids", "one read where the full list lacks it"),
    ("a linked item without our key", "one read"),
    ("a value that enters a document", "one read of its work item"),
    ("a create", "one write"),
    ("an update", "one read, one write, one read of what is kept then"),
    ("a key that is there already", "one look-up; where two have it, a full list"),
)
PLANE = """
Plane takes 60 requests a minute; the sixty-first waits. The tests `test_plane_end_to_end.py` and
`test_tracker_plane.py` hold these counts.
"""
LISTS = """
A full list is narrowed by nothing, neither label nor cache. Only on its word is an issue made. What another list lacks
is neither new nor gone. A run without changes writes nothing.
"""


DOCUMENT = {
    "same": "as it was",
    "changed": "changed",
    "alike": "says what the issue says",
    "landed": "shows what closeout wrote",
    "emptied": "emptied",
    "unreadable": "not understood",
    "still unreadable": "still not understood",
    "no place": "no place",
}
ISSUE = {
    "same": "as it was",
    "changed": "changed",
    "moved on": "another open status",
    "emptied": "emptied",
    "unreadable": "unreadable",
}
SEEN = {"alike": "the same", "apart": "different", "never": "never"}
FIELDS = {"linked": "status of a linked issue"}
THEN = {"send": "the document's value is sent", "show": "the issue's value is written into the document"}


def metrics() -> str:
    known = Known()
    rows = [
        (f"`{one.name}{'_total' if one.type == 'counter' else ''}`", one.type, one.documentation)
        for one in registry(known).collect()
    ]
    told = "What `closeout daemon` serves at `/metrics`. Labels name the repository, and where it counts the task (`sync`,\n`report`), how a run ended, and the host.\n"
    return f"# Metrics\n\n{MARK}\n{told}\n{table(('metric', 'type', 'what it tells'), rows)}"


def merging() -> str:
    """The truth table that closeout is held to, with what cannot be."""
    told = tomllib.loads((ROOT / "tests/meta/merging.toml").read_text("utf-8"))
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for row in told["row"]:
        parts.setdefault(row.get("part") or list(parts)[-1], []).append(row)
    tables = (f"## {title}\n\n{truths(rows)}" for title, rows in parts.items())
    rules = [[str(what), f"`{rule}`"] for what, rule in DEFAULT_RULES.items()]
    return (
        f"# How a disagreement is settled\n\n{MARK}\n"
        "Each field of each item is compared with what was seen last time, on each side by itself. Of all\n"
        "these tables, from the top, the first row that fits holds; an empty cell fits everything. `waits` tells that a\n"
        "value of the issue is to be written into the document and does not stand there yet.\n\n"
        + "\n".join(tables)
        + f"\n## What cannot be\n\n{truths(told['impossible'])}\n## The rules\n\nUnless `[fields]` says otherwise:\n\n"
        + f"{table(['field', 'rule'], rules)}\n"
        "`document-only` never writes the field into a document. By any other rule the title of an issue goes into one\n"
        "where plain words stand (no link, code or emphasis) and a commit holds the row's ticket; elsewhere it is the\n"
        "finding `retitled`. An issue that closeout neither created nor was told to adopt is linked: it is only read.\n"
        "Statuses are compared as the tracker can tell them apart; owners as people, in any order.\n"
    )


AXES: Mapping[str, tuple[str, Mapping[Any, str]]] = {
    "seen before": ("seen", SEEN),
    "waits": ("waits", {True: "yes", False: "no"}),
    "document": ("document", DOCUMENT),
    "issue": ("issue", ISSUE),
    "fields": ("field", FIELDS),
    "rules": ("rule", {}),
}


def truths(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows of the truth table, with the columns that tell something."""
    heads = [head for head, (axis, _) in AXES.items() if any(axis in row for row in rows)]
    cells = [[among(row, *AXES[head]) for head in heads] for row in rows]
    outcomes = [[happens(row)] if "then" in row else [] for row in rows]
    lines = [[*cell, *outcome, row["because"]] for cell, outcome, row in zip(cells, outcomes, rows, strict=True)]
    return table([*heads, *(["what happens"] if outcomes[0] else []), "why"], lines)


def among(row: Mapping[str, Any], axis: str, words: Mapping[Any, str]) -> str:
    value = row.get(axis, [])
    return ", ".join(str(words.get(one, one)) for one in (value if isinstance(value, list) else [value]))


def happens(row: Mapping[str, Any]) -> str:
    told = [f"finding `{row['told']}`"] if "told" in row else []
    return ", ".join([*([THEN[row["then"]]] if row["then"] in THEN else []), *told]) or "nothing"


EXAMPLE = """# Connection pool exhausted

**Date**: 2026-11-02

## Action items

| Action                 | Owner | Due    | Status  |
|------------------------|-------|--------|---------|
| Add a connection alert | @ann  | Nov 20 | 🔲 TODO |
| Raise the pool size    | @bob  | Nov 3  | ✅ DONE |
"""


def example() -> str:
    """A row before, its issue, and the row after the issue was closed: made by the program itself."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        subprocess.run(["git", "init", "-q", folder], check=True)
        page = root / "postmortems/2026-11-02-pool.md"
        page.parent.mkdir()
        page.write_text(EXAMPLE, encoding="utf-8")
        settings = Settings()

        def run(day: str) -> None:
            made = compose.run(root, settings, datetime.datetime.fromisoformat(f"{day}T10:00:00+00:00"))
            sync(made.world, made.options)

        run("2026-11-03")
        (issue,) = (root / ".closeout/issues").iterdir()
        made = issue.read_text("utf-8")
        after = row(page)
        done = made.replace("status: todo", "status: done").replace("due: '2026-11-20'", "due: '2026-11-27'")
        issue.write_text(done, encoding="utf-8")
        run("2026-11-12")
        closed = row(page)
    head = "\n".join(EXAMPLE.split("\n")[6:9])
    shown = re.sub(r"key: .*", "key: v1:…", made)
    return (
        f"A row of a postmortem:\n\n```markdown\n{head}\n```\n\n"
        f"`closeout sync` makes its issue, here a file of the folder tracker …\n\n```markdown\n{shown.rstrip()}\n```\n\n"
        f"… and writes the ticket into the row:\n\n```markdown\n{after}\n```\n\n"
        "Somebody moves the date and closes the issue; the next run writes both back, in the page's own words:\n\n"
        f"```markdown\n{closed}\n```\n"
    )


def row(page: Path) -> str:
    return next(line for line in page.read_text("utf-8").split("\n") if "connection alert" in line)


def readme() -> str:
    text = (ROOT / "README.md").read_text("utf-8")
    begin, end = "<!-- example: begin (make docs) -->\n", "<!-- example: end -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{example()}\n{end}{after}"


def findings() -> str:
    def codes(rows: Mapping[str, str]) -> str:
        return table(["code", "what it tells"], [[f"`{code}`", told] for code, told in sorted(rows.items())])

    return (
        f"# Findings\n\n{MARK}\nA finding is something a person should look at; it stops nothing. Codes stay the same "
        "from version to version.\n\n## When documents are read\n\n`closeout check` tells these, each at its line, except "
        f"`left-out`, which somebody has said by hand.\n\n{codes(READING)}\n"
        f"## When documents and issues are compared\n\n{codes(SYNCING)}"
    )


SUBJECTS = {
    "duplicates": "Things that were made twice",
    "moves": "What moved",
    "write-backs": "Protected branches, and tools that answered themselves",
    "files": "Damaged files",
    "noise": "Noise",
    "reports": "Reports",
    "owners": "Owners",
    "limits": "Limits, sizes and caps",
    "reach": "Other places, rights, fields and dates",
}


def lessons() -> str:
    """The threads of `tests/meta/threads.toml`, by subject."""
    kept = tomllib.loads((ROOT / "tests/meta/threads.toml").read_text("utf-8"))
    head = (
        f"# What users of similar tools suffered, and what closeout does\n\n{MARK}\n"
        "Each thread is an issue or a pull request on GitHub. Each promise is played by a test that "
        "`tests/meta/threads.toml`\nnames, unless it is said what it belongs to that is not built yet.\n"
    )
    parts = [head]
    for subject, title in SUBJECTS.items():
        rows = [[threads(one), one["suffered"], told(one)] for one in kept[subject]]
        parts.append(f"## {title}\n\n{table(['thread', 'what happened there', 'what closeout does'], rows)}")
    return "\n".join(parts)


def threads(lesson: Mapping[str, Any]) -> str:
    return ", ".join(f"`{thread}`" for thread in lesson["threads"])


def told(lesson: Mapping[str, str]) -> str:
    return lesson["promises"] + (f" (belongs to {lesson['belongs']})" if "belongs" in lesson else "")


def words() -> str:
    return languages.as_json(languages.of(languages.texts()))


PAGES = {
    f"src/closeout/reading/vocabulary/{TOGETHER}": words,  # first: the others are written with it
    "README.md": readme,
    "config.example.toml": example_configuration,
    "docs/explanation/lessons.md": lessons,
    "docs/reference/closeout.schema.json": schema.text,
    "docs/reference/commands.md": commands,
    "docs/reference/configuration.md": configuration,
    "docs/reference/exit-codes.md": exit_codes,
    "docs/reference/findings.md": findings,
    "docs/reference/merging.md": merging,
    "docs/reference/metrics.md": metrics,
    "docs/reference/report-formats.md": lambda: report_formats.page(MARK, table),
    "docs/reference/trackers.md": capabilities,
}


def main() -> int:
    stale = []
    for name, page in PAGES.items():
        path, text = ROOT / name, page()
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
            print(f"{name}: written")
    if stale and "--check" in sys.argv:
        print(f"not fresh: {', '.join(stale)}. Run `make docs` and commit", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
