"""Verdicts that reports are shown on: one with everything in it, and the plain cases."""

from __future__ import annotations

from typing import Any

from changegate.names import Change, DiffEntry, Effect, Enforcement, Identity, Location, Severity, Stage, Status
from changegate.rego.bundle import Bundle, Module
from changegate.verdict import (
    PASSED,
    Context,
    DecidingPolicies,
    Decision,
    Failure,
    Finding,
    Gate,
    Holder,
    Impact,
    Measure,
    Outcome,
    Question,
    RelatedLocation,
    ReleaseImpact,
    RequiredApproval,
    Ruling,
    Settled,
    Subject,
    SubjectKind,
    SubjectVerdict,
    Verdict,
    Violation,
)
from support.records import replace

FRAUD = Subject(SubjectKind.RELEASE, Identity("production", "fraud-detector", "main"), "models/fraud.yaml")
BROKEN = Subject(SubjectKind.RELEASE, None, "models/brok\udce9n \u202e.yaml")
RETIRED = Subject(SubjectKind.RETIREMENT, Identity("staging", "old-ranker", "challenger"), "models/old.yaml")
CHANGE_SET = Subject(SubjectKind.CHANGE_SET)

HOSTILE = (
    "::error file=x::owned\n::set-output name=a::b ##[add-mask]x ##vso[task.x]y \x1b[31mred\x1b]8;;http://e.vil\x07 "
    "\u202ereversed @acme/owners #123 GH-7 !9 /approve <img src=x onerror=alert(1)> [a](http://e.vil) ![b](//e.vil) "
    "| cell | `tick` https://e.vil www.e.vil a@e.vil :tada: $x$ 0123456789abcdef0123456789abcdef01234567 "
    "]]> &amp; \ud800\ufffe\x7f\x85"
)
"""A value that tries to be something else in every medium."""
_HOSTILE_NAME = BROKEN.file + HOSTILE.replace("\ud800", "")
"""No file name holds half a character: git's are bytes."""

CONTEXT = Context(
    stage=Stage.PULL_REQUEST,
    repository="acme/models",
    trusted_ref="refs/heads/main",
    base="a" * 40,
    head="b" * 40,
    head_tree="d" * 40,
    reviewed_head="c" * 40,
    pull_request=17,
    now=1_793_620_800,
    tool_version="0.1.0",
    engine="embedded (regorus 0.13.0)",
    policy_digest="sha256:" + "1" * 64,
    settings_digest="sha256:" + "2" * 64,
    teams_digest="sha256:" + "3" * 64,
    waivers_digest="sha256:" + "4" * 64,
    signers_digest="sha256:" + "5" * 64,
    enforcement=Enforcement.ENFORCE,
    paths=("models/fraud.yaml",),
)


def finding(rule: str, subject: Subject = FRAUD, **more: Any) -> Finding:
    """A blocking failure on a line of the subject's file, with whatever is to be different."""
    values: dict[str, Any] = {
        "status": Status.FAILED,
        "effect": Effect.BLOCKS,
        "severity": Severity.ERROR,
        "title": f"Title of {rule}",
        "message": f"message of {rule}",
        "remediation": f"remedy of {rule}",
        "location": Location(subject.file, 3, 1),
    }
    return Finding(rule=rule, subject=subject, **{**values, **more})


def settled(item: Finding, outcome: Outcome | None = None) -> Settled:
    """The outcome that belongs to a finding."""
    violations = (Violation(item.location.path, None, item.details),) if item.status is Status.FAILED else ()
    reason = item.message if item.status is Status.UNKNOWN else ""
    return Settled(
        item.rule,
        outcome or Outcome(item.status, violations, reason),
        item.severity,
        item.effect,
        item.note,
        awaits_approval=item.awaits_approval,
    )


