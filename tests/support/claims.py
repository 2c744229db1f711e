"""Manifests that contradict themselves, what their remedies ask for, and what a careful team writes all day.

Each is a good one with a few keys laid over its `spec`.
"""

from __future__ import annotations

import json
from typing import Any

import yaml

TEAMS = """\
apiVersion: changegate.dev/v1
kind: Teams
teams:
  scoring: {members: [ana, bo]}
  night: {members: [eve]}
  deputies: {members: [Eve]}
  platform: {members: [gus, ana]}
roles: {lead: [night]}
"""
GOOD: dict[str, Any] = {
    "apiVersion": "changegate.dev/v1",
    "kind": "ModelRelease",
    "metadata": {"name": "good", "owner": "scoring"},
    "spec": {
        "version": "2.4.0",
        "task": "classification",
        "risk": {
            "tier": "low",
            "exposure": "internal",
            "affectsUsers": False,
            "revenueBand": "none",
            "regulated": False,
            "safetyCritical": False,
            "personalData": False,
        },
        "artifacts": [
            {
                "name": "model",
                "role": "model",
                "uri": "s3://models/good/2.4.0/model.safetensors",
                "format": "safetensors",
                "sizeBytes": 48210944,
                "digest": "sha256:" + "ab" * 32,
            }
        ],
        "serving": {
            "platform": "kubernetes",
            "resources": {"cpu": "4", "memory": "8Gi", "gpu": 1, "gpuMemory": "24Gi"},
            "replicas": 6,
            "requestsPerSecond": 220,
            "endpoint": "scores",
        },
        "features": {
            "inputs": [{"name": "amount", "dtype": "float64", "range": [0, 1000]}],
            "outputs": [{"name": "score", "dtype": "float32", "range": [0, 1]}],
        },
        "rollout": {
            "strategy": "canary",
            "steps": [{"weight": 5, "bake": "30m"}, {"weight": 100}],
            "rollback": {"to": "2.3.1", "automatic": True},
        },
        "slos": [
            {"name": "latency-p95", "thresholdMs": 300, "objective": 0.95, "window": "30d"},
            {"name": "error-rate", "objective": 0.999, "window": "30d"},
        ],
        "cost": {"perThousandInferences": 0.004, "weeklyBudget": 900},
        "operations": {
            "onCall": "scoring",
            "escalation": "platform",
            "logging": {"inputs": "hashed", "redactPii": True, "retentionDays": 30},
        },
    },
}


def slo(name: str, objective: float, **more: Any) -> dict[str, Any]:
    return {"slos": [{"name": name, "objective": objective, "window": "30d", **more}]}


ERRORS = slo("error-rate", 0.999)
ARTIFACT = GOOD["spec"]["artifacts"][0]
HOSTED = {
    "name": "large",
    "role": "base-model",
    "hosted": {"provider": "acme", "model": "large", "snapshot": "l-2026-08"},
}
EDGE = {"platform": "edge", "endpoint": None, "replicas": None}
ALONE = {
    "artifacts": [{**ARTIFACT, "uri": "s3://models/alone/model.safetensors", "digest": "sha256:" + "a1" * 32}],
    "serving": {"endpoint": "alone"},
}
"""What shares nothing with the others, so that its tier is not theirs."""
PAID = "Who owns the device pays for it."
DATA = [{"name": "d", "digest": "sha256:" + "01" * 32}]
JOB = {"platform": "batch", "endpoint": None, "requestsPerSecond": None}
INDEX = {"name": "index", "role": "index", "uri": "s3://indexes/good", "sizeBytes": 7, "digest": "sha256:" + "ef" * 32}
OF_MODEL = {"evidence": [{"path": "report.json", "digest": ARTIFACT["digest"]}]}
REPORT = {"path": "report.json", "digest": "sha256:" + "cd" * 32}

BY_HAND = {"rollout": {"rollback": {"automatic": False}}}
VOUCHED = {
    "signature": REPORT,
    "attestations": [{"predicateType": "https://slsa.dev/provenance/v1", **REPORT}],
}
FAIR = {"protectedAttributes": ["sex"], "evidence": [REPORT]}


def output(name: str, **keys: Any) -> dict[str, Any]:
    return {"features": {"outputs": [{"name": name, "dtype": "float32", **keys}]}}


