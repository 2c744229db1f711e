"""The first manifest of a model: what is known, what its tier asks for, a comment for what only a person knows.

What is not known is not made up. It stands as a comment in its place, so that the gate asks for it and cannot take an
example for an answer.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from changegate.mend.splice import scalar
from changegate.policy.strictness import TIERS
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.mend.source import SourceFacts

_HEAD = (
    "# yaml-language-server: $schema=https://changegate.dev/schemas/manifest.schema.json",
    "apiVersion: changegate.dev/v1",
    "kind: ModelRelease",
)
CLAIMS = {
    "exposure": "research, internal or production",
    "affectsUsers": "true where people feel what it answers, else false",
    "revenueBand": "none, under-1pct or over-1pct of the revenue that hangs on it",
    "regulated": "true where a law or a regulator asks about it, else false",
    "safetyCritical": "true where somebody can be hurt by a wrong answer, else false",
    "personalData": "true where it reads or learned from data of people, else false",
}
"""What people claim of a model's risk, each with what may be said."""


class Draft(NamedTuple):
    """What is known of a model."""

    name: str
    owner: str
    tier: str
    version: str
    task: str
    intended_use: str
    claims: Mapping[str, Any]
    """Of `CLAIMS`, those that are known."""
    told: SourceFacts
    """What its source said."""
    hosted: Mapping[str, str]
    """provider, model and snapshot of a model behind an API; empty for others."""
    settings: Mapping[str, Any]
    """The thresholds that hold: which tier asks for what."""
    folder: str
    """Where the manifest will lie, from the top of the clone."""

    @property
    def is_external(self) -> bool:
        """Whether somebody else trained it."""
        return bool(self.told.external or self.hosted)

    def asks(self, check: str, key: str) -> bool:
        """Whether the tier is one from which a setting asks for something."""
        start = str(self.settings[check][key])
        return start in TIERS and TIERS.index(self.tier) >= TIERS.index(start)


def manifest_text(draft: Draft) -> str:
    """Write the manifest."""
    lines = [*_HEAD, "metadata:", f"  name: {scalar(draft.name)}", f"  owner: {scalar(draft.owner)}", "spec:"]
    for block in _BLOCKS:
        lines += [f"  {line}" for line in block(draft)]
    return "\n".join(_filled(lines)) + "\n"


def _filled(lines: list[str]) -> list[str]:
    """The lines, in which a block that holds nothing but comments is a comment itself: it would be empty."""
    made: list[str] = []
    for line in reversed(lines):
        is_empty = line.endswith(":") and all(one.lstrip().startswith("#") for one in _below(line, made))
        indent = _indent(line)
        made.append(f"{line[:indent]}# {line[indent:]}" if is_empty else line)
    return made[::-1]


def _below(line: str, made: list[str]) -> Iterator[str]:
    """What stands in the block that a line begins; `made` has the last line first."""
    return takewhile(lambda one: _indent(one) > _indent(line), reversed(made))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _about(draft: Draft) -> Iterator[str]:
    yield f"version: {scalar(draft.version)}"
    if draft.task:
        yield f"task: {scalar(draft.task)}"
    elif draft.asks("evaluation", "requiredFrom"):
        yield "# task: what it does: classification, regression, ranking, generation, embedding, detection, other, …"
    if draft.intended_use:
        yield f"intendedUse: {scalar(draft.intended_use)}"
    elif draft.asks("risk", "intendedUseFrom"):
        yield "# intendedUse: what it is for, in one sentence."


def _risk(draft: Draft) -> Iterator[str]:
    yield "risk:"
    yield f"  tier: {draft.tier}"
    for key, meaning in CLAIMS.items():
        if key in draft.claims:
            yield f"  {key}: {_plain(draft.claims[key])}"
        elif draft.tier != TIERS[0] or key == "exposure":
            yield f"  # {key}: {meaning}"