def _fraud_findings() -> tuple[Finding, ...]:
    bake = Location(
        "models/fraud.yaml", 41, 26, 35, ("spec", "rollout", "steps", 1, "bake"),
        source="    - {weight: 25, bake: 10m, note: Größe 模型}",
    )  # fmt: skip
    return (
        finding(
            "rollout/bake-too-short",
            message="step 2 bakes 600 s; at high risk a step bakes at least 1800 s",
            remediation="Let the step bake longer: write `bake: 30m`.",
            location=bake,
            references=("https://sre.google/workbook/canarying-releases/", "SR 26-2, monitoring"),
            details={"bakeSeconds": 600, "minimumBakeSeconds": 1800},
            related=(
                RelatedLocation(
                    Location("models/fraud.yaml", 39, 26, 35, bake.path, "base", "    - {weight: 25, bake: 30m}"),
                    "the previous release",
                ),
                RelatedLocation(Location("models/old name.yaml", 7, 3, 9, revision="d" * 40), "the release at a tag"),
            ),
        ),
        finding(
            "artifacts/uri-plain",
            message=f"the artifact's uri is not plain: {HOSTILE}",
            location=Location(
                "models/fraud.yaml", 12, 11, None, ("spec", "artifacts", "model", "uri"), source=f"\turi: {HOSTILE}"
            ),
            remediation=f"{HOSTILE} is to be replaced",
            details={"uri": HOSTILE},
            related=(RelatedLocation(Location(_HOSTILE_NAME, 2, 1), HOSTILE),),
        ),
        finding(
            "approvals/model-risk",
            message="1 of 2 approvals from model-risk is given",
            remediation="Ask someone of model-risk to approve the reviewed head.",
            location=Location("models/fraud.yaml", 4, 3, 7, ("metadata", "name"), source="  name: fraud-detector"),
            awaits_approval=True,
        ),
        finding(
            "evaluation/report-present",
            status=Status.UNKNOWN,
            message="evidence/evaluation.json is larger than 1048576 bytes",
            remediation="Hand in a smaller report, or the folder that holds it with `--evidence DIR`.",
            location=Location("models/fraud.yaml", 30, 5, 15, ("spec", "evaluation"), source="    evidence:"),
        ),
        finding(
            "cost/budget-stated",
            effect=Effect.ADVISES,
            severity=Severity.WARNING,
            message="no weekly budget is stated",
            remediation="Add `weeklyBudget: 900` under `spec.cost`.",
            location=Location("models/fraud.yaml", 50, 3, 7, ("spec", "cost"), source="  cost:"),
        ),
        finding(
            "fairness/ratio",
            effect=Effect.WAIVED,
            message="the selection-rate ratio of age_band is 0.78",
            location=Location("evidence/fairness.json", 8, 14, 18, source='    "ratio": 0.78'),
            note="waived until 2026-12-01 by risk-office: small group, see the review",
        ),
        finding("slos/latency-stated", effect=Effect.OFF, severity=Severity.OFF, note="batch models have no latency"),
    )


def _fraud() -> SubjectVerdict:
    findings = _fraud_findings()
    items = (
        *(settled(item) for item in findings),
        Settled("artifacts/digest-strong", PASSED, Severity.ERROR, Effect.NONE),
        Settled(
            "cost/gpu", Outcome(Status.NOT_APPLICABLE, reason="the release uses no GPU"), Severity.ERROR, Effect.NONE
        ),
    )
    return SubjectVerdict(
        subject=FRAUD,
        operation="update",
        why="evidence/evaluation.json changed",
        version="2.4.0",
        previous={"status": "present", "how": "identity", "revision": "a" * 40, "version": "2.3.1"},
        tier="high",
        tier_reasons=("it affects users", "it serves over 1% of revenue"),
        approvals=(
            RequiredApproval("model-risk", 2, ("cy",), ("ana", "bo")),
            RequiredApproval("owner", 1, ("dee",), ()),
            RequiredApproval("privacy|office", 1, (), ()),
        ),
        entries=(
            DiffEntry(
                "diff/artifact-replaced", "artifact", "could-be-breaking", f"Artifact `model` is another one: {HOSTILE}"
            ),
            DiffEntry("diff/metric-worse", "evaluation", "could-be-breaking", "recall: 0.91 → 0.89 (-2.2 %)."),
            DiffEntry(
                "diff/labels-changed",
                "documentation",
                "compatible",
                "Label `a.b/c` is gone.",
                (Change(("metadata", "labels", "a.b/c"), "removed", "x", None, "metadata", "compatible"),),
            ),
        ),
        changes=(
            Change(("spec", "version"), "changed", "2.3.1", "2.4.0", "metadata", "compatible"),
            Change(("spec", "artifacts", "model", "uri"), "changed", "s3://a|b", HOSTILE, "artifact", "breaking"),
            Change(
                ("spec", "features", "inputs", "amount"), "added", None, {"dtype": "float64"}, "feature", "breaking"
            ),
            Change(("metadata", "labels", "a.b/c"), "removed", "x", None, "metadata", "compatible"),
        ),
        settled=items,
        findings=findings,
        plan=plan(),
        rendering=rendering(),
        measures=measures(),
        groups=groups(),
        **_kept(items),
    )