def deployed(path: str, *, kind: str = "Deployment", name: str = "scores", **more: str) -> dict[str, Any]:
    return {"serving": {"deploys": [{"path": path, "kind": kind, "name": name, **more}]}}


IMAGE = "registry.acme.example/serving@sha256:"


def deployed_image(digit: str, path: str = "apps/pinned.yaml") -> dict[str, Any]:
    keys = deployed(path)
    return {"serving": {**keys["serving"], "image": f"{IMAGE}{digit * 64}"}}


def planned(path: str) -> dict[str, Any]:
    return {"changePlan": {"modifications": ["Retraining"], "acceptance": ["No worse"], "impactAssessment": path}}


Case = tuple[str, dict[str, Any], str, str]
"""A name, what is laid over the good `spec`, the rule that fires, and the line that it stands on."""

BAD: list[Case] = [
    ("artifact-twice", {"artifacts": [ARTIFACT, {**ARTIFACT, "role": "index"}]}, "named-twice", "- name: model"),
    ("slo-twice", {"slos": GOOD["spec"]["slos"] + slo("error-rate", 0.5)["slos"]}, "named-twice", "- name: error-rate"),
    (
        "deploys-twice",
        {"serving": {"deploys": [{"path": "apps/list.yaml", "kind": "Deployment", "name": "a"}] * 2}},
        "named-twice",
        "name: a",
    ),
    (
        "depends-twice",
        {"dependsOn": [{"name": "other"}, {"name": "other", "variant": "main"}]},
        "named-twice",
        "- name: other",
    ),
    ("kept-warm", {"serving": {"provisionedConcurrency": 8}}, "serving-contradicts", "provisionedConcurrency: 8"),
    ("no-replica", {"serving": {"replicas": 0}}, "serving-contradicts", "replicas: 0"),
    ("no-request", {"serving": {"requestsPerSecond": 0}}, "serving-contradicts", "requestsPerSecond: 0"),
    ("no-package", {"serving": {"packageBytes": 0}}, "serving-contradicts", "packageBytes: 0"),
    ("no-gpu", {"serving": {"resources": {"gpu": 0}}}, "serving-contradicts", "gpuMemory: 24Gi"),
    ("no-memory", {"serving": {"resources": {"memory": "0Gi"}}}, "serving-contradicts", "memory: 0Gi"),
    ("no-cpu", {"serving": {"resources": {"cpu": "0m"}}}, "serving-contradicts", "cpu: 0m"),
    (
        "research-answers",
        {"risk": {"exposure": "research"}, "rollout": None},
        "risk-contradicts",
        "requestsPerSecond: 220",
    ),
    (
        "research-rolls",
        {"risk": {"exposure": "research"}, "serving": {"requestsPerSecond": None}},
        "risk-contradicts",
        "strategy: canary",
    ),
    (
        "research-earns",
        {"risk": {"exposure": "research", "revenueBand": "under-1pct"}, "serving": None, "rollout": None},
        "risk-contradicts",
        "revenueBand: under-1pct",
    ),
    ("hurts-nobody", {**ALONE, "risk": {"safetyCritical": True}}, "risk-contradicts", "affectsUsers: false"),
    (
        "of-nobody",
        {
            "features": {"inputs": [{"name": "sex", "dtype": "string"}]},
            "risk": {"affectsUsers": True},
            "fairness": FAIR,
        },
        "risk-contradicts",
        "personalData: false",
    ),
    ("for-nothing", {"cost": {"perThousandInferences": 0}}, "cost-contradicts", "perThousandInferences: 0"),
    (
        "calls-for-nothing",
        {"serving": EDGE, "artifacts": [ARTIFACT, HOSTED], "cost": {"perThousandInferences": 0}},
        "cost-contradicts",
        "perThousandInferences: 0",
    ),
    ("p95-is-p99", slo("latency-p95", 0.99, thresholdMs=300), "objectives-contradict", "objective: 0.99"),
    ("p95-is-median", slo("latency-p95", 0.5, thresholdMs=300), "objectives-contradict", "objective: 0.5"),
    ("p99.9-is-p99", slo("latency-p99.9", 0.99, thresholdMs=300), "objectives-contradict", "objective: 0.99"),
    (
        "no-threshold",
        {"slos": slo("latency-p95", 0.95)["slos"] + ERRORS["slos"]},
        "objectives-contradict",
        "- name: latency-p95",
    ),
    ("bare-percentile", {"slos": slo("p95", 0.95)["slos"] + ERRORS["slos"]}, "objectives-contradict", "- name: p95"),
    ("errors-in-time", slo("error-rate", 0.999, thresholdMs=300), "objectives-contradict", "thresholdMs: 300"),
    ("errors-mostly", slo("error-rate", 0.01), "objectives-contradict", "objective: 0.01"),
    ("another-time", slo("latency-300ms", 0.95, thresholdMs=3000), "objectives-contradict", "thresholdMs: 3000"),
    (
        "faster-p99",
        {"slos": [slo("p95", 0.95, thresholdMs=300)["slos"][0], slo("p99", 0.99, thresholdMs=200)["slos"][0]]},
        "objectives-contradict",
        "thresholdMs: 200",
    ),
    ("calls-itself", {"operations": {"escalation": "scoring"}}, "operations-contradict", "escalation: scoring"),
    (
        "calls-one-person",
        {"operations": {"onCall": "night", "escalation": "deputies"}},
        "operations-contradict",
        "escalation: deputies",
    ),
    ("api-and-file", {"artifacts": [ARTIFACT, {**HOSTED, "sizeBytes": 5}]}, "artifacts-contradict", "sizeBytes: 5"),
    ("other-suffix", {"artifacts": [{**ARTIFACT, "format": "onnx"}]}, "artifacts-contradict", "format: onnx"),
    (
        "less-than-a-bit",
        {"artifacts": [{**ARTIFACT, "parameters": 7 * 10**9}]},
        "artifacts-contradict",
        "sizeBytes: 48210944",
    ),
    (
        "data-is-the-model",
        {"provenance": {"trainingData": [{"name": "d", "digest": ARTIFACT["digest"]}]}},
        "digests-contradict",
        f"digest: {ARTIFACT['digest']}",
    ),
    ("report-is-the-model", {"evaluation": OF_MODEL}, "digests-contradict", f"digest: {ARTIFACT['digest']}"),
    (
        "two-sizes",
        {"artifacts": [ARTIFACT, {**INDEX, "digest": ARTIFACT["digest"]}]},
        "digests-contradict",
        "sizeBytes: 7",
    ),
    (
        "two-contents",
        {"artifacts": [ARTIFACT, {**INDEX, "uri": ARTIFACT["uri"]}]},
        "digests-contradict",
        f"uri: {ARTIFACT['uri']}",
    ),
    (
        "no-red-team",
        {"safety": {"redTeam": {"uri": "https://a.example/r", "digest": "sha256:" + "0" * 64}}},
        "digests-contradict",
        "digest: sha256:" + "0" * 64,
    ),
    (
        "no-commit",
        {"provenance": {"source": {"repository": "https://a.example/b", "commit": "0" * 40}}},
        "digests-contradict",
        f"commit: '{'0' * 40}'",
    ),
    (
        "back-to-itself",
        {"rollout": {"rollback": {"digest": ARTIFACT["digest"]}}},
        "digests-contradict",
        f"digest: {ARTIFACT['digest']}",
    ),
    ("upside-down", output("score", range=[1, 0]), "features-contradict", "range:"),
    ("no-number", output("label", dtype="string", range=[0, 1]), "features-contradict", "range:"),
    ("beyond-int8", output("rank", dtype="int8", range=[0, 1000]), "features-contradict", "range:"),
    ("below-unsigned", output("rank", dtype="uint32", range=[-1, 5]), "features-contradict", "range:"),
    ("percent", output("default_probability", range=[0, 100]), "features-contradict", "range:"),
    ("camel", output("defaultProbability", range=[0, 100]), "features-contradict", "range:"),
    ("no-value", output("rank", dtype="int8", enum=[]), "features-contradict", "enum: []"),
    ("texts-of-ints", output("rank", dtype="int8", enum=["1", "2"]), "features-contradict", "enum:"),
    ("ints-of-texts", output("code", dtype="string", enum=["a", 2]), "features-contradict", "enum:"),
    ("beyond-range", output("rank", dtype="int8", enum=[1, 9], range=[0, 5]), "features-contradict", "enum:"),
    ("replaced", {"rollout": {"strategy": "replace"}}, "rollout-contradicts", "- weight: 5"),
    ("switched", {"rollout": {"strategy": "blue-green"}}, "rollout-contradicts", "- weight: 5"),
    (
        "no-device",
        {"rollout": {"strategy": "edge-staged", "cohorts": [{"name": "all", "percent": 100}]}},
        "rollout-contradicts",
        "strategy: edge-staged",
    ),
    ("lambda-on-pods", {"rollout": {"target": "lambda"}}, "rollout-contradicts", "target: lambda"),
    (
        "argo-on-functions",
        {"serving": {"platform": "serverless"}, "rollout": {"target": "argo-rollouts"}},
        "rollout-contradicts",
        "target: argo-rollouts",
    ),
    (
        "no-cohort",
        {
            "serving": EDGE,
            "rollout": {
                "strategy": "edge-staged",
                "steps": [{"weight": 100, "cohort": "everyone"}],
                "cohorts": [{"name": "all", "percent": 100}],
            },
        },
        "rollout-contradicts",
        "cohort: everyone",
    ),
    ("no-shadow", {"rollout": {"shadow": {"percent": 5, "duration": "0h"}}}, "rollout-contradicts", "duration: 0h"),
    ("back-in-no-time", {"rollout": {"rollback": {"within": "0s"}}}, "rollout-contradicts", "within: 0s"),
    (
        "cut-short",
        {"rollout": {"strategy": "ab", "ab": {"hypothesis": "Fewer leave.", "duration": "2w"}}},
        "rollout-contradicts",
        "duration: 2w",
    ),
    ("back-to-the-future", {"rollout": {"rollback": {"to": "2.5.0"}}}, "rollout-contradicts", "to: 2.5.0"),
    ("fair-to-nobody", {"fairness": FAIR}, "odd", "protectedAttributes:"),
    ("no-base", {"artifacts": [{**ARTIFACT, "role": "adapter"}]}, "odd", "role: adapter"),
    (
        "one-file",
        {"artifacts": [ARTIFACT, {**ARTIFACT, "name": "copy"}]},
        "odd",
        f"digest: {ARTIFACT['digest']}",
    ),
    ("package-on-pods", {"serving": {"packageBytes": 99}}, "odd", "packageBytes: 99"),
    ("small-package", {"serving": {**EDGE, "packageBytes": 99}}, "odd", "packageBytes: 99"),
    ("waiting-for-a-job", {"serving": JOB, "rollout": None}, "odd", "thresholdMs: 300"),
    ("goes-back-by-itself", {"slos": {"notApplicable": "Nobody asked for any."}}, "odd", "automatic: true"),
    ("unread-experiment", {"rollout": {"ab": {"hypothesis": "Fewer leave."}}}, "odd", "ab:"),
    (
        "some-for-nobody",
        {"rollout": {"strategy": "tiered", "tiers": [{"name": "s", "model": "s", "share": 0.8}]}},
        "odd",
        "tiers:",
    ),
    ("one-document", {"operations": {"runbook": "CARD.md"}, "modelCard": "CARD.md"}, "odd", "runbook: CARD.md"),
    ("label-twice", {"operations": {"telemetry": {"labels": ["a", "b", "a"]}}}, "odd", "- a"),
    ("report-twice", {"evaluation": {"evidence": [REPORT, REPORT]}}, "odd", f"digest: {REPORT['digest']}"),
    (
        "kept-for-no-day",
        {"operations": {"logging": {"retentionDays": 0}}},
        "operations-contradict",
        "retentionDays: 0",
    ),
]

