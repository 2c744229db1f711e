"""The page: it stands alone, nothing of somebody's becomes part of it, and everybody can read it."""

from __future__ import annotations

import html.parser
import re
from typing import TYPE_CHECKING

import pytest

from changegate.names import Location
from changegate.report import ReportOptions, load_reporter
from changegate.report.html_drawings import interval_plot, timeline
from changegate.report.outlook import outlook
from changegate.verdict import Gate, Measure, Verdict
from support.browser import looks
from support.records import replace
from support.verdicts import CONTEXT, FRAUD, HOSTILE, VERDICTS, awaiting, everywhere, finding, open_, sample

if TYPE_CHECKING:
    from pathlib import Path

TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "a",
        "header",
        "h1",
        "h2",
        "h3",
        "main",
        "p",
        "section",
        "strong",
        "span",
        "code",
        "pre",
        "mark",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ul",
        "ol",
        "li",
        "details",
        "summary",
        "nav",
        "footer",
        "svg",
        "line",
        "circle",
        "rect",
        "text",
    ]
)
ATTRIBUTES = frozenset(
    [
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "href",
        "id",
        "scope",
        "open",
        "aria-label",
        "aria-hidden",
        "role",
        "width",
        "height",
        "viewbox",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "cx",
        "cy",
        "r",
        "stroke-width",
        "text-anchor",
    ]
)