def _kept(items: tuple[Settled, ...]) -> dict[str, Any]:
    """What the sample was come to by: thresholds by the tier and of a previous owner, so that it was asked thrice."""
    by_rule = {item.rule: item for item in items}
    decision = Decision(
        FRAUD,
        {rule: item.outcome for rule, item in by_rule.items()},
        "high",
        ("it affects users",),
        (RequiredApproval("model-risk", 2, ("cy",), ("ana", "bo")),),
    )
    document = {
        "schemaVersion": 1,
        "subject": {"kind": "release"},
        "z": [1, 2.5, True, None],
        "a": {"é": HOSTILE},
        "settings": {"rollout": {"minimumBakeSeconds": {"high": 1800}}, "texts": ["x" * 99] * 3},
        "facts": {"rollout": {"steps": [600] * 99}, "cost": {}},
        "previous": {"status": "absent", "reason": "it is the first one"},
    }
    now, before = Holder("payments-ml", FRAUD.identity), Holder("risk-ml", FRAUD.identity)
    strict = {**document, "settings": {"rollout": {"minimumBakeSeconds": {"high": 3600}}}}
    return {
        "questions": (
            Question(document, decision, now, counts=False),
            Question(strict, decision, now, "high"),
            Question(document, decision._replace(tier="low"), before),
        ),
        "rulings": {
            rule: Ruling(item.severity, Enforcement.ENFORCE, "" if item.effect is Effect.WAIVED else item.note,
                         rule.startswith("approvals/"))
            for rule, item in by_rule.items()
        },
        "waivers": {rule: item.note for rule, item in by_rule.items() if item.effect is Effect.WAIVED},
    }  # fmt: skip


def measures() -> tuple[Measure, ...]:
    """Numbers of each kind and turn; names come from reports and manifests."""
    return (
        Measure("metric", "recall", 0.884, 0.871, (0.879, 0.889), (0.866, 0.876), more_is_better=True),
        Measure("metric", f"precision of {HOSTILE}", 0.778, 0.842, more_is_better=True),
        Measure("metric", "f1", None),
        Measure("metric", "odd", 1.0, 0.0),
        Measure(
            "selection", "selection of a beside b (sex)", 0.78, None, (0.7, 0.87), more_is_better=True, unit="ratio"
        ),
        Measure("latency", "latency-p95 (P95)", 128, 88, more_is_better=False, unit="ms", limit=300),
        Measure("size", "model", 66_531_102, 48_210_944, more_is_better=False, unit="bytes"),
        Measure("cost", "cost per 1000 inferences", 0.004, 0.004, more_is_better=False, unit="money"),
        Measure(
            "cost", "cost of a week at the declared traffic", 532.224, more_is_better=False, unit="money", limit=900
        ),
    )


def groups() -> tuple[Measure, ...]:
    """Groups of people; names come from reports."""
    return (
        Measure("group", "a (sex, 400 people)", 0.78, 0.8, (0.7, 0.87), more_is_better=True, unit="ratio"),
        Measure("group", f"{HOSTILE} (sex)", 1.0, None, (1.0, 1.0), more_is_better=True, unit="ratio"),
        Measure("group", "nobody (sex, 0 people)", None, unit="ratio"),
    )


def plan() -> dict[str, Any]:
    """A neutral rollout plan."""
    gate = {"kind": "errors", "objectiveRatio": 0.999, "limitRatio": 0.004, "count": 1, "failureLimit": 0}
    return {
        "schemaVersion": 2,
        "release": {"name": "fraud-detector", "environment": "production", "variant": "main", "version": "2.4.0"},
        "strategy": "canary",
        "shadow": {"percent": 100, "durationSeconds": 3600},
        "steps": [
            {"position": 0, "weightPercent": 5, "sharePercent": 5, "bakeSeconds": 1800, "power": "sufficient",
             "expectedRequestsCount": 19800, "requiredRequestsCount": 1361, "sizedBy": "error-rate"},
            {"position": 1, "weightPercent": 25, "sharePercent": 33.333333333, "bakeSeconds": 600, "power": "unknown",
             "requiredRequestsCount": 1500},
            {"position": 2, "weightPercent": 100, "sharePercent": 100, "bakeSeconds": 0, "power": "not-needed"},
        ],
        "analysis": [
            {**gate, "name": "error-rate|a", "step": 0, "intervalSeconds": 1800},
            {**gate, "name": "latency-p95", "step": 0, "intervalSeconds": 1800},
            {**gate, "name": "error-rate|a", "step": 1, "intervalSeconds": 600},
        ],
        "abort": [],
        "rollback": {"to": "2.3.1", "automatic": True, "withinSeconds": 1800},
    }  # fmt: skip


