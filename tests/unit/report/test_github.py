"""Workflow commands: where they point, how many there are, and that the best are kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.names import Effect, Location, Severity, Status
from changegate.report import ReportOptions, load_reporter
from support.records import replace
from support.verdicts import BROKEN, CHANGE_SET, FRAUD, VERDICTS, empty, finding, sample

if TYPE_CHECKING:
    from changegate.verdict import Verdict


def lines(verdict: Verdict) -> list[str]:
    return load_reporter("github").render(verdict, ReportOptions()).splitlines()


def with_findings(*findings: object) -> Verdict:
    return replace(sample(), subjects=(replace(sample().subjects[0], findings=findings),))


def test_the_verdict_is_the_first_notice() -> None:
    assert lines(sample())[0] == (
        "::notice title=changegate::closed: 5 rules block this change, and people still have to approve"
    )
    assert lines(empty()) == [
        "::notice title=changegate::open: nothing to check: no manifest and no control file changed"
    ]


def test_an_error_points_to_its_line_and_columns() -> None:
    assert (
        "::error file=models/fraud.yaml,line=41,col=26,endColumn=34,title=rollout/bake-too-short (error)"
        "::step 2 bakes 600 s; at high risk a step bakes at least 1800 s"
        "%0Afix: Let the step bake longer: write `bake: 30m`."
        "%0Asee also models/fraud.yaml:39:26 (at the base): the previous release"
        "%0Asee also models/old name.yaml:7:3 (at dddddddddddd): the release at a tag"
    ) in lines(sample())


def test_each_level_has_its_command() -> None:
    titles = ((re.search(r"title=([a-z-]+/[a-z-]+) ", line), line) for line in lines(sample()))
    found = {title[1]: line.split(" ")[0] for title, line in titles if title}
    assert found["evaluation/report-present"] == "::error"
    assert found["approvals/model-risk"] == "::warning"
    assert found["cost/budget-stated"] == "::warning"
    assert found["fairness/ratio"] == "::notice"
    assert "slos/latency-stated" not in found


def test_an_unknown_that_only_advises_is_a_warning() -> None:
    item = finding("a/b", status=Status.UNKNOWN, effect=Effect.ADVISES)
    assert lines(with_findings(item))[1].startswith(
        "::warning file=models/fraud.yaml,line=3,col=1,title=a/b (unknown)::"
    )


def test_a_line_of_the_base_is_not_pointed_to() -> None:
    gone = finding("manifest/still-one", location=Location("gone.yaml", 1, 1, revision="base"), message="is gone")
    assert lines(with_findings(gone))[1].startswith(
        "::error title=manifest/still-one (error)::is gone%0Aat gone.yaml:1:1 (at the base)%0Afix: "
    )


def test_rules_that_were_not_asked_are_one_error_on_the_manifest() -> None:
    found = [line for line in lines(sample()) if "not evaluated" in line]
    assert len(found) == 1
    assert found[0].endswith("title=changegate%3A not evaluated::3 rules not evaluated: the manifest is not valid")


def test_on_a_laptop_rules_that_were_not_asked_are_a_warning() -> None:
    broken = sample().subjects[1]
    advised = replace(broken, settled=tuple(replace(item, effect=Effect.ADVISES) for item in broken.settled))
    assert lines(replace(sample(), subjects=(advised,)))[1].startswith("::warning file=")


def test_ten_of_a_kind_are_shown_the_most_pressing_first_and_the_rest_is_pointed_to() -> None:
    unknown = [finding(f"u/{n}", status=Status.UNKNOWN) for n in range(6)]
    errors = [finding(f"e/{n}") for n in range(7)]
    warnings = [finding(f"w/{n}", effect=Effect.ADVISES, severity=Severity.WARNING) for n in range(14)]
    waits = [finding("p/0", awaits_approval=True)]
    waived = [finding(f"x/{n}", effect=Effect.WAIVED) for n in range(12)]
    shown = lines(with_findings(*unknown, *errors, *waived, *warnings, *waits))
    counts = {kind: sum(line.startswith(f"::{kind} ") for line in shown) for kind in ("error", "warning", "notice")}
    assert counts == {"error": 10, "warning": 10, "notice": 10}
    assert [re.search(r"title=(\w/\d)", line)[1] for line in shown[1:11]] == [
        *(f"e/{n}" for n in range(7)), "u/0", "u/1", "u/2",
    ]  # fmt: skip
    assert "title=p/0" in shown[11]
    assert shown[-1] == (
        "::notice title=changegate::13 more not shown here, as GitHub shows 10 of a kind; "
        "the console report in the log has all"
    )


def test_undecided_says_why() -> None:
    assert lines(VERDICTS["undecided"]())[1] == (
        "::error title=changegate%3A GitError::the base is not in this clone"
        "%0Atry: fetch it: git fetch --depth=100 origin main"
    )


def test_names_and_messages_end_nothing() -> None:
    odd = finding("a/b,c=d::", message="50%\n::stop-commands::x", location=Location("a,b:c=d::e.yaml", 2, 1))
    assert lines(with_findings(odd))[1] == (
        "::error file=a%2Cb%3Ac=d%3A%3Ae.yaml,line=2,col=1,title=a/b%2Cc=d%3A%3A (error)"
        r"::50%25\n::stop-commands::x%0Afix: remedy of a/b,c=d::"
    )


def test_the_same_finding_is_not_said_twice() -> None:
    fault = finding("manifest/ok", CHANGE_SET, location=Location(BROKEN.file, 1, 1))
    whole = replace(sample().subjects[3], findings=(fault,))
    release = replace(sample().subjects[0], subject=FRAUD, findings=())
    shown = lines(replace(sample(), subjects=(release, sample().subjects[1], whole)))
    assert sum("title=manifest/ok" in line for line in shown) == 1
