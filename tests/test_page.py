"""The HTML page: it holds all it needs, says what the summary says, and what documents say stays text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings

from any_summary import summaries
from closeout.domain.report.rows import Case, Tracked
from closeout.domain.report.summary import Counts, Group, Month, Spread, Summary
from closeout.errors import ConfigurationError
from closeout.render.report.page import as_html
from closeout.render.report.words import languages, words
from made_summary import made_summary
from made_team import made_rows

_VOID = {"meta", "link", "input", "br"}
_TAGS = _VOID | set(
    re.findall(
        r"\w+",
        "html head title style body a header h1 h2 h3 p b i nav ul ol li main section dl div dt dd small figure figcaption "
        "svg desc g path rect text details summary span table caption thead tbody tr th td form label select option "
        "button data time footer script",
    )
)


@dataclass
class Node:
    tag: str
    attributes: dict[str, str]
    parent: Node | None
    inside: list[Node | str] = field(default_factory=list)

    def all(self, tag: str = "") -> Iterator[Node]:
        for one in self.inside:
            if isinstance(one, Node):
                if tag in {"", one.tag}:
                    yield one
                yield from one.all(tag)

    def one(self, id_: str) -> Node:
        return next(one for one in self.all() if one.attributes.get("id") == id_)

    @property
    def text(self) -> str:
        return " ".join("".join(one if isinstance(one, str) else one.text for one in self.inside).split())


class Strict(HTMLParser):
    """Elements that are all closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Node("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        node = Node(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.inside.append(node)
        if tag not in _VOID:
            self.at = node

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.at.tag
        assert self.at.parent
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.inside.append(data)


def parsed(text: str) -> Node:
    parser = Strict()
    parser.feed(text)
    parser.close()
    assert parser.at is parser.root
    return parser.root


def page_of(summary: Summary) -> Node:
    return parsed(as_html(summary, words()))


def rows_of(table: Node) -> list[list[str]]:
    return [[cell.text for cell in row.all() if cell.tag in {"th", "td"}] for row in table.all("tr")]


@pytest.fixture(scope="module")
def made() -> str:
    return as_html(made_summary(), words())


@pytest.fixture(scope="module")
def page(made: str) -> Node:
    return parsed(made)


def nothing(summary: Summary) -> Summary:
    """The same team, with nothing open and nothing to tell."""
    bare = replace(
        summary, counts=Counts(), before=None, ages=Spread(), to_close=Spread(), undated=0, buckets=(), open=()
    )
    bare = replace(bare, done=(), declined=(), teams=(), owners=(), severities=(), incidents=(), months=(), themes=())
    return replace(bare, late=(), without_items=(), waiting=(), notes=())


def many(incidents: int, each: tuple[int, int]) -> Summary:
    """A summary of so many open items; what its groups count does not matter."""
    rows = made_rows(incidents, each, done=0.0)
    opened = tuple(sorted(rows.items, key=lambda item: item.since or rows.as_of))
    return replace(
        made_summary(),
        as_of=rows.as_of,
        open=opened,
        cases=rows.cases,
        done=rows.items[:500],
        declined=rows.items[:500],
        counts=Counts(open=len(opened)),
        incidents=tuple(Group(case.title, open=case.items, case=number) for number, case in enumerate(rows.cases)),
        owners=tuple(Group(f"Person {number}", open=number) for number in range(300)),
        months=tuple(Month(f"{2024 + at // 12}-{at % 12 + 1:02}", opened=at, closed=at) for at in range(36)),
        themes=tuple(replace(one, items=opened[:2000], cases=(0, 1)) for one in made_summary().themes * 40),
        late=(),
        without_items=tuple(range(len(rows.cases))),
    )


def test_the_page_is_well_formed_and_its_ids_are_its_own(page: Node) -> None:
    ids = [one.attributes["id"] for one in page.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    assert {one.tag for one in page.all()} <= _TAGS
    for one in page.all():
        named = one.attributes.get("aria-labelledby", "").split()
        target = one.attributes.get("href", "")
        assert set(named + ([target[1:]] if target.startswith("#") else [])) <= set(ids)


def test_headings_come_in_order_and_landmarks_have_names(page: Node) -> None:
    levels = [int(one.tag[1]) for one in page.all() if re.fullmatch(r"h\d", one.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert next(page.all("html")).attributes["lang"] == "en"
    assert [len(list(page.all(tag))) for tag in ("header", "nav", "main", "footer")] == [1] * 4
    assert all(one.attributes.get("aria-labelledby") for one in page.all("section"))
    assert next(page.all("a")).attributes["href"] == "#content"


def test_every_table_has_a_caption_and_heads_with_a_scope(page: Node) -> None:
    tables = list(page.all("table"))
    assert len(tables) == 4 + 3 + 4 + 1
    for table in tables:
        assert next(table.all("caption")).text
        assert {one.attributes["scope"] for one in table.all("th")} == {"col", "row"}
        assert len({len(row) for row in rows_of(table)}) == 1


def test_nothing_is_fetched_and_nothing_acts_but_the_pages_own_script(made: str, page: Node) -> None:
    for one in page.all():
        assert not {
            name for name in one.attributes if name.startswith("on") or name in {"src", "style", "action", "srcset"}
        }
        if "href" in one.attributes:
            expected = r"data:," if one.tag == "link" else r"#[\w-]+|https://github\.com/acme/.+"
            assert re.fullmatch(expected, one.attributes["href"]), one.attributes
    assert "url(" not in made
    assert "@import" not in made
    assert not re.search(r"fetch|XMLHttp|import\(|innerHTML|eval|document\.write", next(page.all("script")).text)


def test_the_policy_allows_this_style_and_this_script_alone(page: Node) -> None:
    policy = next(one for one in page.all("meta") if "http-equiv" in one.attributes).attributes["content"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        (only,) = page.all(tag)
        raw = "".join(one for one in only.inside if isinstance(one, str))
        assert rules[rule] == f"'sha256-{base64.b64encode(hashlib.sha256(raw.encode()).digest()).decode()}'"
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"


def test_the_numbers_are_the_summarys(page: Node) -> None:
    made = made_summary()
    tiles = [one.text.split() for one in page.all("dd")]
    now, before = made.counts, made.before
    assert before
    names = ("open", "overdue", "due_soon", "without_owner", "without_date")
    assert [int(tile[0]) for tile in tiles] == [*(getattr(now, name) for name in names), len(made.done)]
    changes = [int(tile[1].replace("−", "-").replace("±", "")) for tile in tiles[:-1]]
    assert changes == [getattr(now, name) - getattr(before, name) for name in names]
    for name, groups in (("teams", made.teams), ("owners", made.owners), ("incidents", made.incidents)):
        _, *rows = rows_of(page.one(f"{name}-groups"))
        told = [[group.open, group.overdue, group.oldest, group.done, group.declined] for group in groups]
        assert [[int(cell) for cell in row[1:]] for row in rows] == told
    _, *months = rows_of(page.one("months-table"))
    assert [list(map(int, row[1:4])) for row in months] == [[m.opened, m.closed, m.open] for m in reversed(made.months)]


def test_each_chart_has_its_numbers_as_a_table(page: Node) -> None:
    made = made_summary()
    tables = {next(one.all("h3")).text: rows_of(next(one.all("table"))) for one in page.all("figure")}
    by_age, by_month, by_team, by_completion = tables.values()
    assert [int(row[1]) for row in by_age[1:]] == [bucket.open for bucket in made.buckets]
    assert [list(map(int, row[1:])) for row in by_month[1:]] == [[one.opened, one.closed] for one in made.months]
    assert [sum(map(int, row[1:])) for row in by_team[1:]] == [group.open for group in made.teams]
    assert [int(row[2]) for row in by_team[1:]] == [group.overdue for group in made.teams]
    assert [sum(map(int, row[1:])) for row in by_completion[1:]] == [one.opened for one in made.months]


def test_a_chart_is_a_picture_with_a_name_and_a_description(page: Node) -> None:
    charts = list(page.all("svg"))
    assert len(charts) == 4
    for chart in charts:
        assert chart.attributes["role"] == "img"
        title, told = chart.attributes["aria-labelledby"].split()
        assert page.one(title).text
        assert page.one(told).text
        assert not {one.tag for one in chart.all()} & {"script", "style", "image", "a"}
        assert not [one for one in chart.all() if "id" in one.attributes and one.tag not in {"title", "desc"}]


def test_open_items_come_overdue_first_then_the_oldest_with_owner_incident_and_link(page: Node) -> None:
    made = made_summary()
    table = page.one("open-items")
    _, *rows = rows_of(table)
    late = made.overdue()
    wanted = [*late, *(item for item in made.open if item not in late)]
    assert [row[0].removesuffix(f" {item.ticket}") for row, item in zip(rows, wanted, strict=True)] == [
        item.title for item in wanted
    ]
    for row, item in zip(rows, wanted, strict=True):
        case = made.cases[item.case]
        assert row[1] == f"{case.id} · {case.title}"
        assert row[2:5] == [", ".join(item.owners) or "nobody", ", ".join(item.teams) or "no team", case.severity]
        assert row[6] == str(item.age(made.as_of))
        assert ("overdue" in row[7]) == (item in late)
    links = [one.attributes["href"] for one in table.all("a")]
    assert all(item.address in links for item in wanted if item.address)


def test_without_scripts_the_filter_is_hidden_and_every_row_is_there(made: str, page: Node) -> None:
    assert "hidden" in page.one("filter").attributes
    assert len(rows_of(page.one("open-items"))) == 1 + len(made_summary().open)
    assert "noscript" not in made
    assert not list(page.one("open-items").all("button"))


SECTIONS: dict[str, Callable[[Summary], Summary]] = {
    "done": lambda one: replace(one, done=()),
    "declined": lambda one: replace(one, declined=()),
    "teams": lambda one: replace(one, teams=(Group("", open=3),)),
    "owners": lambda one: replace(one, owners=()),
    "severities": lambda one: replace(one, severities=()),
    "incidents": lambda one: replace(one, incidents=()),
    "months": lambda one: replace(one, months=()),
    "themes": lambda one: replace(one, themes=()),
    "notes": lambda one: replace(one, notes=()),
    "open": lambda one: replace(one, open=()),
    "leading": lambda one: replace(one, open=one.open[:3]),
}


@pytest.mark.parametrize("name", SECTIONS)
def test_what_is_empty_is_not_there(page: Node, name: str) -> None:
    assert page.one(name).text
    left = page_of(SECTIONS[name](made_summary()))
    assert not [one for one in left.all() if one.attributes.get("id") == name]
    assert f"#{name}" not in [one.attributes["href"] for one in left.all("a")]


def test_a_report_of_nothing_is_a_page_of_zeros() -> None:
    page = page_of(nothing(made_summary()))
    assert [one.text for one in page.all("dd")] == ["0"] * 6
    assert [one.attributes["aria-labelledby"] for one in page.all("section")] == ["now"]
    assert not list(page.all("svg"))


def test_columns_that_nobody_fills_are_left_out() -> None:
    made = made_summary()
    cases = tuple(replace(case, severity="") for case in made.cases)
    head, *_ = rows_of(page_of(replace(made, teams=(), cases=cases)).one("open-items"))
    assert head == ["Item", "Incident", "Owner", "Due", "Days open", "State"]


def test_ten_thousand_open_items_stay_below_a_megabyte_and_the_page_says_what_it_left_out() -> None:
    summary = many(500, (20, 22))
    assert len(summary.open) >= 9_500
    text = as_html(summary, words())
    assert len(text.encode()) < 1_000_000
    page = parsed(text)
    assert len(rows_of(page.one("open-items"))) == 1001
    left = f"{len(summary.open) - 1000:,}"
    warned = [one.text for one in page.all("p") if "warning" in one.attributes.get("class", "")]
    assert any(left in told and "1,000" in told for told in warned)
    more = [one.text for one in page.all() if one.text.startswith("and ")]
    assert {"and 300 more", "and 200 more", "and 400 more"} <= set(more)


def test_the_same_summary_makes_the_same_page(made: str) -> None:
    assert as_html(made_summary(), words()) == made


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "https://a:b@evil.example/",
        "HTTPS:",
        "http://[x",
        " ",
    ],
)
def test_only_addresses_of_the_web_become_links(address: str) -> None:
    case = Case("a.md", "Outage", address=address)
    item = Tracked("Look", "a.md", 3, 0, address=address, ticket="#1")
    page = page_of(replace(nothing(made_summary()), cases=(case,), open=(item,)))
    assert not list(page.one("open-items").all("a"))
    assert rows_of(page.one("open-items"))[1][0] == "Look #1"


@settings(max_examples=25)
@given(summaries())
def test_what_documents_say_stays_text(summary: Summary) -> None:
    text = as_html(summary, words())
    text.encode("utf-8")
    page = parsed(text)
    assert {one.tag for one in page.all()} <= _TAGS
    assert len(list(page.all("script"))) == len(list(page.all("style"))) == 1
    for one in page.all("a"):
        assert re.match(r"#[\w-]+$|https?://", one.attributes["href"])
    known = {"class", "id", "href", "scope", "role", "tabindex", "name", "value", "datetime", "hidden", "type", "lang"}
    for one in next(page.all("main")).all():
        odd = {name for name in one.attributes if name not in known and not name.startswith(("aria-", "data-"))}
        assert not odd or one.tag in {"svg", "g", "path", "rect", "text", "input"}


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_whole_page(language: str, page: Node) -> None:
    theirs = parsed(as_html(made_summary(), words(language)))
    assert next(theirs.all("html")).attributes["lang"] == language
    assert [one.tag for one in theirs.all()] == [one.tag for one in page.all()]


def test_a_team_may_write_the_page_itself_and_texts_stay_texts() -> None:
    own = {"page.html.j2": "<h1>{{ s.repository }}: {{ words.number(s.counts.open) }} {{ '<b>' }}</h1>"}
    assert as_html(made_summary(), words(), own) == "<h1>acme/postmortems: 19 &lt;b&gt;</h1>"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("page.html.j2", "\n{{ nix }}", r"^page\.html\.j2:2: could not make the page: 'nix' is undefined\."),
        ("page.html.j2", "\n\n{% if %}", r"^page\.html\.j2:3: could not make the page: "),
        ("page.html.j2", "{{ s.__class__ }}", r"^page\.html\.j2:1: could not make the page: access to attribute"),
        ("page.html.j2", "{{ 1 / 0 }}", r"^page\.html\.j2:1: could not make the page: division by zero\. Correct the"),
        ("page.parts.j2", "{{ 1 }}", r"could not make the page: "),
    ],
)
def test_a_template_of_a_team_that_cannot_be_used_is_named_with_its_line(name: str, text: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        as_html(made_summary(), words(), {name: text})
