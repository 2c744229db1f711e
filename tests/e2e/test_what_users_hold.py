"""What users hold, written out: none of it may go away, whatever is moved inside. More may come.

Own policies read the input document; scripts and workflows hold commands, options, exit codes, formats and the action's
inputs; dashboards read the reports; repositories hold settings. Whoever takes a name away changes this list, says so in
the changelog, and raises the version that belongs to it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from changegate.cli.group import group
from changegate.evidence.readers import FAIRNESS
from changegate.manifest.schema import load_schema
from changegate.policy.settings import defaults
from changegate.rego.engines import HOSTS
from changegate.report.registry import OUTPUTS
from changegate.verdict import Gate, SubjectKind

ROOT = Path(__file__).parents[2]

EXIT_CODES = {"open": 0, "not-enforced": 0, "closed": 1, "undecided": 2, "awaiting-approval": 3}
REPORT_FORMATS = "azure codequality console github html json junit markdown plan record sarif tap"
TEST_REPORT_FORMATS = "console json junit"
ENGINES = "embedded opa"
FAIRNESS_FORMATS = "counts aequitas"
SUBJECTS = "release retirement change-set"
VARIABLES = "CHANGEGATE_TRUSTED_REF CHANGEGATE_OPA_TOKEN CHANGEGATE_DEBUG"
HOOKS = "changegate changegate-policy"
ACTION_INPUTS = (
    "trusted-ref approvals evidence policy engine opa-url opa-ca fail-on require-config python working-directory "
    "approvals-from token publish exit-code plan-artifact all"
)
ACTION_OUTPUTS = "verdict report junit plan"
FILES = {
    "config": (
        "apiVersion kind repository manifests releaseTags impact enforcement settings overrides policies inventory"
    ),
    "teams": "apiVersion kind teams roles",
    "waivers": "apiVersion kind waivers",
    "signers": "apiVersion kind signers covers trustRoot",
    "approvals": "schemaVersion repository pullRequest reviewedHead author committers retrievedAt reviews",
}
"""The files in `.changegate/`, and the one that CI hands in: their keys."""

INPUT_VERSION = 1
INPUT = {
    "schemaVersion": "",
    "subject": "identity kind",
    "context": "author base committers head now repository reviewedHead stage",
    "settings": "",
    "release": "",
    "previous": "file how reason release revision status",
    "change": "classes operation",
    "changes": "after before category impact op path",
}
"""The input document: its keys, and those of each. Own policies read them."""
FACTS = {
    "artifacts": "artifacts limits memory",
    "provenance": "attestations block environment source trained trainingData trainingRun",
    "evaluation": "ages artifacts block comparison latency metrics model reports samples task",
    "fairness": "artifacts block comparison confidenceRatio coverage errors groups reports selection",
    "features": "block contracts deprecations featureSwitch inputs outputs purpose signature skew switches",
    "rollout": (
        "batch divisions drill endsAtFull gradual needs plan rollback sample served shadow shares steps "
        "strategy totalBakeSeconds"
    ),
    "slos": "block kinds slos",
    "operations": "block dashboardStated logging runbook telemetry",
    "cost": (
        "block budgetShareRatio budgetStated growthRatio perThousandInferences previousPerThousandInferences "
        "stated weeklyBudget weeklyCost"
    ),
    "risk": "claims intendedUse inventory previous unstated",
    "approvals": (
        "ageSeconds carried changesRequestedBy formerOwners mergesOfBase roles signedBy staleBecause staleBy "
        "unclearBecause undated"
    ),
    "claims": (
        "artifacts cost deployments digests features files identity names objectives odd operations risk rollout "
        "serving"
    ),
    "retirement": "checked dependants",
    "manifest": "ambiguous checked duplicates faults hidden lost outside",
    "control": "changed checked invalid waivers",
    "owners": "checked demands faults",
    "lineage": "checked content replaces resembles version",
    "dependencies": "answers checked cycles missing versions",
    "secrets": "checked found",
}
"""`input.facts.<section>`."""
EVIDENCE = {
    "artifacts": "reason status",
    "provenance": "attestations lockfile reason signature status",
    "evaluation": "comparison files reason status",
    "fairness": "comparison files reason status",
    "features": "contracts reason status",
    "rollout": "drill reason status traffic",
    "slos": "reason status",
    "operations": "escalation modelCard onCall owner reason runbook status",
    "cost": "growth reason status traffic",
    "risk": "reason status",
    "claims": "reason status",
    "approvals": "reason status",
    "retirement": "reason status",
    "manifest": "reason status",
    "control": "reason status",
    "owners": "reason status",
    "lineage": "reason status",
    "dependencies": "reason status",
    "secrets": "reason status",
}
"""`input.evidence.<section>`."""
COMMANDS = {
    "check": (
        "PATHS -C --git-dir --base --head --staged --all --stage --trusted-ref --approvals --evidence "
        "--policy --require-config --fail-on --now -o --output --trace --color --engine --opa-url --opa-ca "
        "--opa-cert --opa-key --opa-timeout --opa-retries --opa-bundle-revision -v --verbose -q --quiet"
    ),
    "diff": "BASE HEAD -C -o --output",
    "plan": "MANIFEST --target -o --output --check",
    "rules": "--check -o --output --format --policy -C",
    "explain": "RULE --trace --policy -C",
    "policy check": "PATHS -C -o --output",
    "policy test": (
        "PATHS -C --shipped --run --coverage --threshold --timeout -o --output -v --verbose --engine "
        "--opa-url --opa-ca --opa-cert --opa-key --opa-timeout --opa-retries --opa-bundle-revision"
    ),
    "policy convert": "PATHS -C --write --check",
    "policy bundle": "-o --output --revision --own --format",
    "policy schema": "-o --output",
    "verify": "MANIFEST -C --base --head --evidence --now -o --output",
    "input": "MANIFEST -C --base --head --staged --approvals --evidence --now --subject --model --conftest -o --output",
    "waive": (
        "RULE MODEL --reason --until --environment --variant --approved-by --break-glass --on-call --follow-up --now -C"
    ),
    "new": (
        "NAME --from --hosted --owner --tier --task --intended-use --version --uri --licence --obtained-from "
        "--reviewed-by --obtained-at --output -o -C"
    ),
    "evidence evaluation": (
        "--metric --latency --artifact --hosted --dataset --samples --dataset-digest --collected-at --evaluated-at "
        "--leakage-method --leakage-found --from -o --output --replace"
    ),
    "evidence fairness": (
        "--group --artifact --hosted --dataset --samples --dataset-digest --collected-at --evaluated-at "
        "--leakage-method --leakage-found --from -o --output --replace"
    ),
    "evidence drill": "--model --took --succeeded --failed --performed-at -o --output --replace",
    "fix": "PATHS -C --check --accept --all --base --now",
    "init": "DIRECTORY --ci --policies",
    "demo": "DIRECTORY --case --list",
}
"""Every command with its arguments and options: scripts and workflows hold them."""
SETTINGS = {
    "rollout": (
        "planFrom notApplicablePlatforms allowedStrategies maximumFirstWeightPercent minimumBakeSeconds "
        "powerFrom rollbackFrom automaticRollbackFrom drillFrom maximumDrillAgeSeconds maximumRollbackSeconds "
        "shadowFrom minimumShadowSeconds significance power detectableErrorFactor detectableLatencyFactor "
        "promotionBurnRate burnRate burnShortWindowSeconds burnLongWindowSeconds checkIntervalSeconds "
        "failureLimit trafficRouter prometheusAddress requestsMetric durationMetric modelLabel versionLabel "
        "statusLabel errorPattern"
    ),
    "slos": (
        "slosFrom notApplicablePlatforms latencyFrom latencyExemptPlatforms errorRateFrom maximumLatencyMs "
        "maximumGenerationLatencyMs minimumLatencyObjectiveRatio minimumErrorObjectiveRatio "
        "minimumWindowSeconds maximumWindowSeconds"
    ),
    "lineage": "versionFrom renameFrom renameRole",
    "claims": "contradictionsFrom accepted personalLevels",
    "provenance": (
        "sourceFrom trainingRunFrom trainingDataFrom environmentFrom signatureFrom attestationFrom "
        "attestationSoundFrom strongAlgorithms"
    ),
    "fairness": (
        "requiredFrom measuredFrom maximumAgeSeconds minimumGroupCount minimumClassCount confidence "
        "minimumSelectionRatio maximumErrorGapRatio maximumFallRatio"
    ),
    "risk": "floors intendedUseFrom intendedUseRole",
    "approvals": (
        "hostResetsApprovals maximumAgeSeconds maximumFileAgeSeconds onePersonPerRole required signedForAnyRequest"
    ),
    "retirement": "required",
    "control": "maximumWaiverSeconds required unwaivable",
    "owners": "codeowners requiredFor",
    "features": (
        "inputsFrom notApplicableTasks contractsFrom allowedConversions compatibleContractChanges defaultCompatibility "
        "sensitiveLevels outputsFrom lockedFrom lockedStrategies"
    ),
    "content": (
        "hazardsFrom readFrom claimsFrom trustedPickleNames knownOperatorDomains executableFormats allowedFormats"
    ),
    "secrets": "secretsFrom",
    "limits": "limitsFrom maximumPackageGrowthRatio maximumColdStartMs maximumGpuMemoryRatio",
    "artifacts": (
        "digestFrom strongAlgorithms mismatchFrom sizeFrom maximumBytes maximumPlatformBytes "
        "maximumGrowthRatio minimumGrowthBytes pinnedFrom memoryFrom maximumMemoryRatio formatFrom "
        "unsafeFormats"
    ),
    "evaluation": (
        "requiredFrom leakageFrom latencyFrom maximumAgeSeconds maximumDataAgeSeconds minimumSampleCount "
        "minimumSliceSampleCount maximumDropRatio maximumRiseRatio taskLimits modelLimits"
    ),
    "operations": (
        "ownerFrom runbookFrom onCallFrom escalationFrom dashboardFrom modelCardFrom telemetryFrom "
        "telemetryLabels traceIdsFrom traceIdsExemptPlatforms loggingFrom allowedInputLogging "
        "maximumRetentionSeconds"
    ),
    "cost": "costFrom notApplicablePlatforms budgetFrom maximumBudgetShareRatio growthFrom maximumGrowthRatio",
}
"""`settings.<section>` of `.changegate/config.yaml`."""
VERDICT = {
    "the whole": "$schema schemaVersion verdict exitCode summary notes nothingAsked failures context subjects parts",
    "failure": "kind message hint place",
    "context": (
        "stage repository trustedRef base head reviewedHead pullRequest now configured toolVersion engine "
        "policyDigest settingsDigest teamsDigest waiversDigest signersDigest enforcement failOn requireConfig all paths"
    ),
    "identity": "environment name variant",
    "subject": "kind identity file label",
    "subjectVerdict": (
        "subject operation why version previous risk approvals changes measures outcomes findings notEvaluated plan "
        "planDigest rendering questions rulings waivers"
    ),
    "approval": "role count missing approvedBy candidates",
    "change": "path op before after category impact",
    "outcome": "rule status severity effect enforced awaitsApproval reason note violations",
    "violation": "path at details",
    "finding": (
        "rule status effect severity title message remediation location references details awaitsApproval "
        "note fingerprint fixable accepts"
    ),
    "location": "file revision line column endColumn path source",
    "question": "holder tier counts document parts decision",
    "decision": "outcomes requiredApprovals risk",
    "ruling": "severity enforcement note awaitsApproval",
}
"""The JSON report: its top, then each of its kinds of objects."""


def keys(node: dict[str, Any]) -> set[str]:
    """The keys of an object by its schema, whichever form it has; of a list those of its items."""
    found: set[str] = set(node.get("properties", {}))
    below = [node[word] for word in ("then", "else", "items") if isinstance(node.get(word), dict)]
    for word in ("oneOf", "anyOf", "allOf"):
        below += node.get(word, [])
    return found.union(*map(keys, below))


def gone(held: str, now: Any) -> list[str]:
    return [name for name in held.split() if name not in now]


def test_the_exit_code_of_every_verdict() -> None:
    assert {verdict.value: verdict.exit_code for verdict in Gate} == EXIT_CODES


def test_names_of_formats_engines_and_subjects() -> None:
    from changegate.author.output import REPORTS as TEST_REPORTS

    assert gone(REPORT_FORMATS, OUTPUTS) == []
    assert gone(TEST_REPORT_FORMATS, TEST_REPORTS) == []
    assert gone(ENGINES, HOSTS) == []
    assert gone(FAIRNESS_FORMATS, FAIRNESS) == []
    assert gone(SUBJECTS, set(SubjectKind)) == []


def test_variables_of_the_environment() -> None:
    sources = (path.read_text("utf-8") for path in (ROOT / "checks").rglob("*.py"))
    assert gone(VARIABLES, {name for text in sources for name in re.findall(r"CHANGEGATE_[A-Z_]+", text)}) == []


@pytest.mark.parametrize("key", INPUT)
def test_the_input_document(key: str) -> None:
    whole = load_schema("input")
    assert key in whole["required"]
    assert gone(INPUT[key], keys(whole["properties"][key])) == []


def test_the_version_of_the_input_document() -> None:
    assert load_schema("input")["properties"]["schemaVersion"]["const"] == INPUT_VERSION


@pytest.mark.parametrize("section", FACTS)
def test_facts_and_evidence_in_the_input_document(section: str) -> None:
    assert section in load_schema("input")["properties"]["facts"]["properties"]
    parts = load_schema(f"input/{section}")["$defs"]
    assert gone(FACTS[section], keys(parts["facts"])) == []
    assert gone(EVIDENCE[section], keys(parts["evidence"])) == []


@pytest.mark.parametrize("kind", VERDICT)
def test_the_json_report(kind: str) -> None:
    whole = load_schema("verdict")
    assert gone(VERDICT[kind], keys(whole if kind == "the whole" else whole["$defs"][kind])) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_with_their_arguments_and_options(name: str) -> None:
    command: click.Command | None = group
    for word in name.split():
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)
    assert command is not None, f"there is no command {name}"
    words = [
        word
        for one in command.params
        for word in ([*one.opts, *one.secondary_opts] if isinstance(one, click.Option) else [str(one.name).upper()])
    ]
    assert gone(COMMANDS[name], words) == []


@pytest.mark.parametrize("section", SETTINGS)
def test_settings(section: str) -> None:
    assert gone(SETTINGS[section], defaults()[section]) == []


@pytest.mark.parametrize("name", FILES)
def test_the_keys_of_files(name: str) -> None:
    assert gone(FILES[name], keys(load_schema(name))) == []


def test_the_action_and_the_hooks() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    assert gone(ACTION_INPUTS, action["inputs"]) == []
    assert gone(ACTION_OUTPUTS, action["outputs"]) == []
    required = [name for name, about in action["inputs"].items() if about.get("required")]
    assert required == ["trusted-ref"], "an input that must be given now breaks every workflow"
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert gone(HOOKS, [hook["id"] for hook in hooks]) == []