class Reader(html.parser.HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(verdict: Verdict) -> str:
    return load_reporter("html").render(verdict, ReportOptions())


def read(verdict: Verdict) -> Reader:
    reader = Reader()
    reader.feed(shown(verdict))
    return reader


def large() -> Verdict:
    """200 findings over 40 releases."""
    subjects = []
    for number in range(40):
        subject = replace(FRAUD, identity=FRAUD.identity._replace(name=f"model-{number}"), file=f"m/{number}.yaml")  # type: ignore[union-attr]
        lines = tuple(f"line {line} of it" for line in range(1, 8))
        places = (Location(f"m/{number}.yaml", 4, 1 + n, 5 + n, source="line 4 of it", around=lines) for n in range(5))
        found = tuple(finding(f"check/rule-{n % 2}", subject, location=place) for n, place in enumerate(places))
        subjects.append(replace(open_().subjects[0], subject=subject, findings=found))
    return Verdict(Gate.CLOSED, CONTEXT, tuple(subjects), "40 releases: 2 rules block")


EVERY = {**VERDICTS, "everywhere": lambda: everywhere(HOSTILE), "large": large}


@pytest.mark.parametrize("name", EVERY)
def test_a_page_is_made_of_our_own_tags_alone_and_asks_for_nothing(name: str) -> None:
    page = read(EVERY[name]())
    assert {tag for tag, _ in page.tags} <= TAGS
    assert {key for _, given in page.tags for key in given} <= ATTRIBUTES
    for tag, given in page.tags:
        if tag == "a":
            assert re.fullmatch(r"#[\w-]+|https://[\w.:~/%#?=&+-]+", given["href"] or "")
    policy = next(given["content"] for tag, given in page.tags if tag == "meta" and "http-equiv" in given)
    assert (policy or "").startswith("default-src 'none'")
    assert "url(" not in shown(EVERY[name]())
    assert "@import" not in shown(EVERY[name]())


@pytest.mark.parametrize("name", EVERY)
def test_every_tag_is_closed_and_every_name_is_given_once(name: str) -> None:
    text = shown(EVERY[name]())
    for tag in TAGS - {"meta", "line", "circle", "rect"}:
        assert len(re.findall(rf"<{tag}[ >]", text)) == text.count(f"</{tag}>"), tag
    names = re.findall(r' id="([^"]*)"', text)
    assert len(names) == len(set(names))
    for linked in re.findall(r'href="#([^"]*)"', text):
        assert linked in names


def test_the_page_answers_in_the_order_of_the_questions() -> None:
    text = read(sample()).text
    order = [
        "This cannot merge.", "What has to happen", "Who approves", "Risk: high", "it affects users",
        "What changes for users", "worse by 7.6 %", "Findings", "How it rolls out",
    ]  # fmt: skip
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_a_finding_stands_among_the_lines_of_its_file() -> None:
    lines = ("spec:", "  rollout:", "    steps:", "      - {weight: 5, bake: 5m}", "      - {weight: 100}")
    place = Location("m.yaml", 83, 9, 17, source=lines[3], around=lines)
    subject = replace(open_().subjects[0], findings=(finding("a/b", location=place),))
    text = shown(Verdict(Gate.CLOSED, CONTEXT, (subject,), "closed"))
    assert '<span class="muted">80</span> spec:\n<span class="muted">81</span>   rollout:' in text
    assert '<span class="muted">83</span> <span class="here">      - <mark>{weight:</mark> 5, bake: 5m}</span>' in text


def test_approvals_are_a_checklist() -> None:
    text = read(awaiting()).text
    assert "☐ missing model-risk for fraud-detector 2.4.0: 1 of 2, by cy; can still be asked: ana, bo" in text
    assert "☑ done owner for fraud-detector 2.4.0: 1 of 1, by dee" in text


def test_what_is_drawn_is_said_in_words() -> None:
    text = shown(sample())
    assert 'aria-label="recall: before 0.871 [0.866, 0.876], now 0.884 [0.879, 0.889], better by 1.49 %"' in text
    assert 'aria-label="Traffic moves: mirrored for 1h → 5 % for 30m → 33.3 % for 10m → 100 %"' in text


@pytest.mark.parametrize(
    "measure",
    [
        Measure("metric", "m", 1e308, -1e308),
        Measure("metric", "m", float("inf"), 1.0),
        Measure("metric", "m", 1.0, 1.0),
        Measure("metric", "m", 5e-324, 0.0),
        Measure("metric", "m", None),
        Measure("metric", "m", 2.0, 1.0, (1.0, 9.0)),
    ],
)
def test_a_drawing_of_any_numbers_stays_in_its_frame(measure: Measure) -> None:
    (row,) = outlook([measure])
    drawn = interval_plot(measure, row)
    for at in re.findall(r'(?:cx|x1|x2)="([^"]*)"', drawn):
        assert 0 <= float(at) <= 180


@pytest.mark.parametrize(
    "plan",
    [
        None,
        {},
        {"steps": None},
        {"steps": [1, {}]},
        {"steps": [{"weightPercent": float("nan"), "bakeSeconds": True}]},
        {"steps": [{"weightPercent": 1e9, "bakeSeconds": -5}]},
        {"steps": [{"sharePercent": 5, "bakeSeconds": 10**12}] * 30},
    ],
)
def test_a_timeline_of_any_plan_stays_in_its_frame(plan: dict[str, object] | None) -> None:
    drawn = timeline(plan)
    for x, y, width, height in re.findall(r'x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)"/>', drawn):
        assert float(x) >= 0
        assert float(x) + float(width) <= 641
        assert float(y) >= 0
        assert float(height) <= 121


def test_a_browser_and_axe_find_nothing(tmp_path: Path) -> None:
    """No request, no script, no dialog; readable in light and dark; the keyboard begins at the skip link."""
    names = ("awaiting", "empty", "everywhere", "large", "sample", "undecided")
    seen = looks({name: shown(EVERY[name]()) for name in names}, tmp_path)
    assert len(seen) == 2 * len(names)
    for one in seen:
        assert one["violations"] == [], (one["file"], one["scheme"])
        assert one["requests"] == [f"file://{one['file']}"]
        assert (one["dialogs"], one["scripts"], one["odd"], one["errors"]) == (0, 0, [], [])
        assert one["first"] == "Skip to the answer"
        assert one["wide"] is False, one["file"]
        assert one["title"].startswith("changegate: ")
