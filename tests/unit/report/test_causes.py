"""One cause is said once: on the console, among test cases, in annotations; and no remedy is lost by that."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from changegate.names import Effect, Identity, Location, Status
from changegate.report import ReportOptions, load_reporter
from changegate.report.causes import causes
from changegate.verdict import Gate, Subject, SubjectKind, Verdict
from support.records import replace
from support.verdicts import CONTEXT, finding, open_, settled

if TYPE_CHECKING:
    from changegate.verdict import Finding, SubjectVerdict

SPEC = Location("m/model-0.yaml", 6, 1, 5, ("spec",), source="spec:")
UNREAD = "could not be told: no approvals were handed in (--approvals FILE)"


def subject_of(number: int) -> Subject:
    return Subject(SubjectKind.RELEASE, Identity("production", f"model-{number}", "main"), f"m/model-{number}.yaml")


def skeleton() -> tuple[Finding, ...]:
    """23 blocks that one `spec:` lacks."""
    return tuple(finding(f"check{n % 5}/missing-{n}", subject_of(0), location=SPEC) for n in range(23))


def unapproved(number: int) -> tuple[Finding, ...]:
    """What five rules could not tell of a release, since nobody handed in reviews."""
    names = (("missing", Effect.BLOCKS), ("stale", Effect.BLOCKS), ("invalid", Effect.ADVISES))
    subject = subject_of(number)
    return tuple(
        finding(f"approvals/{name}", subject, status=Status.UNKNOWN, message=UNREAD, effect=effect, remediation="")
        for name, effect in names
    )


def release(number: int, findings: tuple[Finding, ...]) -> SubjectVerdict:
    base = replace(open_().subjects[0], subject=subject_of(number), version=None, changes=())
    return replace(base, findings=findings, settled=tuple(map(settled, findings)))


def verdict(*releases: SubjectVerdict) -> Verdict:
    return Verdict(Gate.CLOSED, CONTEXT, releases, "closed")


def console(given: Verdict, **options: bool) -> str:
    return load_reporter("console").render(given, ReportOptions(**options))


def red(given: Verdict) -> list[ET.Element]:
    root = ET.fromstring(load_reporter("junit").render(given, ReportOptions()))
    return [*root.iter("failure"), *root.iter("error")]


def test_what_one_spec_lacks_is_one_group_with_every_remedy() -> None:
    given = verdict(release(0, skeleton()))
    shown = console(given)
    assert shown.count("--> m/model-0.yaml:6:1") == 1
    assert "error: 23 rules ask for something here\n" in shown
    for number in range(23):
        assert f"error[check{number % 5}/missing-{number}]: message of" in shown
        assert f"fix: remedy of check{number % 5}/missing-{number}\n" in shown


def test_what_one_spec_lacks_is_one_red_case_with_every_remedy() -> None:
    given = verdict(release(0, skeleton()))
    (failure,) = red(given)
    assert failure.get("message") == "message of check0/missing-0 (and 22 more of the same cause)"
    assert len(set(re.findall(r"fix: remedy of (\S+)", failure.text or ""))) == 23
    root = ET.fromstring(load_reporter("junit").render(given, ReportOptions()))
    assert len(list(root.iter("skipped"))) == 22
    assert "the same cause as check0/missing-0 [production/model-0/main]" in (
        root.findall(".//skipped")[0].get("message") or ""
    )


def test_two_rules_at_one_place_stay_two_things_to_mend() -> None:
    assert len(red(verdict(release(0, skeleton()[:2])))) == 2
    assert [cause.kind for cause in causes(skeleton()[:2])] == ["rule", "rule"]


def test_no_approvals_handed_in_is_one_group_over_all_releases() -> None:
    given = verdict(*(release(number, unapproved(number)) for number in range(3)))
    shown = console(given)
    assert shown.count(UNREAD) == 1
    assert "unknown[approvals: invalid, missing, stale]" in shown
    assert "the same holds for model-1, model-2\n" in shown
    assert len(red(given)) == 1
    assert load_reporter("github").render(given, ReportOptions()).count(UNREAD) == 1
    assert load_reporter("azure").render(given, ReportOptions()).count(UNREAD) == 1


def test_one_remedy_of_several_places_is_said_below_the_last() -> None:
    places = (Location("m.yaml", line, 9, 12, source="      - {weight: 5}") for line in (83, 84, 85))
    found = tuple(finding("rollout/bake", subject_of(0), location=place) for place in places)
    shown = console(verdict(release(0, found)))
    assert shown.count("error[rollout/bake]") == 3
    assert shown.count("fix: remedy of rollout/bake") == 1
    assert shown.index("85 |") < shown.index("fix: remedy")
    other = replace(found[0], remediation="another")
    shown = console(verdict(release(0, (*found, other))))
    assert (shown.count("fix: remedy of"), shown.count("fix: another")) == (1, 1)


def test_quiet_keeps_a_line_and_a_remedy_for_each() -> None:
    shown = console(verdict(release(0, skeleton())), quiet=True)
    assert shown.count("  fix: remedy of") == 23
    assert shown.count("m/model-0.yaml:6:1: error[") == 23


def test_what_waits_for_people_is_no_part_of_an_unfinished_place() -> None:
    waits = finding("approvals/owner", subject_of(0), location=SPEC, awaits_approval=True)
    kinds = [(cause.kind, len(cause.findings)) for cause in causes((*skeleton(), waits))]
    assert kinds == [("place", 23), ("rule", 1)]


# Many releases


def many() -> Verdict:
    def found(number: int) -> tuple[Finding, ...]:
        subject = subject_of(number)
        places = (Location(subject.file, line + 1, 1) for line in range(number % 4))
        return tuple(finding(f"a/rule-{n}", subject, location=place) for n, place in enumerate(places))

    return verdict(*(release(number, found(number)) for number in range(200)))


def test_many_releases_begin_with_a_tally_and_show_what_fits() -> None:
    shown = console(many())
    assert shown.startswith("by rule, over 200 releases\n   150  in 150 releases   error[a/rule-0]\n")
    assert shown.count("error[a/rule-") == 3 + 20
    total = 50 * (0 + 1 + 2 + 3)
    left = re.search(r"… and (\d+) findings more in (\d+) releases: -v shows all", shown)
    assert left is not None
    assert int(left[1]) + 20 == total
    assert "300 errors" in shown


def test_verbose_shows_all_of_many() -> None:
    shown = console(many(), verbose=True)
    assert shown.count("error[a/rule-") == 300
    assert "by rule, over" not in shown