BAD += [
    ("another-image", deployed_image("b"), "serving-contradicts", f"image: {IMAGE}{'b' * 64}"),
    (
        "endpoint-for-nothing",
        {
            "serving": {**EDGE, "endpoint": "scores"},
            "cost": {"notApplicable": PAID, "perThousandInferences": None, "weeklyBudget": None},
        },
        "cost-contradicts",
        f"notApplicable: {PAID}",
    ),
    ("no-assessment", planned("apps/gone.md"), "file-missing", "impactAssessment: apps/gone.md"),
    ("blank-assessment", planned("apps/blank.md"), "file-missing", "impactAssessment: apps/blank.md"),
    ("no-report", {"safety": {"redTeam": REPORT}}, "file-missing", "path: report.json"),
    ("no-file", deployed("apps/gone.yaml"), "deployment-missing", "- path: apps/gone.yaml"),
    ("other-name", deployed("apps/plain.yaml", name="score"), "deployment-missing", "name: score"),
    ("other-kind", deployed("apps/plain.json"), "deployment-missing", "name: scores"),
    ("other-space", deployed("apps/plain.yaml", namespace="web"), "deployment-missing", "name: scores"),
    ("no-item", deployed("apps/list.yaml"), "deployment-missing", "name: scores"),
    ("template", deployed("apps/template.yaml"), "deployment-unread", "- path: apps/template.yaml"),
    ("quoted-template", deployed("apps/quoted.yaml"), "deployment-unread", "name: scores"),
    ("kustomized", deployed("apps/kustomization.yaml"), "deployment-unread", "- path: apps/kustomization.yaml"),
    ("only-values", deployed("apps/values.yaml"), "deployment-unread", "- path: apps/values.yaml"),
    ("jsonnet", deployed("apps/scores.jsonnet"), "deployment-unread", "- path: apps/scores.jsonnet"),
    ("only-a-folder", deployed("apps"), "deployment-unread", "- path: apps"),
]