def rendering() -> dict[str, Any]:
    """What becomes of that plan."""
    losses = ["the shadow step is not part of an Argo Rollout without Istio"]
    return {"schemaVersion": 1, "target": "argo-rollouts", "losses": losses}


def _broken() -> SubjectVerdict:
    unknown = Outcome(Status.UNKNOWN, reason="the manifest is not valid")
    rules = ("artifacts/digest-strong", "cost/budget-stated", "rollout/bake-too-short")
    return SubjectVerdict(
        subject=BROKEN,
        operation="create",
        why="the file changed",
        version=None,
        previous={"status": "unavailable", "reason": "the manifest is not valid"},
        tier="critical",
        tier_reasons=(),
        approvals=(),
        changes=(),
        settled=tuple(Settled(rule, unknown, Severity.ERROR, Effect.BLOCKS) for rule in rules),
        findings=tuple(finding(rule, BROKEN, status=Status.UNKNOWN) for rule in rules),
        not_evaluated="the manifest is not valid",
    )


def _retired() -> SubjectVerdict:
    return SubjectVerdict(
        subject=RETIRED,
        operation="retire",
        why=HOSTILE,
        version="1.0.0",
        previous={"status": "present", "how": "identity", "revision": "a" * 40, "version": "1.0.0"},
        tier="low",
        tier_reasons=("research only",),
        approvals=(),
        changes=(),
        settled=(Settled("retirement/traffic-gone", PASSED, Severity.ERROR, Effect.NONE),),
        findings=(),
    )


def _change_set() -> SubjectVerdict:
    subject = CHANGE_SET
    findings = (
        finding(
            "manifest/well-formed",
            subject,
            message="`relase` is no field here; did you mean `release`?",
            remediation="Write `release`.",
            location=Location(BROKEN.file, 2, 1, 7, ("relase",), source="relase: {}"),
        ),
        finding(
            "control/settings-changed",
            subject,
            message="the settings of the gate are changed",
            remediation="Ask platform for an approval.",
            location=Location(".changegate/config.yaml"),
            awaits_approval=True,
        ),
        finding(
            "manifest/still-one",
            subject,
            message=HOSTILE,
            remediation=f"{HOSTILE}: make it a manifest again",
            location=Location("models/gone.yaml", 1, 1, 5, revision="base", source="kind: ModelRelease"),
        ),
    )
    return SubjectVerdict(
        subject=subject,
        operation="none",
        why="",
        version=None,
        previous={"status": "absent", "reason": "a change set has no previous release"},
        tier="critical",
        tier_reasons=(),
        approvals=(RequiredApproval("platform", 1, (), tuple(f"person{number}" for number in range(1, 31))),),
        changes=(),
        settled=tuple(settled(item) for item in findings),
        findings=findings,
    )


_ENCODED = HOSTILE.encode("utf-8", "ignore").decode()
"""What a policy can hold of it: a file is UTF-8."""


def sample() -> Verdict:
    """A closed gate with a bit of everything in it."""
    return Verdict(
        Gate.CLOSED,
        CONTEXT,
        (_fraud(), _broken(), _retired(), _change_set()),
        "5 rules block this change, and people still have to approve",
        ("signatures were not verified: no key is configured",),
        policies=DecidingPolicies(
            Bundle((Module("changegate/main.rego", f"package changegate.main\n\n# {_ENCODED}\n"),)),
            Bundle((Module("main.rego", "package main\n"),), {"limits": {"most": 3}}),
        ),
        impact=_impact(),
    )


def _impact() -> Impact:
    """What a change of the rules would do to the releases that there are."""
    hostile = Subject(SubjectKind.RELEASE, Identity("production", HOSTILE, "main"), "models/odd.yaml")
    return Impact(
        (
            ReleaseImpact(FRAUD, Gate.OPEN, Gate.CLOSED, ("rollout/bake-too-short",)),
            ReleaseImpact(hostile, Gate.OPEN, Gate.UNDECIDED, (), f"the policy package team: {HOSTILE}"),
        ),
        2,
        "no more than 2 are looked at (`impact.releases`)",
    )


