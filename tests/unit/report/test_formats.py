"""Every format renders every verdict, always the same, and as its golden file says.

Refresh the golden files with `CHANGEGATE_UPDATE_GOLDEN=1 pytest tests/unit/report/test_formats.py`, and read the diff.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from changegate.errors import UsageError
from changegate.report import REPORTS, ReportOptions, load_reporter
from support.verdicts import HOSTILE, VERDICTS

GOLDEN = Path(__file__).parent / "golden"
EVERY = [(form, name) for form in REPORTS for name in VERDICTS]
ENDINGS = {
    "azure": "txt", "codequality": "json", "console": "txt", "github": "txt", "html": "html", "json": "json",
    "junit": "xml", "markdown": "md", "record": "json", "sarif": "json", "tap": "tap",
}  # fmt: skip
OURS = {
    "github": r"::(?:error|warning|notice) (?:file=[^:]*,)?(?:line=\d+,)?(?:col=\d+,)?[^:]*::",
    "azure": r"(?:##vso\[task\.logissue type=(?:error|warning);(?:[a-z]+=[^;\]]*;)*\]|changegate: )",
}
"""What begins each line of the formats that are commands."""


@pytest.mark.parametrize(("form", "name"), EVERY)
def test_a_format_renders_a_verdict_as_its_golden_file(form: str, name: str) -> None:
    shown = load_reporter(form).render(VERDICTS[name](), ReportOptions())
    golden = GOLDEN / form / f"{name}.{ENDINGS[form]}"
    if os.environ.get("CHANGEGATE_UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(shown, "utf-8")
    assert shown == golden.read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    found = {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*") if path.is_file()}
    assert found == {f"{form}/{name}.{ENDINGS[form]}" for form, name in EVERY}


@pytest.mark.parametrize(("form", "name"), EVERY)
@pytest.mark.parametrize(
    "options", [ReportOptions(), ReportOptions(colour=True, width=60), ReportOptions(verbose=True, case_files=True)]
)
def test_a_report_is_the_same_each_time_and_ends_its_last_line(form: str, name: str, options: ReportOptions) -> None:
    shown = load_reporter(form).render(VERDICTS[name](), options)
    assert shown == load_reporter(form).render(VERDICTS[name](), options)
    assert shown.endswith("\n")
    assert not shown.endswith("\n\n")


@pytest.mark.parametrize(("form", "name"), EVERY)
def test_no_report_carries_what_a_terminal_would_obey(form: str, name: str) -> None:
    shown = load_reporter(form).render(VERDICTS[name](), ReportOptions(verbose=True))
    assert all(char == "\n" or char.isprintable() or char == "\ufe0f" for char in shown)
    lines = (re.sub(f"^{OURS[form]}", "", line) if form == "azure" else line for line in shown.splitlines())
    assert not any(re.search(r"##\w*\[", line) for line in lines)
    shown.encode("utf-8")


@pytest.mark.parametrize("form", REPORTS)
@pytest.mark.parametrize("name", VERDICTS)
def test_no_line_of_a_log_is_a_command_of_someone_else(form: str, name: str) -> None:
    for options in (
        ReportOptions(),
        ReportOptions(verbose=True),
        ReportOptions(width=20),
        ReportOptions(width=33),
        ReportOptions(quiet=True),
    ):
        for line in load_reporter(form).render(VERDICTS[name](), options).splitlines():
            assert re.match(OURS[form], line) if form in OURS else not line.lstrip().startswith("::"), line


def test_the_sample_is_really_hostile() -> None:
    """What the tests above look for is in the verdict, and shown."""
    shown = load_reporter("console").render(VERDICTS["sample"](), ReportOptions())
    assert "\x1b" in HOSTILE
    assert "::error file=x::owned" in shown


def test_an_unknown_format_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(UsageError, match="there is no report format 'sarfi'") as caught:
        load_reporter("sarfi")
    assert "markdown" in caught.value.hint
