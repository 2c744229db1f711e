"""The catalogue: what policies say of themselves, and how strictly an engine's answer is read."""

from __future__ import annotations

from typing import Any

import pytest

from changegate.errors import PolicyError
from changegate.names import Severity, Status
from changegate.policy.catalogue import Catalogue
from changegate.rego.bundle import Bundle, Module, shipped
from changegate.verdict import PASSED, Outcome, RelatedPlace, RequiredApproval, Subject, SubjectKind, Violation
from support.policies import HOLDS, METADATA, OWN_FILE, PACKAGE, bundle, line_of

RELEASE = Subject(SubjectKind.RELEASE)
RULE = "own/holds"


def catalogue(own: str = METADATA + HOLDS, package: str = PACKAGE) -> Catalogue:
    return Catalogue.of(bundle(own, package=package))


def assert_at(error: PolicyError, text: str, part: str) -> None:
    """An error stands on the line of a text that has a part, and says what to do."""
    assert error.place == f"{OWN_FILE}:{line_of(text, part)}"
    assert error.hint


# METADATA


def test_a_rule_as_it_describes_itself() -> None:
    text = METADATA + (
        "# description: Why it is asked.\n"
        "#   settings: [own.limit]\n"
        "#   optional: [input.facts.own.name]\n"
        "#   awaitsApproval: true\n"
        "#   references: [SR 26-2]\n"
        "#   example: {bad: 'a: 1', good: 'a: 2'}\n"
    ).replace("# description: Why it is asked.\n", "")
    text = text.replace("# title: It holds\n", "# title: It holds\n# description: Why it is asked.\n")
    found = catalogue(text + HOLDS).rule(RULE)
    assert (found.id, found.check, found.kind) == (RULE, "own", SubjectKind.RELEASE)
    assert (found.title, found.description) == ("It holds", "Why it is asked.")
    assert (found.message, found.remediation) == ("{what} does not hold.", "Write it.")
    assert (found.severity, found.awaits_approval) == (Severity.ERROR, True)
    assert (found.settings, found.optional) == (("own.limit",), ("input.facts.own.name",))
    assert (found.references, found.example) == (("SR 26-2",), {"bad": "a: 1", "good": "a: 2"})
    assert (found.file, found.line) == (OWN_FILE, line_of(f"{PACKAGE}\n{text}{HOLDS}", "outcome["))
    assert found.home == ("spec", "version")


def test_what_a_rule_leaves_out() -> None:
    found = catalogue().rule(RULE)
    assert (found.description, found.settings, found.references, found.example) == ("", (), (), {})
    assert not found.awaits_approval


@pytest.mark.parametrize("kind", list(SubjectKind))
def test_the_package_says_what_its_rules_are_about(kind: SubjectKind) -> None:
    found = catalogue(package=PACKAGE.replace("subject: release", f"subject: {kind.value}"))
    assert {each: found.rules_of(each) for each in SubjectKind} == {
        each: ((RULE,) if each is kind else ()) for each in SubjectKind
    }


@pytest.mark.parametrize("file", ["a.rego", "z.rego"])
def test_what_a_package_says_of_itself_counts_in_all_its_files(file: str) -> None:
    """Wherever it stands; each rule keeps its own file and line."""
    bare = PACKAGE[PACKAGE.index("package") :]
    modules = (Module("m.rego", f"{bare}\n{METADATA}{HOLDS}"), Module(file, PACKAGE.replace("release", "retirement")))
    found = Catalogue.of(Bundle(tuple(sorted(modules)))).rule(RULE)
    assert (found.kind, found.home) == (SubjectKind.RETIREMENT, ("spec", "version"))
    assert (found.file, found.line) == ("m.rego", 9)


def test_a_package_without_metadata_is_about_a_release() -> None:
    found = catalogue(package="package changegate.checks.own\n").rule(RULE)
    assert (found.kind, found.home) == (SubjectKind.RELEASE, ("metadata", "name"))


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ("", "has no METADATA"),
        ("# a comment\n", "has no METADATA"),
        ("# METADATA\n", "has no METADATA"),
        ("# METADATA\n# title: [\n", "is not YAML"),
        ("# METADATA\n# title: It: holds\n", "is not YAML"),
        ("# METADATA\n# - title\n", "has no title"),
        (METADATA.replace("# title: It holds\n", ""), "has no title"),
        (METADATA.replace("title: It holds", "title: 1"), "has no title"),
        ("# METADATA\n# title: It holds\n", "has no `custom`"),
        ("# METADATA\n# title: It holds\n# custom: yes\n", "has no `custom`"),
        (METADATA.replace("#   severity: error\n", ""), "has no `custom.severity`"),
        (METADATA.replace('#   message: "{what} does not hold."\n', ""), "has no `custom.message`"),
        (METADATA.replace("#   remediation: Write it.\n", ""), "has no `custom.remediation`"),
        (METADATA.replace("severity: error", "severity: fatal"), "neither error nor warning"),
        (METADATA.replace("severity: error", "severity: off"), "severity"),
    ],
)
def test_metadata_that_is_missing_or_wrong(metadata: str, words: str) -> None:
    with pytest.raises(PolicyError) as caught:
        catalogue(metadata + HOLDS).check()
    assert words in caught.value.message
    assert RULE in caught.value.message
    assert_at(caught.value, f"{PACKAGE}\n{metadata}{HOLDS}", "outcome[")