BENIGN: list[tuple[str, dict[str, Any]]] = [
    ("plain", {}),
    ("research", {"risk": {"exposure": "research"}, "serving": None, "rollout": None}),
    (
        "research-in-the-shadow",
        {
            "risk": {"exposure": "research"},
            "rollout": {"strategy": "shadow", "steps": None, "shadow": {"percent": 100, "duration": "1d"}},
        },
    ),
    ("function", {"serving": {"platform": "serverless", "provisionedConcurrency": 8, "replicas": None}}),
    ("device", {"serving": EDGE, "cost": {"perThousandInferences": 0, "weeklyBudget": 50}}),
    ("without-gpu", {"serving": {"resources": {"gpu": 0, "gpuMemory": None}}}),
    ("scaled-to-nothing", {"serving": {"replicas": 0, "requestsPerSecond": None}}),
    ("batch", {"serving": JOB, "rollout": None, "slos": {"notApplicable": "Nobody waits for it."}}),
    ("same-model-twice", {"dependsOn": [{"name": "llm", "as": "judge"}, {"name": "llm", "as": "guardrail"}]}),
    ("measured-without-being-given", {"risk": {"affectsUsers": True}, "fairness": FAIR}),
    ("safe", {**ALONE, "risk": {"safetyCritical": True, "affectsUsers": True}}),
    ("median", slo("latency-p50", 0.5, thresholdMs=80)),
    ("p999", slo("ttft.p999", 0.999, thresholdMs=800)),
    ("p99-9", slo("latency_p99.9", 0.999, thresholdMs=800)),
    ("slowest", slo("latency-p100", 0.99, thresholdMs=800)),
    ("available-in-time", slo("availability", 0.999, thresholdMs=1000)),
    ("of-no-time", {**slo("queue-depth-p95", 0.95), **BY_HAND}),
    (
        "own-query",
        {"slos": slo("latency-p95", 0.95, query="sum(rate(fast[5m])) / sum(rate(all[5m]))")["slos"] + ERRORS["slos"]},
    ),
    ("in-time", slo("availability-under-300ms", 0.99, thresholdMs=300)),
    ("success-latency", slo("success-latency", 0.99, thresholdMs=300)),
    ("other-words", {**slo("map50-drift", 0.9), **BY_HAND}),
    ("freshness", {**slo("features-fresh-2h", 0.9), **BY_HAND}),
    (
        "two-latencies",
        {"slos": [*slo("ttft-p95", 0.95, thresholdMs=500)["slos"], *slo("itl-p99", 0.99, thresholdMs=50)["slos"]]},
    ),
    (
        "folder",
        {"artifacts": [{**ARTIFACT, "uri": "hf://a/b@" + "c" * 40}, {**INDEX, "uri": "hf://a/b@" + "c" * 40}]},
    ),
    ("sharded", {"artifacts": [{**ARTIFACT, "uri": "s3://a/model.safetensors.index.json"}]}),
    ("kept-by-dvc", {"artifacts": [{**ARTIFACT, "uri": "s3://a/b", "path": "model.safetensors.dvc"}]}),
    ("own-format", {"artifacts": [{**ARTIFACT, "format": "xgboost", "uri": "s3://a/model.json"}]}),
    ("quantized", {"artifacts": [{**ARTIFACT, "parameters": 134 * 10**6}]}),
    ("adapter", {"artifacts": [{**ARTIFACT, "role": "adapter"}, HOSTED]}),
    ("one-report-for-both", {"risk": {"affectsUsers": True}, "fairness": FAIR, "evaluation": {"evidence": [REPORT]}}),
    ("signed-and-attested", {"provenance": VOUCHED}),
    ("percentage", output("default_probability", range=[0, 100], unit="%")),
    ("percent-name", output("probability_percent", range=[0, 100])),
    ("log-probability", output("log_prob", range=[-50, 0])),
    ("problem", output("problems", dtype="int32", range=[0, 100])),
    ("texts", output("code", dtype="string", enum=["1", "2"])),
    ("numbers", output("code", dtype="float32", enum=[0, 1, 2], range=[0, 2])),
    ("flags", output("flag", dtype="bool", enum=[True, False])),
    ("tensor", output("frames", dtype="tensor", range=[0, 255])),
    ("at-once", {"rollout": {"strategy": "blue-green", "steps": [{"weight": 100, "bake": "1h"}]}}),
    ("replaced-whole", {"rollout": {"strategy": "replace", "steps": None}}),
    ("tiers-by-canary", {"rollout": {"tiers": [{"name": "s", "model": "s", "share": 1}]}}),
    ("lambda", {"serving": {"platform": "serverless"}, "rollout": {"target": "lambda"}}),
    ("knative", {"serving": {"platform": "serverless"}, "rollout": {"target": "kserve"}}),
    (
        "long-enough",
        {
            "rollout": {
                "strategy": "ab",
                "steps": [{"weight": 50, "bake": "2w"}, {"weight": 100}],
                "ab": {"hypothesis": "Fewer leave.", "duration": "14d"},
            }
        },
    ),
    ("rollback-digest", {"rollout": {"rollback": {"digest": "sha256:" + "9" * 64}}}),
    ("other-versions", {"version": "2026.1", "rollout": {"rollback": {"to": "nightly-7"}}}),
    ("packaged", {"serving": {**EDGE, "packageBytes": 50_000_000}}),
    ("redacted", {"operations": {"logging": {"inputs": "redacted"}}}),
    ("same-image", deployed_image("a")),
    ("image-set-later", deployed_image("b", "apps/tagged.yaml")),
    ("assessed", planned("apps/values.yaml")),
    ("tested-elsewhere", {"safety": {"redTeam": {"uri": "https://a.example/r", "digest": REPORT["digest"]}}}),
    ("deployed", deployed("apps/plain.yaml")),
    ("deployed-in-its-space", deployed("apps/plain.yaml", namespace="ml")),
    ("deployed-somewhere", deployed("apps/plain.yaml", kind="Service", namespace="web")),
    ("deployed-as-json", deployed("apps/plain.json", kind="InferenceService")),
    ("deployed-in-a-list", deployed("apps/list.yaml", name="a")),
    ("nobody-next", {"operations": {"escalation": None}}),
    ("lead-is-on-the-team", {"operations": {"onCall": "platform", "escalation": "scoring"}}),
    ("nothing-logged", {"operations": {"logging": {"inputs": "none", "retentionDays": 0}}}),
]


