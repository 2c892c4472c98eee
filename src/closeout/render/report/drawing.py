"""Bar charts as inline SVG: the library lays them out, the page's style sheet colours them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pygal
from markupsafe import Markup, escape
from pygal.style import Style

_WIDTH = 340  # about a phone's width, so that words keep their size there
_ROW = 26
_STYLE = Style(label_font_size=11, major_label_font_size=11, value_font_size=11, font_family="sans-serif")
_DROPPED = {"defs", "desc", "title", "script", "style"}
_UNSEEN = {"background", "tooltip"}
_CLASSES = {"horizontal", "vertical", "axis", "x", "y", "guide", "line", "value"}
_KEPT = {"x", "y", "width", "height", "d", "transform"}
_EMPTY = {"g", "text"}
_NUMBER = re.compile(r"\d+\.\d+")
_STEPS = (1, 2, 5)
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Series:
    """Whole numbers that belong together, one for each bar; `key` is the colour: 0 what is well, 1 what is not, 2 neither."""

    name: str
    numbers: tuple[int, ...]
    key: int


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn: a name for each bar, and one or more series, stacked or side by side.

    `flat` bars lie; `shown` are the names that there is room for, empty for all; `id` is the chart's in the page.
    """

    id: str
    title: str
    told: str
    names: tuple[str, ...]
    series: tuple[Series, ...]
    flat: bool = False
    stacked: bool = False
    shown: tuple[str, ...] = ()


class _Node(Protocol):
    """What lxml and the standard library agree on, since the chart library takes whichever is there."""

    tag: object
    text: str | None

    def items(self) -> Sequence[tuple[str, str]]:
        """Return the attributes."""
        ...

    def __iter__(self) -> Iterator[_Node]: ...


def svg(plot: Plot) -> Markup:
    """Return the chart as an `<svg>`: no script, style, address, date or random name; alike for alike numbers."""
    root = _laid_out(plot).render_tree()
    colours = {f"color-{at}": f"key-{one.key}" for at, one in enumerate(plot.series)}
    inner = Markup("").join(_markup(node, colours) for node in root)
    height = _height(plot)
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d" focusable="false">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>'
    ).format(_WIDTH, height, plot.id, plot.id, plot.id, plot.title, plot.id, plot.told, inner)


def _height(plot: Plot) -> int:
    return _ROW * max(len(plot.names), 2) + 44 if plot.flat else 220


def _laid_out(plot: Plot) -> pygal.Bar:
    kinds = {
        (False, False): pygal.Bar,
        (False, True): pygal.StackedBar,
        (True, False): pygal.HorizontalBar,
        (True, True): pygal.HorizontalStackedBar,
    }
    chart = kinds[plot.flat, plot.stacked](
        width=_WIDTH,
        height=_height(plot),
        margin=8,
        margin_right=20,
        style=_STYLE,
        css=[],
        js=[],
        no_prefix=True,
        show_legend=False,
        truncate_label=-1,
        show_minor_x_labels=not plot.shown,
        print_values=plot.flat and not plot.stacked,
        print_values_position="top",
        uuid=plot.id,
    )
    names = tuple(reversed(plot.names)) if plot.flat else plot.names
    chart.x_labels = names
    chart.x_labels_major = plot.shown or names
    for one in plot.series:
        chart.add(one.name, tuple(reversed(one.numbers)) if plot.flat else one.numbers)
    chart.y_labels = _ticks(_highest(plot))
    return chart


def _highest(plot: Plot) -> int:
    columns: Iterable[tuple[int, ...]] = zip(*(one.numbers for one in plot.series), strict=True)
    return max(sum(column) if plot.stacked else max(column) for column in columns)


def _ticks(highest: int) -> list[int]:
    """Return whole numbers from 0 to at least `highest`, a few, evenly apart."""
    step = next(one * 10**power for power in range(12) for one in _STEPS if one * 10**power * _TICKS >= highest)
    return list(range(0, max(highest, 1) + step, step))


def _markup(node: _Node, colours: Mapping[str, str]) -> Markup:
    """Return the element with only what draws; nothing where it has nothing in it."""
    name = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
    found = dict(node.items())
    classes = found.pop("class", "").split()
    if not name or name in _DROPPED or _UNSEEN.intersection(classes):
        return Markup("")
    inner = escape(node.text or "") + Markup("").join(_markup(one, colours) for one in node)
    if name in _EMPTY and not inner:
        return Markup("")
    told = {key: _short(value) for key, value in found.items() if key in _KEPT and value}
    told["class"] = " ".join(colours.get(one, one) for one in classes if one in _CLASSES or one in colours)
    attributes = Markup("").join(Markup(' {}="{}"').format(*one) for one in told.items() if one[1])
    return Markup("<{}{}>{}</{}>").format(name, attributes, inner, name)


def _short(value: str) -> str:
    return _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)