@pytest.mark.parametrize("severity", ["error", "warning"])
@pytest.mark.parametrize("awaits", ["true", "false", None])
def test_what_is_asked_of_every_release_is_what_the_rule_says(severity: str, awaits: str | None) -> None:
    text = METADATA.replace("severity: error", f"severity: {severity}")
    text += f"#   awaitsApproval: {awaits}\n" if awaits else ""
    found = catalogue(text + HOLDS)
    rule = found.rule(RULE)
    assert found.meant(RULE) == (Severity(severity), awaits == "true") == (rule.severity, rule.awaits_approval)


def test_what_is_asked_of_every_release_agrees_with_the_metadata_of_all_rules() -> None:
    found = Catalogue.of(shipped())
    assert all(found.meant(one) == (found.rule(one).severity, found.rule(one).awaits_approval) for one in found)


def test_a_rule_without_metadata_does_not_borrow_that_of_the_rule_above() -> None:
    own = METADATA + HOLDS + "\n" + HOLDS.replace("own/holds", "own/other")
    found = catalogue(own)
    for ask in (found.rule, found.meant):
        with pytest.raises(PolicyError, match="own/other") as caught:
            ask("own/other")
        assert_at(caught.value, f"{PACKAGE}\n{own}", "own/other")


def test_a_severity_is_asked_for_before_a_finding_needs_it() -> None:
    own = METADATA.replace("#   severity: error\n", "") + HOLDS
    with pytest.raises(PolicyError, match="severity") as caught:
        catalogue(own).meant(RULE)
    assert_at(caught.value, f"{PACKAGE}\n{own}", "outcome[")


def test_an_unknown_subject_is_refused() -> None:
    package = PACKAGE.replace("subject: release", "subject: releases")
    with pytest.raises(PolicyError, match="releases") as caught:
        catalogue(package=package)
    assert_at(caught.value, package, "package")


# Ids


@pytest.mark.parametrize(
    "rule", ["holds", "Own/holds", "own/Holds", "own/", "other/holds", "own/a b", "own/1x", "own/a/b"]
)
def test_a_malformed_id(rule: str) -> None:
    own = METADATA + HOLDS.replace("own/holds", rule)
    with pytest.raises(PolicyError, match="malformed") as caught:
        catalogue(own)
    assert "own/<kebab-name>" in caught.value.hint
    assert_at(caught.value, f"{PACKAGE}\n{own}", "outcome[")


def test_an_id_exists_once() -> None:
    own = METADATA + HOLDS
    twice = bundle(own, Module("changegate/checks/own/more.rego", f"{PACKAGE}\n{own}"))
    with pytest.raises(PolicyError, match="exists twice") as caught:
        Catalogue.of(twice)
    assert caught.value.file == "changegate/checks/own/more.rego"
    with pytest.raises(PolicyError, match="exists twice"):
        catalogue(f"{own}\n{own}")


def test_a_rule_that_is_not_there_has_near_ones() -> None:
    with pytest.raises(PolicyError, match="own/hold") as caught:
        catalogue().rule("own/hold")
    assert caught.value.hint == "did you mean own/holds?"
    with pytest.raises(PolicyError) as caught:
        catalogue().rule("zzz")
    assert "changegate rules" in caught.value.hint


def test_a_catalogue_is_sorted() -> None:
    own = METADATA + HOLDS.replace("own/holds", "own/zebra") + "\n" + METADATA + HOLDS
    found = catalogue(own)
    assert list(found) == ["own/holds", "own/zebra"]
    assert "own/zebra" in found
    assert "own/hold" not in found
    assert list(Catalogue.of(Bundle(()))) == []


# Decisions


APPROVAL = {"role": "owner", "count": 1, "approvedBy": ["ana"], "candidates": ["bo"]}


def raw(outcome: Any = None, **other: Any) -> dict[str, Any]:
    """A decision with one outcome, and whatever is to be different."""
    answer = {"outcome": "passed"} if outcome is None else outcome
    return {
        "outcomes": {RULE: answer},
        "risk": {"tier": "high", "reasons": ["it affects users"]},
        "requiredApprovals": [APPROVAL],
        **other,
    }