def laid_over(good: Any, keys: Any) -> Any:
    """A copy with keys laid over it; None takes one out."""
    if not isinstance(keys, dict):
        return keys
    known = good if isinstance(good, dict) else {}
    merged = {**known, **{key: laid_over(known.get(key), value) for key, value in keys.items()}}
    return {key: value for key, value in merged.items() if value is not None}


def manifest(name: str, keys: dict[str, Any], mend: Any = (), **metadata: str) -> str:
    spec = laid_over(laid_over(GOOD["spec"], keys), dict(mend))
    document = {**GOOD, "metadata": {**GOOD["metadata"], "name": name, **metadata}, "spec": spec}
    return yaml.safe_dump(json.loads(json.dumps(document)), sort_keys=False)  # a copy, so that no alias is written


def workload(image: str) -> str:
    sidecar = "registry.acme.example/proxy@sha256:" + "9" * 64
    containers = [{"name": "proxy", "image": sidecar}, {"name": "model", "image": image}]
    resource = {"kind": "Deployment", "metadata": {"name": "scores"}, "spec": {"template": {"containers": containers}}}
    return json.dumps(resource)


APPS = {
    "apps/plain.yaml": (
        "kind: Deployment\nmetadata: {name: scores, namespace: ml}\n---\nkind: Service\nmetadata: {name: scores}\n"
    ),
    "apps/list.yaml": "kind: List\nitems: [{kind: Deployment, metadata: {name: a}}]\n",
    "apps/plain.json": '{"kind": "InferenceService", "metadata": {"name": "scores"}}',
    "apps/template.yaml": "kind: Deployment\nmetadata: {name: {{ .Release.Name }}}\n",
    "apps/quoted.yaml": "kind: Deployment\nmetadata: {name: '{{ .Release.Name }}-scores'}\n",
    "apps/kustomization.yaml": "kind: Kustomization\nresources: [plain.yaml]\n",
    "apps/pinned.yaml": workload(f"{IMAGE}{'a' * 64}"),
    "apps/tagged.yaml": workload("registry.acme.example/serving:set-by-kustomize"),
    "apps/blank.md": " \n",
    "apps/values.yaml": "name: scores\n",
    "apps/scores.jsonnet": "{kind: 'Deployment', metadata: {name: 'other'}}\n",
}
"""What a cluster applies: plain, in a list, as JSON, and what becomes resources only when it is applied."""


