"""Manifests to make plans of."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

FRAUD: dict[str, Any] = {
    "apiVersion": "changegate.dev/v1",
    "kind": "ModelRelease",
    "metadata": {"name": "fraud-detector", "owner": "payments-ml"},
    "spec": {
        "version": "2.4.0",
        "artifacts": [{"name": "model", "role": "model", "uri": "s3://models/fraud/2.4.0/model.safetensors"}],
        "serving": {
            "platform": "kubernetes",
            "image": "registry.example/serving@sha256:" + "a" * 64,
            "resources": {"cpu": "4", "memory": "8Gi", "gpu": 0},
            "requestsPerSecond": 220,
            "endpoint": "fraud",
        },
        "rollout": {
            "target": "argo-rollouts",
            "strategy": "canary",
            "steps": [
                {"weight": 5, "bake": "30m"},
                {"weight": 25, "bake": "30m"},
                {"weight": 50, "bake": "1h"},
                {"weight": 100},
            ],
            "rollback": {"to": "2.3.1", "automatic": True},
        },
        "slos": [
            {"name": "latency-p95", "thresholdMs": 300, "objective": 0.95, "window": "30d"},
            {"name": "error-rate", "objective": 0.999, "window": "30d"},
        ],
    },
}


def fraud(**rollout: Any) -> dict[str, Any]:
    """The fraud detector, with parts of its rollout replaced; None takes a part out."""
    release = deepcopy(FRAUD)
    block = release["spec"]["rollout"]
    for key, value in rollout.items():
        block[key] = value
        if value is None:
            del block[key]
    return release
