"""Text to blocks with source lines: mistune's block pass with a state that knows its line, and our own table rule.

mistune keeps no positions. Its parser hands every list entry and quote to a child state whose text has the same
lines, dedented; so a child state that knows the line it starts on is enough (no private function is copied).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mistune.block_parser import BlockParser
from mistune.core import BlockState

from closeout.markdown import cells, flat, lazily
from closeout.markdown.blocks import Block, Break, Code, Entry, Heading, Html, List, Paragraph, Quote, Row, Table, cut
from closeout.markdown.frontmatter import lines_of
from closeout.markdown.source import Source, Text
from closeout.markdown.state import State, Tokens

_TABLE = r"^(?! {0,3}\t| {4}) {0,3}(?=[^\n|]*\|)[^\n]*\n {0,3}(?:\||:|-[-|:])[-|: \t]*$"
# mistune's own, without a way back: a line of 100,000 dashes and a word is no break, however it is cut
BREAK = r"^ {0,3}(?:(?:-[ \t]*+){3,}+|(?:_[ \t]*+){3,}+|(?:\*[ \t]*+){3,}+)$"
_COLUMN = re.compile(r"^:?-+:?$")
_ROW_ENDS = ("fenced_code", "atx_heading", "block_quote", "list", "thematic_break")
_CONTAINERS = ("list", "block_quote")


class _Parser(BlockParser):
    """mistune's block parser, telling each token its line."""

    state_cls = State

    def __init__(self) -> None:
        super().__init__()
        self.register("table", _TABLE, _parse_table)
        self.specification["thematic_break"] = BREAK
        for rules in (self.rules, self.list_rules, self.block_quote_rules):
            if "table" in rules:
                rules.remove("table")
            rules.insert(0, "table")
        self.compiled: dict[tuple[str, ...], re.Pattern[str]] = {}

    def compile_sc(self, rules: list[str] | None = None) -> re.Pattern[str]:
        """Say once in front of all rules that each starts a line: else a search tries each at every character."""
        names = tuple(self.rules if rules is None else rules)
        if names not in self.compiled:
            either = "|".join(f"(?P<{name}>{self.specification[name]})" for name in names)
            self.compiled[names] = re.compile(f"^(?:{either})", re.M)
        return self.compiled[names]

    def parse(self, state: BlockState, rules: list[str] | None = None) -> None:
        """One line that starts with a letter, as most entries of lists are, is a paragraph without any rule being tried."""
        if state.src[:1].isalpha() and state.src.find("\n", 0, -1) < 0:
            state.add_paragraph(state.src)
            state.cursor = state.cursor_max
            return
        super().parse(state, rules)

    def parse_method(self, m: re.Match[str], state: BlockState) -> int | None:
        assert isinstance(state, State)  # noqa: S101 - narrows mistune's type for mypy
        line, before = state.line_at(m.start()), len(state.tokens)
        end = super().parse_method(m, state)
        for index in range(before, len(state.tokens)):
            state.tokens[index].setdefault("line", line)
        return end

    def parse_list(self, m: re.Match[str], state: BlockState) -> int:
        assert isinstance(state, State)  # noqa: S101
        if found := flat.read(state.src, m.start()):
            texts, ordered, end = found
            entries = [_one_line(text, line) for line, text in enumerate(texts, state.line_at(m.start()))]
            state.append_token({"type": "list", "children": entries, "tight": True, "attrs": {"ordered": ordered}})
            return end
        outer, state.child_lines = state.child_lines, state.entry_lines(m.start())
        end = super().parse_list(m, state)
        state.child_lines = outer
        return end

    def parse_block_quote(self, m: re.Match[str], state: BlockState) -> int:
        assert isinstance(state, State)  # noqa: S101
        line = state.line_at(m.start())
        outer, state.child_lines = state.child_lines, (line, line)
        end = super().parse_block_quote(m, state)
        state.child_lines = outer
        return end


def _one_line(text: str, line: int) -> dict[str, Any]:
    tokens = Tokens([{"type": "block_text", "text": text, "line": line}])
    tokens.marker_line = tokens.line0 = line
    return {"type": "list_item", "children": tokens}


def _parse_table(block: BlockParser, m: re.Match[str], state: BlockState) -> int | None:
    """Claim the lines of a GFM table (https://github.github.com/gfm/#tables-extension-); cells are cut later."""
    head_end = state.find_line_end_at(m.start())
    header, delimiter = state.src[m.start() : head_end].strip(), state.src[head_end : m.end()].strip()
    columns = [delimiter[slice(*bounds)].strip() for bounds in cells.scan(delimiter)]
    if not all(map(_COLUMN.match, columns)) or not columns or len(cells.scan(header)) != len(columns):
        return _without_table(block, state)
    ends = block.compile_sc(list(_ROW_ENDS))
    position = state.find_line_end_at(m.end())
    while position < state.cursor_max:
        line = state.get_line(position)
        if not line.strip() or line.expandtabs(4).startswith("    "):
            break
        if ends.match(state.src, position) or lazily.HTML_START.match(line):
            break
        position += len(line)
    state.append_token({"type": "table", "raw": state.src[m.start() : position].rstrip("\n")})
    return position


