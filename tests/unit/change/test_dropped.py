"""What a release no longer says of its features, where a rule hangs on it."""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from changegate.change.dropped import dropped

if TYPE_CHECKING:
    from changegate.names import KeyPath

CONTRACT = {"name": "c", "version": 1, "path": "c.avsc", "digest": "sha256:0"}
INPUT = {"name": "a", "dtype": "int8", "contract": "c", "unit": "EUR", "freshness": "1m", "from": "b"}
OTHER = {"name": "z", "dtype": "int8"}


def manifest(**features: Any) -> Any:
    return SimpleNamespace(value={"spec": {"features": features}})


def without(item: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != key}


BEFORE = manifest(contracts=[CONTRACT], inputs=[INPUT, OTHER], signature={"path": "MLmodel"})


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        (BEFORE, []),
        (manifest(contracts=[CONTRACT], inputs=[INPUT, OTHER]), ["model-signature"]),
        (
            manifest(contracts=[without(CONTRACT, "digest")], inputs=[INPUT], signature={"path": "m"}),
            ["contract-digest"],
        ),
        (manifest(contracts=[CONTRACT], inputs=[without(INPUT, "unit")], signature={"path": "m"}), ["input-unit"]),
        (manifest(contracts=[CONTRACT], inputs=[without(INPUT, "from")], signature={"path": "m"}), ["input-source"]),
        (
            manifest(contracts=[CONTRACT], inputs=[without(INPUT, "freshness")], signature={"path": "m"}),
            ["freshness-need"],
        ),
        (manifest(contracts=[CONTRACT], inputs=[without(INPUT, "contract")], signature={"path": "m"}), ["contract"]),
        (manifest(contracts=[CONTRACT], inputs=[OTHER], signature={"path": "m"}), []),
    ],
)
def test_what_an_input_that_stays_no_longer_says(now: Any, kinds: list[str]) -> None:
    assert [one["kind"] for one in dropped(BEFORE, now)] == kinds


WHOLE: dict[str, Any] = {
    "artifacts": [{"name": "model", "path": "m.safetensors", "parameters": 7}],
    "provenance": {"trainingData": [{"name": "rows", "snapshotAt": "2026-10-01T00:00:00Z"}]},
    "features": {"purpose": "scoring", "inputs": [{"name": "a", "range": [0, 1], "enum": [0, 1]}]},
    "serving": {
        "platform": "kubernetes",
        "image": "r/i@sha256:0",
        "resources": {"memory": "8Gi", "gpuMemory": "16Gi", "kvCache": "2Gi"},
        "packageBytes": 9,
        "coldStartMs": 9,
        "provisionedConcurrency": 1,
        "deploys": [{"name": "d", "path": "d.yaml"}],
    },
    "rollout": {"rollback": {"to": "1.0.0", "digest": "sha256:0", "within": "5m"}},
    "operations": {"logging": {"retentionDays": 30}},
}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (("artifacts", 0, "path"), "artifact-path"),
        (("artifacts", 0, "parameters"), "artifact-parameters"),
        (("provenance", "trainingData", 0, "snapshotAt"), "data-age"),
        (("features", "purpose"), "purpose"),
        (("features", "inputs", 0, "range"), "input-range"),
        (("features", "inputs", 0, "enum"), "input-range"),
        (("serving", "image"), "serving-image"),
        (("serving", "resources", "memory"), "memory"),
        (("serving", "resources", "gpuMemory"), "memory"),
        (("serving", "resources", "kvCache"), "memory"),
        (("serving", "packageBytes"), "package-size"),
        (("serving", "coldStartMs"), "cold-start"),
        (("serving", "provisionedConcurrency"), "cold-start"),
        (("serving", "deploys"), "deployment"),
        (("rollout", "rollback", "digest"), "rollback-target"),
        (("rollout", "rollback", "within"), "rollback-time"),
        (("operations", "logging", "retentionDays"), "retention"),
    ],
)
def test_what_a_limit_or_a_look_hangs_on(path: KeyPath, kind: str) -> None:
    before, now = ({"spec": copy.deepcopy(WHOLE)} for _ in range(2))
    above: Any = now["spec"]
    for key in path[:-1]:
        above = above[key]
    del above[path[-1]]
    both = SimpleNamespace(value=before), SimpleNamespace(value=now)
    assert [one["kind"] for one in dropped(*both)] == [kind]
    now["spec"]["serving"]["platform"] = "batch"
    assert [one["kind"] for one in dropped(*both)] == ([] if path[0] == "serving" else [kind]), "of another platform"


def test_an_artifact_that_goes_takes_its_file_along() -> None:
    now = {"spec": {**WHOLE, "artifacts": [{"name": "other"}]}}
    assert dropped(SimpleNamespace(value={"spec": WHOLE}), SimpleNamespace(value=now)) == []
