"""The templates of the Markdown report: those that come with it, and a team's own in their place.

They run in a sandbox, and no text that they see can act: see `closeout.render.report.escaping`. An unknown name is an
error, and every error names the file and the line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import PurePath

from jinja2 import Environment, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.loaders import BaseLoader, FunctionLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment

from closeout.errors import ConfigurationError

ENDING = ".md.j2"
SHIPPED = "closeout/"  # before the name of a template, that of ours, whatever a team has
_EMPTY = re.compile(r"\n{3,}")


@cache
def shipped() -> Mapping[str, str]:
    """Return the templates that come with the report, by name."""
    entries = (files(__package__) / "templates").iterdir()
    return {entry.name: entry.read_text("utf-8") for entry in entries if entry.name.endswith(ENDING)}


@dataclass(frozen=True)
class Templates:
    """The templates of a report: `own` are a team's, by name, and `folder` is where they lie, as errors name it.

    ConfigurationError: one is called like none of ours, and not like a part (`_parts.md.j2`), or cannot be understood.
    """

    own: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""

    def __post_init__(self) -> None:
        for name in self.own:
            if name not in shipped() and not (name.startswith("_") and name.endswith(ENDING)):
                message = (
                    f"{self._path(name)}: could not be used as a template: none has this name. Call it "
                    f"{', '.join(sorted(one for one in shipped() if not one.startswith('_')))}, or begin its name with "
                    f"an underscore and include it in one of them."
                )
                raise ConfigurationError(message)
            try:
                self.environment.get_template(name)
            except TemplateError as error:
                raise ConfigurationError(self._told(name, error)) from error

    def rendered(self, name: str, variables: Mapping[str, object]) -> str:
        """Return what a template makes of variables, without empty lines around it. ConfigurationError: it cannot."""
        try:
            text = self.environment.get_template(name).render(variables)
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise ConfigurationError(self._told(name, error)) from error
        return _EMPTY.sub("\n\n", text).strip()

    @cached_property
    def environment(self) -> Environment:
        """Where the templates run."""
        return self._environment() if self.own else _without_own()

    def _environment(self) -> Environment:
        return ImmutableSandboxedEnvironment(
            loader=self._loader(),
            undefined=StrictUndefined,
            autoescape=False,  # texts are safe before they come in; this is Markdown
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def _loader(self) -> BaseLoader:
        def loaded(name: str) -> tuple[str, str, Callable[[], bool]] | None:
            if name in self.own:
                return self.own[name], self._path(name), lambda: True
            plain = name.removeprefix(SHIPPED)
            return (shipped()[plain], plain, lambda: True) if plain in shipped() else None

        return FunctionLoader(loaded)

    def _path(self, name: str) -> str:
        return (PurePath(self.folder) / name).as_posix()

    def _told(self, name: str, error: Exception) -> str:
        where, line = self._path(name), 0
        if isinstance(error, TemplateSyntaxError):
            where, line = error.filename or where, error.lineno
        else:
            ours = {self._path(one) for one in self.own} | set(shipped())
            trace = error.__traceback__
            while trace is not None:
                if trace.tb_frame.f_code.co_filename in ours:
                    where, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
                trace = trace.tb_next
        at = f"{where}:{line}" if line else where
        return (
            f"{at}: could not make the report: {error}. Correct the template; "
            "docs/reference/report-formats.md names what it can use."
        )


@cache
def _without_own() -> Environment:
    return Templates()._environment()  # noqa: SLF001 - its own
