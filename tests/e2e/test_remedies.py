"""A remedy mends: whoever does what a finding asks for, and nothing else, is rid of it and meets no new one.

Beside the pull request that fires a rule stands `mend.yaml`: for the rule, some words of the remedy as it is shown, and
what they ask for, as one more commit. The words tie the two: a remedy that is written anew is looked at again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures, gate
from changegate.manifest import parse
from changegate.names import Effect
from changegate.policy.catalogue import Catalogue
from changegate.rego.bundle import shipped

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.verdict import Finding, Verdict

DECISIONS = {
    "approvals/changes-requested": "somebody has to be answered, and to review again",
    "approvals/invalid": "CI has to fetch the reviews again",
    "approvals/missing": "people have to approve",
    "approvals/stale": "people have to approve",
    "approvals/too-old": "people have to look again",
    "artifacts/grew-too-much": "somebody has to look whether it is the right file",
    "control/changed-without-approval": "people have to approve",
    "control/signers-missing": "people have to say whose signatures count",
    "evaluation/latency-over-slo": "the model has to become faster, and to be measured again",
    "evaluation/leakage-found": "the model has to be trained again, and to be measured again",
    "evaluation/sample-too-small": "the model has to be measured on more data",
    "evaluation/stale": "the model has to be measured again",
    "external/not-approved": "people have to approve",
    "fairness/error-rates-differ": "the model has to be mended, and to be measured again",
    "fairness/group-too-small": "more people have to be measured",
    "fairness/selection-ratio-inconclusive": "more people have to be measured",
    "fairness/selection-ratio-unproven": "more people have to be measured",
    "fairness/stale": "the model has to be measured again",
    "fairness/subgroup-regressed": "the model has to be mended, and to be measured again",
    "features/signature-unreadable": "the training has to write its signature",
    "lineage/rename-undeclared": "people have to say whether it is another model, and to approve it",
    "owners/not-approved": "people have to approve",
    "provenance/artifact-unsigned": "the artifacts have to be signed together",
    "provenance/attestations-disagree": "somebody has to find out which of them is wrong",
    "provenance/level-too-low": "the build platform has to sign, or a verifier to be asked",
    "retirement/not-approved": "people have to approve",
    "risk/tier-lowered": "somebody has to say why",
    "rollout/rollback-drill-failed": "the rollback has to be mended and practised again",
    "rollout/rollback-drill-stale": "the rollback has to be practised again",
}
"""Rules whose remedy is a person's decision, or work outside the repository, each with what that is."""


def _mends() -> list[tuple[fixtures.Case, str, int, dict[str, Any]]]:
    """Every mend there is: the case, the rule, which of its ways it is, and what it does."""
    found = []
    for case in fixtures.cases():
        for rule, ways in _written(case.folder / "mend.yaml").items():
            listed = ways if isinstance(ways, list) else [ways]
            found += [(case, rule, number, way) for number, way in enumerate(listed, 1)]
    return found


def _written(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    parsed = parse(path.read_bytes(), path.name)
    assert not parsed.faults, parsed.faults
    value: dict[str, Any] = parsed.documents[0].value
    return value


MENDS = _mends()
RULES = frozenset(Catalogue.of(shipped()))


@pytest.mark.parametrize(
    ("case", "rule", "way"), [(case, rule, way) for case, rule, _, way in MENDS],
    ids=[f"{case.name}-{rule.replace('/', '-')}-{number}" for case, rule, number, _ in MENDS],
)  # fmt: skip
def test_a_remedy_mends(case: fixtures.Case, rule: str, way: dict[str, Any], tmp_path: Path) -> None:
    before = _judged(tmp_path / "before", case)
    remedies = [one.remediation for one in before.findings if one.rule == rule]
    assert remedies, f"{case.name} does not fire {rule}"
    assert all(way["remedy"] in remedy for remedy in remedies), remedies
    landed = case.landed(way["land"]) if "land" in way else case
    after = _judged(tmp_path / "after", landed, {**way})
    assert after.failures == ()
    assert [one.message for one in _shown(after) if one.rule == rule] == []
    assert _told(after) - _told(before) == set()


def _judged(root: Path, case: fixtures.Case, mend: dict[str, Any] | None = None) -> Verdict:
    return gate.check(fixtures.request(fixtures.lay_out(root, case, mend)), {})


def _shown(verdict: Verdict) -> list[Finding]:
    return [one for one in verdict.findings if one.effect is not Effect.WAIVED]


def _told(verdict: Verdict) -> set[tuple[str, Effect, str, tuple[str | int, ...]]]:
    """What is found, by what a reader takes for one finding."""
    return {(one.rule, one.effect, one.location.file, one.location.path) for one in _shown(verdict)}


def test_every_remedy_is_tried_or_is_a_decision() -> None:
    tried = {rule for _, rule, _, _ in MENDS}
    assert RULES - tried - DECISIONS.keys() == set(), "a mend.yaml beside its fixture, or a line in DECISIONS"
    assert tried & DECISIONS.keys() == set()
    assert (tried | DECISIONS.keys()) - RULES == set()


FOLDER = "models/fraud-detector"
SLIPS = {
    "evaluation/invalid-evidence": (f"path: {FOLDER}/evidence/evaluation.json", "path: evidence/evaluation.json"),
    "fairness/invalid-evidence": (f"path: {FOLDER}/evidence/fairness.json", "path: evidence/fairness.json"),
    "provenance/signature-missing": (f"path: {FOLDER}/evidence/model.sig", "path: evidence/model.sig"),
    "provenance/attestation-invalid": (
        f"path: {FOLDER}/evidence/provenance.dsse.json",
        "path: evidence/provenance.json",
    ),
    "rollout/rollback-drill-missing": (f"path: {FOLDER}/evidence/rollback-drill.json", "path: rollback-drill.json"),
    "provenance/lockfile-mismatch": ("path: locks/training-uv.lock", "path: lock/training-uv.lock"),
    "artifacts/digest-mismatch": (f"path: {FOLDER}/artifacts/model.safetensors", "path: artifacts/model.safetensors"),
    "features/contract-missing": ("path: contracts/transactions.yaml", "path: contracts/transaction.yaml"),
    "operations/runbook-missing": (f"runbook: {FOLDER}/RUNBOOK.md", "runbook: RUNBOOK.md"),
    "operations/model-card-missing": (f"modelCard: {FOLDER}/MODEL_CARD.md", f"modelCard: {FOLDER}/model_card.md"),
}  # fmt: skip


@pytest.mark.parametrize("rule", SLIPS)
def test_a_path_that_leads_to_no_file_names_the_one_that_was_meant(rule: str, tmp_path: Path) -> None:
    find, replace = SLIPS[rule]
    edit = {f"{FOLDER}/manifest.yaml": [{"find": find, "replace": replace}]}
    found = _judged(tmp_path / "repository", fixtures.Case("a-slip", tmp_path, {"edit": edit}))
    message = next(one.message for one in found.findings if one.rule == rule)
    assert f"(did you mean `{find.partition(': ')[2]}`?)" in message