def _without_table(block: BlockParser, state: BlockState) -> int | None:
    """Let the other rules try the line."""
    full = state.depth() >= block.max_nested_level - 1
    rules = [name for name in block.DEFAULT_RULES if not (full and name in _CONTAINERS)]
    match = block.compile_sc(rules).match(state.src, state.cursor)
    return block.parse_method(match, state) if match else None


@dataclass(frozen=True, slots=True)
class Markdown:
    """A parsed document: its blocks, and the targets of its link reference definitions by folded label."""

    source: Source
    blocks: tuple[Block, ...]
    links: Mapping[str, Any]


def parse(text: str) -> Markdown:
    """Parse a document's text. Front matter is blanked out line by line, so that lines keep their numbers."""
    source = Source(text)
    lines = list(source.lines)
    matter = lines_of(text)
    lines[:matter] = [""] * min(matter, len(lines))
    state = State()
    state.process("\n".join(lines) + "\n")
    _Parser().parse(state)
    return Markdown(source, tuple(_blocks(source, state.tokens, lazily.Inside(lazily.Doubts(source)))), state.env)


def _blocks(source: Source, tokens: Iterable[dict[str, Any]], inside: lazily.Inside) -> Iterable[Block]:
    before = ""
    for token in tokens:
        line, lazy = token.get("line", -1), before in _CONTAINERS
        before = token["type"]
        match token["type"]:
            case "heading":
                yield Heading(token["attrs"]["level"], _heading_text(source, token, line), line)
            case "paragraph" | "block_text":
                yield Paragraph(_running(source, token), line)
            case "list":
                yield List(tuple(_entry(source, item, token, inside) for item in token["children"]), line)
            case "block_quote":
                yield Quote(tuple(_blocks(source, token["children"], inside.quote())), line)
            case "table":
                yield _table(source, token["raw"].split("\n"), line, inside, behind=lazy)
            case "block_code":
                yield Code(line, token.get("style") != "fenced" or _is_closed(source, token, line))
            case "block_html":
                yield Html(token["raw"], line)
            case "thematic_break":
                yield Break(line)
            case _:
                pass


def _running(source: Source, token: dict[str, Any]) -> Text:
    return source.locate(token["text"].rstrip("\n"), token.get("line", -1))


def _heading_text(source: Source, token: dict[str, Any], line: int) -> Any:
    text = token["text"].strip("\n")
    located = source.locate(text, line)
    if located.starts or not 0 <= line < len(source.bounds):
        return located
    at = source.line(line).find(text)  # a closed heading: `## Action items ##`
    return type(located)(text, ((0, source.bounds[line][0] + at),) if at >= 0 else ())


def _entry(source: Source, item: dict[str, Any], parent: dict[str, Any], inside: lazily.Inside) -> Entry:
    tokens: Tokens = item["children"]
    marker, rest = tokens.marker_line, list(tokens)
    while rest and rest[0]["type"] == "blank_line":
        rest.pop(0)
    line, text = marker, Text("")
    if rest and rest[0]["type"] in {"paragraph", "block_text"}:
        first = rest.pop(0)
        line, text = first.get("line", -1), _running(source, first)
    children = tuple(_blocks(source, rest, inside.entry(marker))) if rest else ()
    if lazily.entry(inside.doubts, marker, line):
        text = Text(text.value)
    return Entry(line, parent["attrs"]["ordered"], text, children)


def _table(source: Source, lines: list[str], line: int, inside: lazily.Inside, *, behind: bool) -> Table:
    whole = (
        not (behind and lazily.goes_on(source, line))
        and not lazily.table(inside.doubts, line)
        and inside.holds(line)
        and inside.holds(line + 1)
    )
    # a line outside of the table's containers ends it
    held = next((index for index in range(len(lines)) if not inside.holds(line + index)), len(lines))
    rows = [_row(source, text, line + index, found=whole and index < held) for index, text in enumerate(lines)]
    return Table(rows[0], rows[1], tuple(rows[2:]), line)


def _row(source: Source, text: str, line: int, *, found: bool) -> Row:
    return Row(line, cut(source.locate(text, line) if found else Text(text)))


def _is_closed(source: Source, token: dict[str, Any], line: int) -> bool:
    """Tell whether a fence was closed before the document's end; only a top-level fence can run that far."""
    marker = token.get("marker", "```")
    body = token["raw"].count("\n")
    last = len(source.bounds) - 1
    if line < 0 or line + body + 1 < last - 1:
        return True
    fence = re.compile(rf"^[ \t>]*{re.escape(marker[0])}{{{len(marker)},}}[ \t]*$")
    return any(fence.match(source.line(number)) for number in range(max(line + 1, last - 1), last + 1))