MENDS: dict[str, tuple[str, dict[str, Any]]] = {
    "artifact-twice": ("Take one of the two out", {"artifacts": [ARTIFACT]}),
    "kept-warm": ("Take `provisionedConcurrency` out", {"serving": {"provisionedConcurrency": None}}),
    "no-replica": ("for example `replicas: 2`", {"serving": {"replicas": 2}}),
    "no-request": ("for example `requestsPerSecond: 0.5`", {"serving": {"requestsPerSecond": 0.5}}),
    "no-package": ("or leave `packageBytes` out", {"serving": {"packageBytes": None}}),
    "no-gpu": ("for example `gpu: 1`", {"serving": {"resources": {"gpu": 1}}}),
    "no-memory": ("`memory: 4Gi`", {"serving": {"resources": {"memory": "4Gi"}}}),
    "another-image": ("the image that the resource runs", deployed_image("a")),
    "research-answers": ("Write `exposure: internal`", {"risk": {"exposure": "internal"}}),
    "research-rolls": ("take `rollout` out", {"rollout": None}),
    "research-earns": ("write `revenueBand: none`", {"risk": {"revenueBand": "none"}}),
    "hurts-nobody": ("write `safetyCritical: false`", {"risk": {"safetyCritical": False}}),
    "of-nobody": ("Write `personalData: true`", {"risk": {"personalData": True}}),
    "for-nothing": ("Write what a thousand inferences cost", {"cost": {"perThousandInferences": 0.004}}),
    "calls-for-nothing": ("Write what a thousand inferences cost", {"cost": {"perThousandInferences": 0.004}}),
    "p95-is-p99": ("0.95 for p95", slo("latency-p95", 0.95, thresholdMs=300)),
    "no-threshold": (
        "`thresholdMs: 300`",
        {"slos": slo("latency-p95", 0.95, thresholdMs=300)["slos"] + ERRORS["slos"]},
    ),
    "errors-in-time": ("Take `thresholdMs` out", ERRORS),
    "errors-mostly": ("0.99 where 1% may fail", slo("error-rate", 0.99)),
    "another-time": ("Write the time of the name into `thresholdMs`", slo("latency-300ms", 0.95, thresholdMs=300)),
    "faster-p99": (
        "that is no lower",
        {"slos": [slo("p95", 0.95, thresholdMs=300)["slos"][0], slo("p99", 0.99, thresholdMs=300)["slos"][0]]},
    ),
    "calls-itself": ("or take `escalation` out", {"operations": {"escalation": None}}),
    "kept-for-no-day": ("for example `retentionDays: 30`", {"operations": {"logging": {"retentionDays": 30}}}),
    "api-and-file": ("of that artifact out", {"artifacts": [ARTIFACT, HOSTED]}),
    "other-suffix": ("Write the format that the file has", {"artifacts": [ARTIFACT]}),
    "less-than-a-bit": ("how many parameters it has", {"artifacts": [{**ARTIFACT, "parameters": 12 * 10**6}]}),
    "data-is-the-model": ("the digest of the file that is named there", {"provenance": {"trainingData": DATA}}),
    "two-sizes": ("or the digest of the other file", {"artifacts": [ARTIFACT, INDEX]}),
    "two-contents": ("Write the address of each file", {"artifacts": [ARTIFACT, INDEX]}),
    "no-red-team": ("Write the digest of the file", {"safety": {"redTeam": {"digest": REPORT["digest"]}}}),
    "no-commit": ("Write the full id of the commit", {"provenance": {"source": {"commit": "9fceb02d" * 5}}}),
    "back-to-itself": ("or take `rollback.digest` out", {"rollout": {"rollback": {"digest": None}}}),
    "upside-down": ("`range: [0, 1]`", output("score", range=[0, 1])),
    "no-number": ("Take `range` out", output("label", dtype="string")),
    "beyond-int8": ("or a `dtype` that holds it", output("rank", dtype="int16", range=[0, 1000])),
    "percent": ("`unit: percent`", output("default_probability", range=[0, 100], unit="percent")),
    "no-value": ("or take `enum` out", output("rank", dtype="int8")),
    "texts-of-ints": ("or the `dtype` that they have", output("rank", dtype="string", enum=["1", "2"])),
    "beyond-range": ("Widen `range`", output("rank", dtype="int8", enum=[1, 9], range=[0, 9])),
    "replaced": ("Write `strategy: canary`", {"rollout": {"strategy": "canary"}}),
    "switched": ("keep a `bake` in the last one", {"rollout": {"steps": [{"weight": 100, "bake": "30m"}]}}),
    "no-device": ("and take `cohorts`", {"rollout": {"strategy": "canary", "cohorts": None}}),
    "lambda-on-pods": ("or `target: none`", {"rollout": {"target": "none"}}),
    "no-cohort": ("the name of one of the `cohorts`", {"rollout": {"steps": [{"weight": 100, "cohort": "all"}]}}),
    "no-shadow": ("for example `1h`", {"rollout": {"shadow": {"duration": "1h"}}}),
    "cut-short": ("or shorten `duration`", {"rollout": {"ab": {"duration": "30m"}}}),
    "back-to-the-future": ("the version that is in production now", {"rollout": {"rollback": {"to": "2.3.1"}}}),
    "fair-to-nobody": ("Write `affectsUsers: true`", {"risk": {"affectsUsers": True}}),
    "no-base": ("Add the base model", {"artifacts": [{**ARTIFACT, "role": "adapter"}, HOSTED]}),
    "one-file": ("or take one of the two out", {"artifacts": [ARTIFACT]}),
    "package-on-pods": ("Take `packageBytes` out", {"serving": {"packageBytes": None}}),
    "small-package": ("the size of the whole package", {"serving": {"packageBytes": 48210944}}),
    "waiting-for-a-job": ("Take the objective out", ERRORS),
    "goes-back-by-itself": ("Add an objective", ERRORS),
    "unread-experiment": ("or take the block out", {"rollout": {"ab": None}}),
    "some-for-nobody": ("that come to all of it", {"rollout": {"tiers": [{"name": "s", "model": "s", "share": 1}]}}),
    "one-document": ("a document of its own", {"operations": {"runbook": "RUNBOOK.md"}}),
    "label-twice": ("Take one of the two out", {"operations": {"telemetry": {"labels": ["a", "b"]}}}),
    "report-twice": ("Take one of the two out", {"evaluation": {"evidence": [REPORT]}}),
    "no-file": ("of a resource that is in this repository", deployed("apps/plain.yaml")),
    "template": ("Name the plain YAML or JSON file", deployed("apps/plain.yaml")),
    "no-assessment": ("Commit the file and write its path", planned("apps/values.yaml")),
}
"""Bad manifest -> words of its remedy as it is shown, and what they ask for, laid over it."""

KEYS = {name: keys for name, keys, *_ in BAD}


def files() -> dict[str, str]:
    """Every manifest by its file, the bad ones also as their remedies ask for, and what a cluster applies."""
    plain = {name: manifest(name, keys) for name, keys, *_ in [*BAD, *BENIGN]}
    mended = {f"{name}-mended": manifest(f"{name}-mended", KEYS[name], way) for name, (_, way) in MENDS.items()}
    return {**{f"models/{name}.yaml": text for name, text in {**plain, **mended}.items()}, **APPS}