def refused(answer: Any) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        catalogue().decode(answer, RELEASE)
    assert caught.value.hint
    return caught.value


def test_a_decision() -> None:
    decision = catalogue().decode(raw(), RELEASE)
    assert (decision.subject, decision.outcomes) == (RELEASE, {RULE: PASSED})
    assert (decision.tier, decision.tier_reasons) == ("high", ("it affects users",))
    assert decision.approvals == (RequiredApproval("owner", 1, ("ana",), ("bo",)),)


def beside(*related: Any) -> dict[str, Any]:
    """A failure with places beside its own."""
    return {"outcome": "failed", "violations": [{"path": [], "related": list(related)}]}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"outcome": "passed"}, PASSED),
        ({"outcome": "not-applicable", "reason": "why"}, Outcome(Status.NOT_APPLICABLE, reason="why")),
        ({"outcome": "unknown", "reason": "why"}, Outcome(Status.UNKNOWN, reason="why")),
        (
            {"outcome": "failed", "violations": [{"path": ["spec", "slos", 0], "details": {"a": 1}}, {"path": []}]},
            Outcome(Status.FAILED, (Violation(("spec", "slos", 0), None, {"a": 1}), Violation(()))),
        ),
        (
            {"outcome": "failed", "violations": [{"at": {"file": "a.json", "revision": "base", "path": [0]}}]},
            Outcome(Status.FAILED, (Violation((), {"file": "a.json", "revision": "base", "path": [0]}),)),
        ),
        (
            {"outcome": "failed", "violations": [{"at": {"file": "a", "line": 3, "column": 1}, "details": {}}]},
            Outcome(Status.FAILED, (Violation((), {"file": "a", "line": 3, "column": 1}),)),
        ),
        (
            beside({"message": "there", "at": {"file": "b"}}, {"message": "here", "path": ["spec"]}),
            Outcome(
                Status.FAILED,
                (Violation((), related=(RelatedPlace("there", at={"file": "b"}), RelatedPlace("here", ("spec",)))),),
            ),
        ),
        (
            beside({"message": "before", "path": [], "revision": "previous"}),
            Outcome(Status.FAILED, (Violation((), related=(RelatedPlace("before", previous=True),)),)),
        ),
        (
            beside(*({"message": str(number), "path": []} for number in range(99))),
            Outcome(Status.FAILED, (Violation((), related=tuple(RelatedPlace(str(number)) for number in range(10))),)),
        ),
    ],
)
def test_an_outcome(answer: Any, outcome: Outcome) -> None:
    assert catalogue().decode(raw(answer), RELEASE).outcomes == {RULE: outcome}


@pytest.mark.parametrize(
    "answer",
    [
        "passed",
        None,
        [],
        {},
        True,
        {"outcome": "pass"},
        {"outcome": "PASSED"},
        {"outcome": None},
        {"outcome": ["passed"]},
        {"outcome": {"passed": 1}},
        {"outcome": "passed", "reason": "and yet"},
        {"outcome": "passed", "violations": [{"path": []}]},
        {"outcome": "not-applicable"},
        {"outcome": "not-applicable", "reason": ""},
        {"outcome": "not-applicable", "reason": 1},
        {"outcome": "unknown"},
        {"outcome": "unknown", "reason": ""},
        {"outcome": "failed"},
        {"outcome": "failed", "violations": []},
        {"outcome": "failed", "violations": {"path": []}},
        {"outcome": "failed", "violations": [1]},
        {"outcome": "failed", "violations": [{}]},
        {"outcome": "failed", "violations": [{"details": {}}]},
        {"outcome": "failed", "violations": [{"path": "spec"}]},
        {"outcome": "failed", "violations": [{"path": None}]},
        {"outcome": "failed", "violations": [{"path": [1.5]}]},
        {"outcome": "failed", "violations": [{"path": [True]}]},
        {"outcome": "failed", "violations": [{"path": [["spec"]]}]},
        {"outcome": "failed", "violations": [{"path": [], "details": []}]},
        {"outcome": "failed", "violations": [{"path": []}, {"details": {}}]},
        {"outcome": "failed", "violations": [{"at": "a.json"}]},
        {"outcome": "failed", "violations": [{"at": {}}]},
        {"outcome": "failed", "violations": [{"at": {"file": 1}}]},
        {"outcome": "failed", "violations": [{"at": {"file": "a", "path": "spec"}}]},
        {"outcome": "failed", "violations": [{"at": {"file": "a", "path": [{}]}}]},
        {"outcome": "failed", "violations": [{"at": {"file": "a", "line": "3"}}]},
        {"outcome": "failed", "violations": [{"at": {"file": "a", "line": 1.5}}]},
        {"outcome": "failed", "violations": [{"at": {"file": "a", "line": 0}}]},
        {"outcome": "failed", "violations": [{"at": {"file": "a", "line": 1, "column": "1"}}]},
        {"outcome": "failed", "violations": [{"at": {"file": "a", "document": "0", "path": []}}]},
        {"outcome": "failed", "violations": [{"at": {"file": "a", "document": -1, "path": []}}]},
        {"outcome": "failed", "violations": [{"at": {"file": "a", "revision": "tail"}}]},
        {"outcome": "failed", "violations": [{"at": {"file": "a", "revision": ["head"]}}]},
        {"outcome": "failed", "violations": [{"path": [], "at": {"file": 1}}]},
        {"outcome": "failed", "violations": [{"path": [], "related": {}}]},
        {"outcome": "failed", "violations": [{"path": [], "related": None}]},
        beside(1),
        beside({"path": []}),
        beside({"message": "x"}),
        beside({"message": " ", "path": []}),
        beside({"message": 1, "path": []}),
        beside({"message": "x", "path": "spec"}),
        beside({"message": "x", "path": [], "at": {"file": "a"}}),
        beside({"message": "x", "path": [], "revision": "base"}),
        beside({"message": "x", "at": {"file": "a"}, "revision": "previous"}),
        beside({"message": "x", "at": {"file": "a", "revision": "previous"}}),
        beside({"message": "x", "at": "a"}),
        beside({"message": "x", "path": [], "more": 1}),
        beside({"message": "x", "path": []}, {"message": "x"}),
    ],
)
def test_an_outcome_that_is_nonsense(answer: Any) -> None:
    error = refused(raw({"outcome": None} if answer is None else answer))
    assert f"the rule {RULE} answered nonsense" in error.message
    assert_at(error, bundle().modules[0].text, "outcome[")


