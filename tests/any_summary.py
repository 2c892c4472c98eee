"""Any summary at all, for properties: its numbers need not agree, and its texts are hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from closeout.domain.item import Status
from closeout.domain.report.rows import Case, Mark, Tracked, Waiting
from closeout.domain.report.scope import Scope
from closeout.domain.report.summary import Bucket, Cause, Counts, Group, Late, Month, Of, Spread, Summary, Theme
from made_summary import ISSUES, TODAY, WEEK

_HOSTILE = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "@everyone",
        "#12",
        "acme/shop#3",
        "GH-7",
        "https://evil.example/x",
        "www.evil.example",
        "a | b",
        "`code`",
        "**bold**",
        "[x](javascript:y)",
        "![i](http://e/x.png)",
        "\\",
        "\\[",
        "- [ ] x",
        "1. x",
        "# head",
        "</details>",
        "&lt;b&gt;",
        "$x$",
        "0123456789abcdef0123456789abcdef01234567",
        "a@b.example",
        ":tada:",
        "~~x~~",
        "/close",
        "=1+1",
        "-2",
        "+3",
        "@x",
        "<!-- x",
        "---",
        "===",
        "\u202egnp",
        "a\nb",
        "{{ 1 }}",
        "{% x %}",
        "{count}",
        "障害対応",
        "!12",
        "\x1b[31m",
        "|",
        "*",
        "_",
        "\ud800",
        "```",
        "    x",
    ]
)
TEXTS = st.lists(_HOSTILE | st.text(max_size=8), max_size=3).map(" ".join)
NAMES = st.sampled_from(["", "ann", "bob"]) | TEXTS
ADDRESSES = st.sampled_from(
    ["", ISSUES + "1", "https://codeberg.org/a/b/issues/2", "javascript:x", "https://x/<y>", "//x"]
)
DAYS = st.none() | st.dates(date(2024, 1, 1), date(2027, 12, 31))
FEW = st.integers(0, 12)
COUNTS = st.builds(Counts, *[FEW] * 9)
SPREADS = st.just(Spread()) | st.builds(Spread, st.integers(1, 9), st.integers(0, 900), st.integers(0, 900))


def _several(one: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(one, max_size=most).map(tuple)


@st.composite
def summaries(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS, most: int = 3) -> Summary:
    """Return any summary: its numbers do not agree with each other, and its texts are hostile."""
    cases = draw(
        st.lists(st.builds(Case, texts, texts, texts, DAYS, texts, DAYS, ADDRESSES, FEW), min_size=1, max_size=3)
    )
    number = st.integers(0, len(cases) - 1)
    names = _several(texts, 2)
    left = st.builds(
        Tracked,
        texts,
        texts,
        st.integers(1, 99),
        number,
        owners=names,
        teams=names,
        logins=_several(st.sampled_from(["ann", "bob", "x\n@y", "a b"]), 2),
        status=st.just(None),
        due=DAYS,
        priority=texts,
        ticket=texts,
        address=ADDRESSES,
        since=DAYS,
        closed=DAYS,
        reason=texts,
        by=texts,
        marks=st.frozensets(st.sampled_from(Mark), max_size=2),
    )
    items = st.builds(replace, left, status=st.sampled_from([None, Status.TODO, Status.IN_PROGRESS]))
    done = st.builds(replace, left, status=st.just(Status.DONE))
    declined = st.builds(replace, left, status=st.just(Status.WONT_DO))
    spans = st.none() | st.integers(0, 900)
    groups = _several(st.builds(Group, texts, FEW, FEW, FEW, FEW, spans, st.none() | number), most)
    month = st.builds(Month, st.sampled_from(["2026-09", "2026-10"]), *[FEW] * 7)
    several = _several(items, most)
    alike = _several(st.builds(Cause, number, texts), 2)
    theme = st.builds(Theme, names, several, _several(number, 2), st.integers(0, 100))
    theme |= st.builds(Theme, names, st.just(()), _several(number, 2), st.integers(0, 100), st.just(Of.CAUSES), alike)
    return draw(
        st.builds(
            Summary,
            as_of=st.just(TODAY),
            scope=st.builds(Scope, st.just(WEEK), texts, texts, texts),
            repository=texts,
            tracked=st.booleans(),
            counts=COUNTS,
            before=st.none() | COUNTS,
            buckets=_several(st.builds(Bucket, spans, spans, FEW)),
            ages=SPREADS,
            to_close=SPREADS,
            open=several,
            done=_several(done, most),
            declined=_several(declined, most),
            undated=FEW,
            teams=groups,
            owners=groups,
            severities=groups,
            incidents=groups,
            months=_several(month, 2),
            themes=_several(theme, 2),
            cases=st.just(tuple(cases)),
            late=_several(st.builds(Late, number, st.sampled_from([48, 72]), FEW), 2),
            without_items=_several(number, 2),
            waiting=_several(st.builds(Waiting, ADDRESSES, DAYS), 2),
            notes=_several(st.tuples(texts, texts), 2),
        )
    )