def awaiting() -> Verdict:
    """Everything holds, and people still have to approve."""
    whole = _fraud()
    waits = tuple(item for item in whole.findings if item.awaits_approval)
    subject = replace(whole, findings=waits, settled=tuple(map(settled, waits)), approvals=whole.approvals[:2])
    return Verdict(Gate.AWAITING_APPROVAL, CONTEXT, (subject,), "1 approval is missing")


def observed() -> Verdict:
    """Faults that are shown and not enforced, in a repository without configuration."""
    whole = _fraud()
    seen = replace(whole.findings[0], effect=Effect.ADVISES, note="observed, not enforced")
    subject = replace(whole, findings=(seen,), settled=(settled(seen),), approvals=())
    context = replace(CONTEXT, configured=False)
    return Verdict(Gate.NOT_ENFORCED, context, (subject,), "1 rule would block this change if it were enforced")


def open_() -> Verdict:
    """All is well."""
    subject = replace(
        _fraud(),
        measures=measures()[:1],
        findings=(),
        settled=(Settled("a/b", PASSED, Severity.ERROR, Effect.NONE),),
        approvals=(),
    )
    return Verdict(Gate.OPEN, CONTEXT, (subject,), "1 release holds all 1 rules")


def empty() -> Verdict:
    """Nothing to check."""
    return Verdict(Gate.OPEN, CONTEXT, (), "nothing to check: no manifest and no control file changed")


def undecided() -> Verdict:
    """Nothing could be decided."""
    failures = (
        Failure("GitError", "the base is not in this clone", "fetch it: git fetch --depth=100 origin main"),
        Failure("PolicyError", f"undefined function {HOSTILE}", "run `changegate policy check`", "policies/a.rego:3"),
    )
    return Verdict(Gate.UNDECIDED, CONTEXT, (), "it could not be decided", (), failures)


VERDICTS = {
    "sample": sample,
    "awaiting": awaiting,
    "observed": observed,
    "open": open_,
    "empty": empty,
    "undecided": undecided,
}
"""Every verdict by name: reports are tested on all of them."""


def everywhere(text: str) -> Verdict:
    """A verdict with a text in every field that others fill: authors, policies, reports, hosts."""
    name = text.replace("\ud800", "").replace("\0", "")  # what a file may be called
    place = Location(f"{name}.yaml", 4, 2, 9, (text,), source=text, around=(text,) * 7)
    found = finding(
        f"own/{text}", title=text, message=text, remediation=text, location=place, note=text, description=text,
        references=(text, 'https://e.example/"><script>alert(1)</script>'), details={text: [text]},
        related=(RelatedLocation(place, text),),
    )  # fmt: skip
    untold = replace(found, rule="a/untold", status=Status.UNKNOWN)
    waived = replace(found, rule="a/waived", effect=Effect.WAIVED)
    advised = replace(found, rule="a/advised", effect=Effect.ADVISES, severity=Severity.WARNING)
    findings = (found, replace(found, rule="a/b"), untold, waived, advised)
    whole, change = _fraud(), Change((text, "a"), "changed", text, {text: [text]}, text, "breaking", text)
    subject = replace(
        whole,
        subject=replace(FRAUD, file=f"{name}.yaml", identity=Identity(text, text, text)),
        findings=findings,
        settled=tuple(map(settled, findings)),
        version=text,
        why=text,
        tier=text,
        tier_reasons=(text,),
        previous={"status": "present", "version": text, "reason": text},
        approvals=(RequiredApproval(text, 2, (text,), (text,)), RequiredApproval(text, 1, (), ())),
        changes=(change,),
        entries=(DiffEntry("diff/x", text, "breaking", text, (change,)), DiffEntry("diff/y", text, text, text)),
        measures=(Measure("metric", text, 0.5, 0.25, (0.4, 0.6), more_is_better=True),),
        plan={**plan(), "strategy": text, "rollback": {"to": text}},
        rendering={"schemaVersion": 1, "target": text, "losses": [text]},
    )
    rules = replace(_change_set(), changes=(Change((text,), "changed", text, text, text, "loosens", text),))
    failure = Failure(text, text, text, text)
    return replace(
        sample(),
        subjects=(subject, replace(_broken(), not_evaluated=text), rules),
        summary=text,
        notes=(text,),
        failures=(failure,),
    )
