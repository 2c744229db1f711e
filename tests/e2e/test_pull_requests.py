"""Every pull request of the fixtures, driven through the command: the verdict, and the complete set of findings.

A finding is expected by rule, effect, file and line; the line is given by its text, as a reader would find it. So is
what a finding names beside its own place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures
from changegate.tokens import masked_lines
from support.command import judge

if TYPE_CHECKING:
    from pathlib import Path

CODES = {"open": 0, "not-enforced": 0, "closed": 1, "undecided": 2, "awaiting-approval": 3}
CASES = fixtures.cases()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_pull_request(case: fixtures.Case, tmp_path: Path) -> None:
    laid_out = fixtures.lay_out(tmp_path / "repository", case)
    run = judge(laid_out)
    expected = case.data["expect"]
    assert not run.verdict["failures"], run.verdict["failures"]
    found = sorted(_found(finding) for finding in run.findings)
    assert found == sorted(_wanted(one, laid_out) for one in expected["findings"])
    assert (run.verdict["verdict"], run.code) == (expected["verdict"], CODES[expected["verdict"]])


Found = tuple[str, str, str, str, list[tuple[str, ...]]]


def _found(finding: dict[str, Any]) -> Found:
    place = finding["location"]
    related = [_beside(one["message"], one["location"]) for one in finding["related"]]
    return finding["rule"], finding["effect"], place["file"], _line(place), related


def _line(place: dict[str, Any]) -> str:
    return "" if place["line"] is None else f"{place['line']}: {place['source'].strip()}"


def _beside(message: str, place: dict[str, Any]) -> tuple[str, ...]:
    return message, place["file"], place["revision"], _line(place)


def _wanted(one: dict[str, Any], laid_out: fixtures.LaidOut) -> Found:
    related = [
        (
            other["message"],
            other["file"],
            _named(other.get("revision", "head"), laid_out),
            _wanted_line(other, laid_out),
        )
        for other in one.get("related", ())
    ]
    return one["rule"], one["effect"], one["file"], _wanted_line(one, laid_out), related


def _named(revision: str, laid_out: fixtures.LaidOut) -> str:
    """A revision as findings name it: what the branch had `earlier` goes by its commit."""
    return fixtures.git(laid_out.root, "rev-parse", f"{laid_out.base}^") if revision == "earlier" else revision


def _wanted_line(one: dict[str, Any], laid_out: fixtures.LaidOut) -> str:
    """Find the line that a case names; without `line` the finding is about the file as a whole."""
    if "line" not in one:
        return ""
    known = {"head": laid_out.head, "base": laid_out.base}
    named = _named(one.get("revision", "head"), laid_out)
    revision = known.get(named, named)
    lines = masked_lines(fixtures.git(laid_out.root, "show", f"{revision}:{one['file']}").splitlines())
    whole = [number for number, line in enumerate(lines, 1) if line.strip() == one["line"].strip()]
    hits = whole or [number for number, line in enumerate(lines, 1) if one["line"] in line]
    assert len(hits) == 1, f"{one['line']!r} stands on the lines {hits} of {one['file']}"
    return f"{hits[0]}: {lines[hits[0] - 1].strip()}"


def test_the_verdicts_of_the_fixtures_are_varied() -> None:
    assert {"open", "closed", "awaiting-approval"} <= {case.data["expect"]["verdict"] for case in CASES}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("manifest-unknown-field", "intendedUsage"),
        ("manifest-duplicate-key", "version"),
        ("manifest-ambiguous-scalar", "no"),
        ("manifest-duplicate-identity", "recommender-research"),
        ("control-invalid", "risk-office"),
    ],
)
def test_a_fault_of_a_file_has_a_beginning_and_an_end(name: str, text: str, tmp_path: Path) -> None:
    run = judge(fixtures.lay_out(tmp_path / "repository", fixtures.case(name)))
    place = run.findings[0]["location"]
    assert place["source"][place["column"] - 1 : place["endColumn"] - 1] == text


def test_equal_faults_on_two_lines_have_two_fingerprints_which_survive_moved_lines(tmp_path: Path) -> None:
    file = "models/sentiment-transformer/manifest.yaml"
    slos = [{"find": ", objective: 0.95,", "replace": ", nmae: x, objective: 0.95,"}]
    slos += [{"find": ", objective: 0.999,", "replace": ", nmae: x, objective: 0.999,"}]
    moved = [*slos, {"find": "spec:\n", "replace": "# one line more\nspec:\n"}]
    found = []
    for edits in (slos, moved):
        case = fixtures.Case(f"case-{len(edits)}", tmp_path, {"edit": {file: edits}})
        run = judge(fixtures.lay_out(tmp_path / case.name, case))
        assert run.findings[0]["message"] == run.findings[1]["message"]
        found.append([(one["fingerprint"], one["location"]["line"]) for one in run.findings])
    (first, line), (second, _) = found[0]
    assert first != second
    assert found[1] == [(first, line + 1), (second, found[0][1][1] + 1)]
