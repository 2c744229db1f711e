"""Policies of a repository's own decide alike on both engines, through the whole gate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from changegate import fixtures, gate
from changegate.rego.engines import EngineOptions
from changegate.request import request_of
from support import tools

if TYPE_CHECKING:
    from changegate.verdict import Verdict

# NOTE: pytest's own plugins may have threads; Python 3.12 warns of every fork beside one.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

POLICIES = {
    "main.rego": """\
package main

import data.limits

deny contains msg if {
	some step in input.spec.rollout.steps
	step.weight < limits.weight
	msg := sprintf("a step of %d%% is below %d%%", [step.weight, limits.weight])
}

warn contains {"msg": "größe ✓", "path": ["spec", "artifacts"], "sizes": sizes} if {
	sizes := [artifact.sizeBytes | some artifact in input.spec.artifacts]
}

violation_name contains "a name in upper case" if lower(input.metadata.name) != input.metadata.name

warn_time contains sprintf("judged in %v", [time.date(time.now_ns())])

warn_again contains sprintf("%d", [time.now_ns()])

deny_silent contains "never" if input.nothing.at.all
""",
    "acme/owners.rego": """\
# METADATA
# title: Owners
package acme.owners

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release of a high tier belongs to a team of payments
# custom:
#   severity: error
#   message: "It belongs to {owner}, and its tier is {tier}."
#   remediation: Give it to a team of payments.
outcome["payments"] := lib.not_applicable("the tier is not high") if not risk.tier == "high"

else := lib.passed if startswith(input.release.metadata.owner, "payments")

else := lib.failed(["metadata", "owner"], {"owner": input.release.metadata.owner, "tier": risk.tier})
""",
    "data.yaml": "limits: {weight: 10}\n",
}


def judged(laid_out: fixtures.LaidOut, policies: Path, engine: str) -> Verdict:
    request = request_of(
        laid_out.root,
        stage="pull-request",
        trusted_ref="refs/heads/main",
        head="HEAD",
        approvals=laid_out.approvals,
        policies=(policies,),
        now=fixtures.NOW,
        engine=EngineOptions(engine=engine),
    )
    return gate.check(request, {})


def test_own_policies_decide_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(tools.opa()).parent), prepend=":")
    for name, text in POLICIES.items():
        (tmp_path / "policies" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "policies" / name).write_text(text)
    laid_out = fixtures.lay_out(tmp_path / "repository", fixtures.touching_all(tmp_path))
    here, there = (judged(laid_out, tmp_path / "policies", engine) for engine in ("embedded", "opa"))
    assert not here.failures
    assert here == there._replace(context=there.context._replace(engine=here.context.engine))
    found = {(one.rule, one.subject.label) for one in here.findings if one.rule.startswith("own/")}
    assert {("own/main/deny", "fraud-detector"), ("own/main/warn", "fraud-detector")} <= found
    own = {"own/main/deny", "own/main/warn", "own/main/warn_time", "own/main/warn_again", "own/acme.owners/payments"}
    assert {rule for rule, _ in found} == own