def _artifacts(draft: Draft) -> Iterator[str]:
    yield "artifacts:"
    listed = [dict(one) for one in draft.told.artifacts]
    if draft.hosted:
        listed.append({"hosted": dict(draft.hosted)})
    for one in listed or [{}]:
        yield f"  - name: {scalar(str(one.pop('name', 'model')))}"
        yield f"    role: {'base-model' if draft.hosted and 'hosted' in one else 'model'}"
        yield from (f"    {key}: {_plain(value)}" for key, value in one.items())
        if "hosted" not in one:
            yield from (f"    # {line}" for line in _unknown(draft, one))


def _unknown(draft: Draft, one: Mapping[str, Any]) -> Iterator[str]:
    """What an artifact does not say yet."""
    if "uri" not in one:
        yield "uri: where it is kept, such as s3://models/NAME/VERSION/model.safetensors"
    if "format" not in one and draft.asks("artifacts", "formatFrom"):
        yield "format: safetensors, onnx, gguf, …"
    if "sizeBytes" not in one and draft.asks("artifacts", "sizeFrom"):
        yield "sizeBytes: what `stat -c %s FILE` prints"
    if "digest" not in one and draft.asks("artifacts", "digestFrom"):
        yield "digest: sha256: and what `sha256sum FILE` prints"


def _serving(draft: Draft) -> Iterator[str]:
    told = {**draft.told.serving}
    if not told and not draft.asks("rollout", "planFrom"):
        return
    yield "serving:"
    if "platform" in told:
        yield f"  platform: {told.pop('platform')}"
    else:
        yield "  # platform: kubernetes, serverless, edge or batch"
    yield from (f"  {key}: {_plain(value)}" for key, value in told.items())
    if draft.asks("artifacts", "imageFrom") and not draft.hosted:
        yield "  # image: the image that serves it, by its digest: registry.example/serving@sha256:…"
    if "resources" not in told and draft.asks("artifacts", "memoryFrom") and not draft.hosted:
        yield '  # resources: {cpu: "2", memory: 4Gi}'
    if "replicas" not in told and draft.asks("rollout", "planFrom"):
        yield "  # replicas: how many pods serve it"
    if draft.asks("rollout", "planFrom"):
        yield "  # requestsPerSecond: how many it answers"
        yield from () if "endpoint" in told else ("  # endpoint: the name under which it is called",)


def _provenance(draft: Draft) -> Iterator[str]:
    if draft.is_external:
        yield from _external(draft)
        return
    if not draft.asks("provenance", "sourceFrom") and not draft.told.training_run:
        return
    yield "provenance:"
    yield "  # source: {repository: https://…, commit: the 40 digits of `git rev-parse HEAD`}"
    run = draft.told.training_run
    if run:
        yield "  trainingRun:"
        yield from (f"    {key}: {scalar(value)}" for key, value in run.items())
        yield "    # uri: where the run is found, such as https://mlflow.example"
    elif draft.asks("provenance", "trainingRunFrom"):
        yield "  # trainingRun: {uri: https://…, runId: …}"
    if draft.asks("provenance", "trainingDataFrom"):
        yield "  # trainingData: [{name: …, uri: …, digest: sha256:…, snapshotAt: 2026-10-01T00:00:00Z}]"
    if draft.asks("provenance", "environmentFrom"):
        yield "  # environment: {image: …@sha256:…, lockfile: {path: …, digest: sha256:…}, seed: 1}"
    if draft.asks("provenance", "signatureFrom"):
        yield f"  # signature: {{path: {draft.folder}/evidence/model.sig, digest: sha256:…}}"
    if draft.asks("provenance", "attestationFrom"):
        yield "  # attestations: [{predicateType: https://slsa.dev/provenance/v1, path: …, digest: sha256:…}]"


def _external(draft: Draft) -> Iterator[str]:
    said = draft.told.external
    yield "provenance:"
    yield "  external:"
    for key, meaning in _EXTERNAL.items():
        yield f"    {key}: {_written(said[key])}" if said.get(key) else f"    # {key}: {meaning}"


