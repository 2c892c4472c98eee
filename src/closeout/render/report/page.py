"""The report as one HTML page that holds all it needs: style, script and pictures."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from importlib.resources import files

from jinja2 import (
    ChoiceLoader,
    Environment,
    FunctionLoader,
    PackageLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from closeout.domain.report.summary import Summary
from closeout.errors import ConfigurationError
from closeout.render.report import sections
from closeout.render.report.charts import charts
from closeout.render.report.plain import possible, short, web
from closeout.render.report.words import Words

_PAGE = "page.html.j2"
_NARROW = "@media screen and (max-width:64rem)"


def as_html(summary: Summary, words: Words, own: Mapping[str, str] | None = None) -> str:
    """Return the page: readable without scripts, nothing in it acts but its own script, nothing is fetched.

    `own` are a team's templates in place of ours, by name (`page.html.j2`, `page.parts.j2`), run in a sandbox that
    escapes what they show. ConfigurationError: one of them cannot be used.
    """
    style, script = Markup(_style(summary, words)), Markup(_asset("page.js"))  # noqa: S704
    variables = {"style": style, "script": script, "policy": _policy(style, script), **_shown(summary, words)}
    try:
        text = (_environment(own) if own else _ours()).get_template(_PAGE).render(variables)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        if not own:
            raise
        message = f"{_place(error, own)}: could not make the page: {str(error).rstrip('.')}. Correct the template."
        raise ConfigurationError(message) from error
    return possible(text)


def _shown(summary: Summary, words: Words) -> dict[str, object]:
    """What the template sees: the summary, its words, and what stands in its sections."""
    rows, scope = sections.listed(summary), summary.scope
    narrowed = (("team", scope.team), ("owner", scope.owner), ("severity", scope.severity))
    return {
        "words": words,
        "t": words.say,
        "s": summary,
        "columns": sections.columns(summary),
        "titled": sections.titled,
        "states": lambda item: sections.states(item, summary.as_of, words),
        "tiles": sections.tiles(summary, words),
        "sentences": sections.sentences(summary, words),
        "charts": charts(summary, words),
        "leading": sections.leading(summary, words),
        "listed": rows,
        "unlisted": len(summary.open) - len(rows),
        "closed": sections.closed(summary, words),
        "groups": sections.groups(summary, words),
        "themes": summary.themes[: sections.THEMES],
        "process": tuple(sections.process(summary, words)),
        "narrowed": [words.say(f"scope.{name}", name=short(told, 80)) for name, told in narrowed if told],
        "period": words.period(scope.period),
        "before": scope.period.first - timedelta(days=1),
    }


def _asset(name: str) -> str:
    return files(__package__).joinpath("web", name).read_text("utf-8")


def _style(summary: Summary, words: Words) -> str:
    """The style sheet, with the name of each column above its value where a row is a card."""
    labels = "\n".join(
        f'#{table} td:nth-child({at})::before{{content:"{_quoted(words.say(f"page.columns.{name}"))}"}}'
        for table, names in sections.columns(summary).items()
        for at, name in enumerate(names, 1)
        if at > 1
    )
    return f"{_asset('page.css')}{_NARROW}{{\n{labels}\n}}\n"


def _quoted(text: str) -> str:
    """A text as it may stand in a string of a style sheet."""
    return re.sub(r"[^\w ]", lambda found: f"\\{ord(found[0]):x} ", text)


def _policy(style: str, script: str) -> str:
    hashed = (base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in (style, script))
    return "default-src 'none'; img-src data:; style-src 'sha256-{}'; script-src 'sha256-{}'; {}".format(
        *hashed, "base-uri 'none'; form-action 'none'"
    )


@cache
def _ours() -> Environment:
    return _environment({})


def _environment(own: Mapping[str, str]) -> Environment:
    def loaded(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        return (own[name], name, lambda: True) if name in own else None  # by this name errors find it

    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FunctionLoader(loaded), PackageLoader(__package__, "web")]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.filters |= {"web": web, "short": short}
    return environment


def _place(error: Exception, own: Mapping[str, str]) -> str:
    """The template of a team that an error is in, with the line where that is known."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.name or _PAGE}:{error.lineno}"
    found, trace = ", ".join(sorted(own)), error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in own:
            found = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found
