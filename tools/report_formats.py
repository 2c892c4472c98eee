"""The reference page of the report's forms: the columns of the sheet, the JSON, the templates and what they can use."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence

from closeout.render.report import data, shown
from closeout.render.report.markdown import FOOT, HEAD, LEAST_FIRST
from closeout.render.report.templating import ENDING, shipped
from closeout.render.report.words import languages

Table = Callable[[Sequence[str], Sequence[Sequence[str]]], str]

COLUMNS = {
    "state": "`open`, `overdue`, `done` or `wont_do`",
    "title": "what is to be done",
    "owners": "names, with commas between them",
    "teams": "the owners' teams",
    "due": "the due date",
    "age": "days since `since`, up to the day on which it was closed",
    "status": "`todo`, `in_progress`, `done`, `wont_do`, or empty where it is unknown",
    "priority": "as it is written",
    "ticket": "its issue, as people write it",
    "address": "its issue's address",
    "incident_id": "the incident's id",
    "incident": "the incident's title",
    "incident_date": "the incident's day",
    "severity": "the incident's severity",
    "path": "the document",
    "line": "the line in it",
    "since": "the day from which its age counts: the incident's, else the one on which its issue was opened or first seen",
    "closed": "the day on which it was closed",
    "reason": "why nobody will do it",
    "by": "who said so",
    "marks": "`held`, `clash`, `done-here`, `done-there`, `unsent`, with blanks between them",
}
SECTIONS: Mapping[str, tuple[str, str]] = {
    HEAD: ("the title, the counts and their changes; always there", ""),
    "notes": ("what the report could not see", "texts"),
    "overdue": ("open items whose date has passed, the longest first; owners are mentioned here only", "Row"),
    "oldest": ("the five oldest open items that are not overdue", "Row"),
    "soon": ("items due today or within seven days", "Row"),
    "done": ("items done in the period", "Row"),
    "declined": ("items nobody will do, with reason and who said so", "Row"),
    "odd": ("items that wait for a person: held, clashing, document and issue differ, no issue yet", "Row"),
    "late": ("postmortems that came late or not at all, incidents without items", "Remark"),
    "waiting": ("write-backs that wait to be merged", "Remark"),
    "all": ("all open items, by incident", "Row"),
    "ages": ("how many are of which age", "Span"),
    "incidents": ("by incident", "Share"),
    "teams": ("by team", "Share"),
    "owners": ("by owner", "Share"),
    "severities": ("by severity", "Share"),
    "months": ("by month", "Stretch"),
    "themes": ("what comes back in several postmortems", "Alike"),
    FOOT: (
        "what was left out, and where all of it is: `gone` are the headings, `cut` whether anything is, `place` where",
        "",
    ),
}
VARIABLES = {
    "t(key, …)": "a text of the language by its key: `t(\"headings.done\")`, `t(\"figures.open\", count=3)`",
    "number(n)": "a whole number: 1,234",
    "change(n)": "a change with its sign: +2",
    "share(part, whole)": "percent: 33%",
    "day(date)": "a day: Nov 16, 2026",
    "days(n)": "a number of days: 41 days",
    "hours(n)": "a number of hours: 48 hours",
    "age(n)": "about how long so many days are: 9 months",
    "listed(texts)": "texts with commas between them",
    "as_of": "the day of the report",
    "before_day": "the day before the period",
    "period": "the period, written out",
    "scope": "team, owner and severity that it is narrowed to, written out",
    "repository": "the documents' repository",
    "tracked": "whether a tracker was looked at",
    "closings": "whether anybody knows on which days items were closed; documents alone do not say it",
    "counts": "`open`, `overdue`, `due_soon`, `without_owner`, `without_date`, `status_unknown`, `held`, `clashing`, `drifting`",
    "before": "the same on the day before the period; none where nobody knows",
    "figures": "the counts worth telling, but `open`, as Figure",
    "changed": "by how many `open` changed; empty where it did not, or nobody knows",
    "ages": "of open items `count`, `median` and `p90`, in days",
    "to_close": "the same of what was closed in the period: how long it took",
    "undated": "how many are closed, nobody knows since when",
    "sections": "the rows of every section by its name",
    "name, rows, more": "of a section its name, its rows, and how many more there was no room for",
}  # fmt: skip


def page(mark: str, table: Table) -> str:
    """Return the page."""
    assert tuple(COLUMNS) == data.COLUMNS
    templates = {name.removesuffix(ENDING) for name in shipped() if not name.startswith("_")}
    assert templates == set(SECTIONS), templates ^ set(SECTIONS)
    columns = table(["column", "what it holds"], [[f"`{name}`", told] for name, told in COLUMNS.items()])
    sections = table(
        ["template", "what it shows", "its `rows`"],
        [[f"`{name}{ENDING}`", told, rows] for name, (told, rows) in SECTIONS.items()],
    )
    variables = table(["name", "what it is"], [[f"`{name}`", told] for name, told in VARIABLES.items()])
    kinds = [one for one in vars(shown).values() if inspect.isclass(one) and one.__module__ == shown.__name__]
    rows = "\n".join(
        f"**{one.__name__}** ({', '.join(f'`{name}`' for name in inspect.get_annotations(one))}): "
        f"{' '.join((inspect.getdoc(one) or '').split())}\n"
        for one in kinds
    )
    order = ", ".join(f"`{name}`" for name in LEAST_FIRST)
    return (
        f"# The forms of the report\n\n{mark}\n{INTRODUCTION}\n## CSV\n\n{SHEET}\n{columns}\n## JSON\n\n{JSON}\n"
        f"## Markdown\n\n{MARKDOWN}\n{order}.\n\n## Templates\n\n{TEMPLATES}\n{sections}\n"
        f"Every template can use these:\n\n{variables}\nRows are of these kinds:\n\n{rows}\n"
        f"## Languages\n\n{', '.join(f'`{name}`' for name in languages())}: a file each in\n{LANGUAGES}"
    )


INTRODUCTION = """Every form says the same numbers: they are counted once, from the documents, their issues and one day.
"""
SHEET = """A line an item: those that are open, the oldest first, then those done and declined in the period. Days are YYYY-MM-DD.
A cell that a spreadsheet would run as a formula begins with an apostrophe.
"""
JSON = f"""One object, by [this schema](report.schema.json). `version` is {data.VERSION}: it changes where a name goes or changes its
meaning; new names come without. Days are YYYY-MM-DD, spans are days. `case` and `cases` of items, groups and themes are
indexes into the list `cases`.
"""
MARKDOWN = """It goes where people are: an issue, a comment, a pull request, a summary page. No text of a document acts in it: no
markup, no mention, no reference, no link. Links to issues leave no trace in them: by way of `redirect.github.com`, or by
the port in the address where a host looks for its own. Owners of overdue items are mentioned, if that is configured.

Where there is no room for all of it, every list gets shorter first. Then sections go, these in turn, and the report says
which, and where all of it is:"""
TEMPLATES = """[`[report] templates`](configuration.md) names a folder. A file in it that is called like one of these is used
in its place ([how](../how-to/weekly-report.md#change-its-words)); one whose name begins with `_` is a part that others
include. `{% include "closeout/done.md.j2" %}` is ours, whatever lies in the folder. They are templates of
[Jinja](https://jinja.palletsprojects.com/templates/) in its sandbox. Every text that they see is safe already: filters
that take marks out of it again (`replace`, `striptags`) are at your own risk. An unknown name is an error, told with file
and line.
"""
LANGUAGES = """`src/closeout/render/report/languages/`, with the texts by their keys and a text for each plural form of the language.
Dates, numbers and spans are written by the Unicode CLDR.
"""