@pytest.mark.parametrize("answer", [None, [], 1, "<undefined>", {}, {"outcomes": []}, {"outcomes": None}])
def test_a_decision_without_outcomes(answer: Any) -> None:
    assert "no outcomes" in refused(answer).message


def test_a_rule_without_an_outcome() -> None:
    error = refused(raw(outcomes={}))
    assert error.message == f"the rule {RULE} has no outcome (1 without one)"
    assert_at(error, bundle().modules[0].text, "outcome[")


def test_an_outcome_of_no_rule() -> None:
    error = refused(raw(outcomes={RULE: {"outcome": "passed"}, "own/other": {"outcome": "passed"}}))
    assert "'own/other'" in error.message


def test_an_outcome_of_a_rule_about_something_else() -> None:
    with pytest.raises(PolicyError, match=RULE):
        catalogue().decode(raw(), Subject(SubjectKind.RETIREMENT))
    assert catalogue().decode(raw(outcomes={}), Subject(SubjectKind.RETIREMENT)).outcomes == {}


@pytest.mark.parametrize(
    "risk", [None, [], {}, {"tier": "extreme"}, {"tier": None}, {"tier": ["low"]}, {"tier": "LOW"}]
)
def test_a_tier_that_is_undefined_counts_as_critical(risk: Any) -> None:
    decision = catalogue().decode(raw(risk=risk), RELEASE)
    assert decision.tier == "critical"
    assert "not defined" in decision.tier_reasons[0]


@pytest.mark.parametrize("tier", ["low", "medium", "high", "critical"])
def test_a_tier_without_reasons(tier: str) -> None:
    assert catalogue().decode(raw(risk={"tier": tier}), RELEASE).tier == tier


@pytest.mark.parametrize("missing", [None, {}, "owner", 1])
def test_a_decision_without_required_approvals(missing: Any) -> None:
    assert "no requiredApprovals" in refused(raw(requiredApprovals=missing)).message
    answer = raw()
    del answer["requiredApprovals"]
    assert "no requiredApprovals" in refused(answer).message


@pytest.mark.parametrize(
    "wrong",
    [
        "owner",
        {},
        {**APPROVAL, "role": 1},
        {**APPROVAL, "count": "1"},
        {**APPROVAL, "count": 1.5},
        {**APPROVAL, "count": True},
        {**APPROVAL, "count": -1},
        {**APPROVAL, "count": None},
        {**APPROVAL, "approvedBy": "ana"},
        {**APPROVAL, "approvedBy": None},
        {**APPROVAL, "approvedBy": [1]},
        {**APPROVAL, "candidates": {"bo": 1}},
        {key: value for key, value in APPROVAL.items() if key != "role"},
        {key: value for key, value in APPROVAL.items() if key != "approvedBy"},
    ],
)
def test_required_approvals_that_are_nonsense(wrong: Any) -> None:
    assert "malformed" in refused(raw(requiredApprovals=[APPROVAL, wrong])).message


def test_nobody_has_to_approve() -> None:
    assert catalogue().decode(raw(requiredApprovals=[]), RELEASE).approvals == ()
