"""What the previous release declared and this one no longer does, where a rule hangs on it.

A rule that judges what is stated says nothing of what is not stated any more. So whatever is declared by its author and
then left out is found here, by one table, and a policy says which of it takes an approval.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from changegate.manifest import Manifest
    from changegate.names import KeyPath


class Declared(NamedTuple):
    """One thing that a release declares."""

    name: str
    """Its name in its list; empty for a block or a value."""
    path: KeyPath
    """Where it stands, the items of lists by name."""
    like: str
    """Things of a kind stand in for each other where this is equal: a data set under the name of a newer snapshot."""


class Promise(NamedTuple):
    """A kind of thing that is declared, and where."""

    kind: str
    """As the settings name it."""
    said: str
    """As a message names it."""
    path: tuple[str, ...]
    """Below `spec`: a list, a block or a value."""
    item: str = ""
    """The key that names an item of the list; `.` where the items are plain texts."""
    likes: Callable[[Mapping[str, Any]], str] | None = None
    """What an item is like, where another may stand in for it; nothing for one that does not count."""
    goes_with: tuple[str, ...] = ()
    """The list below `spec` whose item it belongs to: where that is gone as a whole, nothing need be said of it."""

    def declared(self, spec: Mapping[str, Any]) -> Iterator[Declared]:
        """Find all of this kind that a release declares."""
        found = _at(spec, self.path)
        if not self.item:
            if found is not None and found is not False and found not in ([], {}):
                yield Declared("", ("spec", *self.path), "")
            return
        for item in found if isinstance(found, list) else ():
            name = str(item if self.item == "." else item.get(self.item, ""))
            like = name if self.likes is None else self.likes(item)
            if like:
                yield Declared(name, ("spec", *self.path, name), like)


def _objective(slo: Mapping[str, Any]) -> str:
    """Under another name an objective has to promise the same: the rule that compares promises goes by name."""
    return " ".join(str(slo.get(key, "")) for key in ("thresholdMs", "objective", "window"))


def _guards(item: Mapping[str, Any]) -> str:
    return "guardrail" if "guardrail" in {item.get("role"), item.get("as")} else ""


def _of_item(kind: str, said: str, path: tuple[str, ...], key: str) -> Promise:
    """What an item of a list says under a key."""
    return Promise(kind, said, path, "name", lambda item: str(item["name"]) if key in item else "", path)


PROMISES = (
    _of_item("contract", "the contract of the input", ("features", "inputs"), "contract"),
    _of_item("freshness-need", "the age that is needed of the input", ("features", "inputs"), "freshness"),
    _of_item("input-unit", "the unit of the input", ("features", "inputs"), "unit"),
    _of_item("input-range", "the range of the input", ("features", "inputs"), "range"),
    _of_item("input-range", "the values of the input", ("features", "inputs"), "enum"),
    _of_item("input-source", "the release that answers the input", ("features", "inputs"), "from"),
    _of_item("contract-digest", "the digest of the contract", ("features", "contracts"), "digest"),
    _of_item("artifact-path", "the file of the artifact", ("artifacts",), "path"),
    _of_item("artifact-parameters", "the number of parameters of the artifact", ("artifacts",), "parameters"),
    _of_item("data-age", "the time of the snapshot of the training data", ("provenance", "trainingData"), "snapshotAt"),
    Promise("purpose", "the purpose that the features are for", ("features", "purpose")),
    Promise("serving-image", "the serving image", ("serving", "image")),
    Promise("memory", "the memory of a replica", ("serving", "resources", "memory")),
    Promise("memory", "the memory of a GPU", ("serving", "resources", "gpuMemory")),
    Promise("memory", "the cache of a language model", ("serving", "resources", "kvCache")),
    Promise("package-size", "the size of the package", ("serving", "packageBytes")),
    Promise("cold-start", "the time of a cold start", ("serving", "coldStartMs")),
    Promise("cold-start", "the provisioned concurrency", ("serving", "provisionedConcurrency")),
    Promise("deployment", "the deployment", ("serving", "deploys"), "name", lambda _: "deployment"),
    Promise("model-signature", "the signature of the model", ("features", "signature")),
    Promise("objective", "the objective", ("slos",), "name", _objective),
    Promise("red-team-evidence", "the evidence of a red team", ("safety", "redTeam")),
    Promise("guardrail", "the guardrail", ("safety", "guardrails"), "."),
    Promise("guardrail", "the guardrail", ("artifacts",), "name", _guards),
    Promise("guardrail", "the guardrail", ("dependsOn",), "name", _guards),
    Promise("evaluation", "the evaluation", ("evaluation", "evidence")),
    Promise("fairness", "the evidence of fairness", ("fairness", "evidence")),
    Promise("protected-attribute", "the protected attribute", ("fairness", "protectedAttributes"), "."),
    Promise("on-call", "the team on call", ("operations", "onCall")),
    Promise("escalation", "the escalation", ("operations", "escalation")),
    Promise("runbook", "the runbook", ("operations", "runbook")),
    Promise("dashboard", "the dashboard", ("operations", "dashboard")),
    Promise("telemetry-label", "the telemetry label", ("operations", "telemetry", "labels"), "."),
    Promise("trace-ids", "trace ids on answers", ("operations", "telemetry", "traceIds")),
    Promise("redaction", "the redaction of personal data in logs", ("operations", "logging", "redactPii")),
    Promise("retention", "how long logs are kept", ("operations", "logging", "retentionDays")),
    Promise("model-card", "the model card", ("modelCard",)),
    Promise("shadow", "the shadow step", ("rollout", "shadow")),
    Promise("rollback-target", "the rollback target", ("rollout", "rollback", "to")),
    Promise("automatic-rollback", "the automatic rollback", ("rollout", "rollback", "automatic")),
    Promise("rollback-target", "the digest of the rollback target", ("rollout", "rollback", "digest")),
    Promise("rollback-time", "the time that a rollback may take", ("rollout", "rollback", "within")),
    Promise("rollback-drill", "the rollback drill", ("rollout", "rollback", "drill")),
    Promise("training-data", "the training data", ("provenance", "trainingData"), "name", lambda _: "data"),
    Promise("signature", "the signature", ("provenance", "signature")),
    Promise("attestation", "the attestation", ("provenance", "attestations"), "predicateType"),
    Promise("source", "the source", ("provenance", "source")),
    Promise("training-run", "the training run", ("provenance", "trainingRun")),
    Promise("environment", "the training environment's image", ("provenance", "environment", "image")),
    Promise("environment", "the training environment's lockfile", ("provenance", "environment", "lockfile")),
    Promise("environment", "the seed", ("provenance", "environment", "seed")),
    Promise("budget", "the weekly budget", ("cost", "weeklyBudget")),
)
"""What rules hang on. Metrics and groups are compared where reports are read, the intended use with the risk."""


def dropped(before: Manifest, now: Manifest) -> list[dict[str, Any]]:
    """Find what one release declares and a later one does not.

    Args:
        before: The release to compare with.
        now: The release at the head.

    Returns:
        Each with its kind, words for it, and its place, in the order of the table.
    """
    old, new = before.value["spec"], now.value["spec"]
    return [
        _entry(promise, one)
        for promise in PROMISES
        for one in _gone(list(promise.declared(old)), list(promise.declared(new)))
        if not _went_with_it(promise, one, old, new)
    ]


def _gone(old: list[Declared], new: list[Declared]) -> list[Declared]:
    """What is gone: by name, and less than there was of what is like it."""
    names = {(one.name, one.like) for one in new}
    missing = [one for one in old if (one.name, one.like) not in names]
    spare = Counter(one.like for one in new if (one.name, one.like) not in {(was.name, was.like) for was in old})
    found = []
    for one in missing:
        if spare[one.like] > 0:
            spare[one.like] -= 1
        else:
            found.append(one)
    return found


def _went_with_it(promise: Promise, one: Declared, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether what it belongs to is gone as a whole, or is another: an item of a list, or the platform."""
    if promise.path[0] == "serving":
        return bool(_at(old, ("serving", "platform")) != _at(new, ("serving", "platform")))
    if not promise.goes_with:
        return False
    items = _at(new, promise.goes_with) or ()
    # NOTE: features that are gone altogether are how a contract is got rid of; of other lists that is told by itself.
    return (bool(items) or promise.path[0] != "features") and all(item["name"] != one.name for item in items)


def _at(spec: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = spec
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _entry(promise: Promise, one: Declared) -> dict[str, Any]:
    beside = {"message": "the previous release", "path": list(one.path), "revision": "previous"}
    what = f"{promise.said} {one.name}".rstrip()
    return {"kind": promise.kind, "what": what, "place": {"path": list(one.path), "related": [beside]}}
