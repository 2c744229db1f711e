"""The report on a terminal: excerpts, what stands together, what to do next, and start-up."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changegate.names import Location, Stage
from changegate.report import ReportOptions, load_reporter
from changegate.report.text import cells, excerpt, wrap
from changegate.verdict import Gate, RequiredApproval, Verdict
from support.records import replace
from support.verdicts import BROKEN, CHANGE_SET, CONTEXT, FRAUD, VERDICTS, empty, finding, open_, sample

RENDER = load_reporter("console").render


def marked(source: str, column: int, end: int | None = None, width: int = 80) -> tuple[str, str]:
    cut = excerpt(source, column, end, width)
    return cut.text, " " * cut.indent + "^" * cut.length


def test_the_caret_stands_under_the_column() -> None:
    assert marked("bake: 10m", 7, 10) == ("bake: 10m", "      ^^^")
    assert marked("bake: 10m", 7) == ("bake: 10m", "      ^^^")
    assert marked("bake: 10m  ", 10, 10) == ("bake: 10m", "         ^")
    assert marked("", 1) == ("", "^")
    assert marked("abc", 99, 120) == ("abc", "   ^")


def test_the_caret_minds_tabs_wide_and_combining_characters() -> None:
    assert marked("\tbake: x", 8, 9) == ("    bake: x", "          ^")
    assert marked("模型: x", 5, 6) == ("模型: x", "      ^")
    assert marked("e\u0301: x", 5, 6) == ("e\u0301: x", "   ^")
    assert marked("\x1b: x", 4, 5) == (r"\x1b: x", "      ^")
    assert marked("##[a]: x", 8, 9) == ("## [a]: x", "        ^")
    assert marked("a: 模型", 4, 6) == ("a: 模型", "   ^^^^")


def test_a_long_line_is_cut_around_the_column() -> None:
    source = "a" * 500 + "HERE" + "b" * 500
    text, marker = marked(source, 501, 505, width=60)
    assert text.startswith("…a")
    assert text.endswith("b…")
    assert cells(text) <= 60
    assert text[marker.index("^") : len(marker)] == "HERE"


def test_a_line_of_megabytes_is_cut_as_fast_as_a_short_one() -> None:
    text, marker = marked("x" * 8_000_000, 4_000_000, 4_000_001, width=80)
    assert cells(text) <= 80
    assert marker.endswith("^")


@given(st.text(max_size=300), st.integers(1, 320), st.none() | st.integers(1, 320), st.integers(20, 120))
def test_an_excerpt_fits_and_its_marker_is_inside(source: str, column: int, end: int | None, width: int) -> None:
    source = source.replace("\n", "").replace("\r", "")
    cut = excerpt(source, column, end, width)
    assert cut.length >= 1
    assert cells(cut.text) <= width + 12  # one character may be shown as an escape of ten columns
    assert cut.indent + cut.length <= max(width, cut.indent + 1)
    assert cut.text.isprintable()


def test_text_is_wrapped_by_columns_and_long_words_stay_whole() -> None:
    assert wrap("模型 模型 模型 模型 模型", 20) == ["模型 模型 模型 模型", "模型"]
    assert wrap("a" * 50 + " b", 20) == ["a" * 50, "b"]
    assert wrap("a b\nc", None) == ["a b", "c"]
    assert wrap("write:\n  bake: 30m", 40) == ["write:", "  bake: 30m"]


def one(item: object) -> Verdict:
    subject = replace(open_().subjects[0], findings=(item,), approvals=())
    return Verdict(Gate.CLOSED, CONTEXT, (subject,), "1 rule blocks")


def test_a_finding_says_rule_place_excerpt_and_remedy() -> None:
    shown = RENDER(sample(), ReportOptions())
    assert (
        "error[rollout/bake-too-short]: step 2 bakes 600 s; at high risk a step bakes at least 1800 s\n"
        "  --> models/fraud.yaml:41:26\n"
        "   |\n"
        "41 |     - {weight: 25, bake: 10m, note: Größe 模型}\n"
        "   |                          ^^^^^^^^^\n"
        "   = fix: Let the step bake longer: write `bake: 30m`.\n"
        "   = see also models/fraud.yaml:39:26 (at the base): the previous release\n"
        "   = see also models/old name.yaml:7:3 (at dddddddddddd): the release at a tag\n"
    ) in shown


def test_a_manifests_faults_stand_above_the_line_that_its_rules_were_not_evaluated() -> None:
    shown = RENDER(sample(), ReportOptions())
    part = shown[shown.index('"models/brok') : shown.index(".changegate/config.yaml")]
    assert part.index("error[manifest/well-formed]") < part.index("3 rules not evaluated: the manifest is not valid")
    assert "artifacts/digest-strong" not in shown  # no line for each rule that could not be asked


def test_faults_of_a_file_with_several_releases_stand_under_the_broken_one() -> None:
    good, broken = sample().subjects[:2]
    broken = replace(broken, subject=replace(BROKEN, file=FRAUD.file), findings=())
    fault = finding("manifest/well-formed", CHANGE_SET, location=Location(FRAUD.file, 1, 1))
    whole = replace(sample().subjects[3], findings=(fault,))
    shown = RENDER(replace(sample(), subjects=(good, broken, whole)), ReportOptions())
    assert shown.index("error[rollout/bake") < shown.index("error[manifest/well-formed]") < shown.index("not evaluated")


def test_all_is_well_in_one_line() -> None:
    assert RENDER(open_(), ReportOptions()) == "open: 1 release holds all 1 rules\n"
    assert RENDER(empty(), ReportOptions()).count("\n") == 1


def test_quiet_says_nothing_when_open_and_a_line_for_a_finding_else() -> None:
    assert RENDER(open_(), ReportOptions(quiet=True)) == ""
    lines = RENDER(sample(), ReportOptions(quiet=True)).splitlines()
    assert "models/fraud.yaml:50:3: warning[cost/budget-stated] no weekly budget is stated" in lines
    assert lines[-1] == "closed: 5 rules block this change, and people still have to approve"
    assert lines[-2] == "note: signatures were not verified: no key is configured"
    assert len([line for line in lines if not line.startswith(("  ", "note: ", "impact: "))]) == 11


def test_quiet_keeps_the_remedy_of_each_finding() -> None:
    shown = RENDER(sample(), ReportOptions(quiet=True))
    lines = shown.splitlines()
    whole = RENDER(sample(), ReportOptions())
    assert shown.count("  fix: ") == whole.count(" = fix: ") > 3
    assert set(re.findall(" fix: (.*)", shown)) == set(re.findall(" = fix: (.*)", whole))
    at = next(number for number, line in enumerate(lines) if "error[rollout/bake-too-short]" in line)
    assert lines[at + 1] == "  fix: Let the step bake longer: write `bake: 30m`."


def test_quiet_says_that_there_was_nothing_to_judge() -> None:
    nothing = empty()._replace(summary="nothing was judged: nothing is staged", nothing_asked=True)
    assert RENDER(nothing, ReportOptions(quiet=True)) == "open: nothing was judged: nothing is staged\n"
    assert RENDER(empty(), ReportOptions(quiet=True)) == ""


def test_verbose_shows_what_holds_what_is_off_and_the_references() -> None:
    shown = RENDER(sample(), ReportOptions(verbose=True))
    assert "  artifacts/digest-strong\n" in shown
    assert "  cost/gpu (the release uses no GPU)\n" in shown
    assert "off[slos/latency-stated]" in shown
    assert "see: SR 26-2, monitoring" in shown
    assert "slos/latency-stated" not in RENDER(sample(), ReportOptions())


def test_who_can_approve_is_said_and_that_nobody_can() -> None:
    shown = RENDER(sample(), ReportOptions())
    assert "get 1 more approval from model-risk for fraud-detector 2.4.0: ask ana or bo\n" in shown
    assert "from privacy|office for fraud-detector 2.4.0: nobody can give it; more people have to be in" in shown
    assert "person8 or 22 others" in shown
    assert "from owner" not in shown  # given already


@pytest.mark.parametrize(
    ("count", "candidates", "said"),
    [
        (1, ("ana",), "get 1 approval from r for fraud-detector 2.4.0: ask ana\n"),
        (2, ("ana", "bo"), "get 2 approvals from r for fraud-detector 2.4.0: ask ana and bo\n"),
        (2, ("ana", "bo", "cy"), "get 2 approvals from r for fraud-detector 2.4.0: ask ana, bo or cy\n"),
        (2, ("ana",), "only ana can give it; more people have to be in the role in .changegate/teams.yaml\n"),
    ],
)
def test_the_people_to_ask(count: int, candidates: tuple[str, ...], said: str) -> None:
    subject = replace(open_().subjects[0], approvals=(RequiredApproval("r", count, (), candidates),))
    verdict = Verdict(Gate.AWAITING_APPROVAL, CONTEXT, (subject,), "approvals are missing")
    assert said in RENDER(verdict, ReportOptions())
    local = replace(verdict, context=replace(CONTEXT, stage=Stage.LOCAL))
    assert "ask" not in RENDER(local, ReportOptions())


def test_undecided_says_why_and_what_to_try() -> None:
    shown = RENDER(VERDICTS["undecided"](), ReportOptions())
    assert "error[GitError]: the base is not in this clone\n" in shown
    assert "--> policies/a.rego:3\n" in shown
    assert "1. fetch it: git fetch --depth=100 origin main\n" in shown


def test_lines_of_a_manifests_value_cannot_look_like_ours() -> None:
    forged = finding("a/b", remediation="set x\nopen: all is well", details={"x": ["x\nopen: all is well"]})
    assert r"= fix: set x\nopen: all is well" in RENDER(one(forged), ReportOptions())
    ours = finding("a/b", remediation="write:\n  bake: 30m", details={"x": 1})
    assert "  = fix: write:\n           bake: 30m\n" in RENDER(one(ours), ReportOptions())


@pytest.mark.parametrize("name", VERDICTS)
def test_colour_changes_nothing_but_colour(name: str) -> None:
    plain = RENDER(VERDICTS[name](), ReportOptions(width=72))
    coloured = RENDER(VERDICTS[name](), ReportOptions(width=72, colour=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_lines_fit_the_terminal() -> None:
    for line in RENDER(VERDICTS["awaiting"](), ReportOptions(width=60)).splitlines():
        assert cells(line) <= 60


def test_a_plain_report_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.path[:0] = ['checks', 'tests']\n"
        "from support.verdicts import sample; from changegate.report import ReportOptions, load_reporter\n"
        "load_reporter('console').render(sample(), ReportOptions())\n"
        "heavy = {'rich', 'junit_xml', 'jsonschema', 'ruamel', 'html', 'xml', 'difflib', 'textwrap'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "color", "live", "wanted"),
    [
        ({}, "auto", True, True),
        ({}, "auto", False, False),
        ({"NO_COLOR": "1"}, "auto", True, False),
        ({"NO_COLOR": ""}, "auto", True, True),
        ({"NO_COLOR": "1"}, "always", False, True),
        ({"FORCE_COLOR": "1"}, "auto", False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", True, False),
        ({"TERM": "dumb"}, "auto", True, False),
        ({}, "never", True, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], color: str, live: bool, wanted: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, given_value in environment.items():
        monkeypatch.setenv(name, given_value)
    assert ReportOptions.of_terminal(Terminal() if live else io.StringIO(), color=color).colour is wanted


def test_a_terminal_says_its_width_and_a_log_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    assert ReportOptions.of_terminal(Terminal()).width == 72
    assert ReportOptions.of_terminal(io.StringIO()).width is None
    monkeypatch.setenv("COLUMNS", "wide")
    assert ReportOptions.of_terminal(Terminal()).width is None