_EXTERNAL = {
    "publisher": "who published it",
    "licence": "as SPDX writes it, such as Apache-2.0; LicenseRef-NAME for what SPDX does not list",
    "obtainedFrom": "where it was taken from, at one version; of a model behind an API its terms, as https://…",
    "obtainedAt": "when, such as 2026-10-01T00:00:00Z",
    "reviewedBy": "who looked at its licence, at what is known of its training, and at what it is not fit for",
}


def _measured(draft: Draft) -> Iterator[str]:
    if draft.asks("evaluation", "requiredFrom"):
        yield "# evaluation: `changegate evidence evaluation` writes the report, and these lines"
        yield f"#   evidence: [{{path: {draft.folder}/evidence/evaluation.json, digest: sha256:…}}]"
    if draft.asks("fairness", "requiredFrom") and _touches_people(draft):
        yield "# fairness: `changegate evidence fairness` writes the report"
        yield "#   protectedAttributes: [sex, age_band]"
        yield f"#   evidence: [{{path: {draft.folder}/evidence/fairness.json, digest: sha256:…}}]"


def _touches_people(draft: Draft) -> bool:
    """Whether people may be treated unequally; where nobody said, they may."""
    return bool(draft.claims.get("affectsUsers", True) or draft.claims.get("personalData", True))


def _features(draft: Draft) -> Iterator[str]:
    if not draft.asks("features", "inputsFrom"):
        return
    if draft.task in {"generation", "embedding", "speech"}:
        yield "# features: {notApplicable: why nothing computes a feature of it, in a sentence}"
    else:
        yield "# features: what it reads and answers, and which contract promises it"
        yield "#   contracts: [{name: …, version: 1, path: contracts/….yaml}]"
        yield "#   inputs: [{name: …, dtype: float64, contract: …, nullable: false}]"
        yield "#   outputs: [{name: score, dtype: float32, range: [0, 1]}]"


def _rollout(draft: Draft) -> Iterator[str]:
    if not draft.asks("rollout", "planFrom"):
        return
    yield "rollout:"
    if draft.asks("rollout", "shadowFrom"):
        yield "  shadow: {percent: 100, duration: 24h}"
    yield "  target: argo-rollouts" if draft.told.serving.get("platform") == "kubernetes" else "  target: none"
    yield "  strategy: canary"
    yield "  steps:"
    yield from (f"    - {{weight: {weight}, bake: {bake}}}" for weight, bake in ((5, "1h"), (25, "1h"), (50, "1h")))
    yield "    - {weight: 100}"


def _promises(draft: Draft) -> Iterator[str]:
    if draft.asks("slos", "slosFrom"):
        yield "# slos: what is promised; the numbers are yours"
        yield "#   - {name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}"
        yield "#   - {name: error-rate, objective: 0.999, window: 30d}"
    if draft.asks("cost", "costFrom"):
        yield "# cost: {perThousandInferences: 0.02, weeklyBudget: 1000}"
    if draft.asks("operations", "runbookFrom"):
        yield "operations:"
        yield f"  # runbook: {draft.folder}/RUNBOOK.md"
        yield f"  onCall: {scalar(draft.owner)}"
        yield "  # escalation: another team or role of .changegate/teams.yaml"
        yield "  # dashboard: https://…"
        yield "  # telemetry: {labels: [model_version, deploy_id], traceIds: true}"
        yield "  # logging: {inputs: hashed, redactPii: true, retentionDays: 30}"
    if draft.asks("operations", "modelCardFrom"):
        yield f"# modelCard: {draft.folder}/MODEL_CARD.md"


_BLOCKS = (_about, _risk, _artifacts, _serving, _provenance, _measured, _features, _rollout, _promises)


def _plain(value: Any) -> str:
    """A value in flow style."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_plain(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_plain(one) for one in value) + "]"
    return str(value) if isinstance(value, (int, float)) else _written(value)


def _written(value: str) -> str:
    """A text; an address and a digest need no quotes where every reader takes them for one text."""
    from changegate.mend.edits import is_plain

    return value if is_plain(value) else scalar(value)
