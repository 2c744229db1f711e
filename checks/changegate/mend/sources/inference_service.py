"""KServe's `InferenceService`: how a model is served.

Source: https://kserve.github.io/website/docs/reference/crd-api
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.errors import UsageError
from changegate.mend.hub_names import text_of
from changegate.mend.source import SourceFacts

if TYPE_CHECKING:
    from pathlib import Path

_QUANTITY = re.compile(r"[0-9]+(\.[0-9]+)?([KMGTP]i|[kMGTP])?")
_CPU = re.compile(r"[0-9]+(\.[0-9]+)?m?")


def recognises(path: Path, value: Any) -> bool:
    """Whether it is one."""
    del path
    return isinstance(value, dict) and value.get("kind") == "InferenceService"


def read(path: Path, value: Any, top: Path | None) -> SourceFacts:
    """Read the model's address, its format, and what it is served with."""
    predictor = _within(value, "spec", "predictor")
    model = next((one for key in ("model", *_FRAMEWORKS) if isinstance(one := predictor.get(key), dict)), {})
    uri = text_of(model.get("storageUri"), 2000)
    if not uri:
        raise UsageError(
            f"{path} names no storageUri", hint="name an InferenceService with `spec.predictor.model.storageUri`"
        )
    form = text_of(_within(model, "modelFormat").get("name"), 40).lower()
    limits = {**_within(model, "resources", "requests"), **_within(model, "resources", "limits")}
    resources = {key: str(limits[key]) for key, form in _SAID.items() if form.fullmatch(str(limits.get(key, "")))}
    gpu = limits.get("nvidia.com/gpu")
    replicas = predictor.get("minReplicas")
    serving: dict[str, Any] = {"platform": "kubernetes"}
    serving |= (
        {"resources": {**resources, **({"gpu": int(str(gpu))} if re.fullmatch("[0-9]{1,4}", str(gpu)) else {})}}
        if resources
        else {}
    )
    serving |= (
        {"replicas": replicas} if isinstance(replicas, int) and not isinstance(replicas, bool) and replicas else {}
    )
    name = text_of(_within(value, "metadata").get("name"), 63)
    serving |= {"endpoint": name} if name else {}
    if top is not None and path.resolve().is_relative_to(top):
        place = path.resolve().relative_to(top).as_posix()
        serving["deploys"] = [{"path": place, "kind": "InferenceService", "name": name}] if name else []
    artifact = {"uri": uri, **({"format": form} if re.fullmatch(r"[a-z0-9][a-z0-9._+-]*", form) else {})}
    return SourceFacts(artifacts=(artifact,), serving=serving, said="an InferenceService of KServe")


_FRAMEWORKS = ("sklearn", "xgboost", "lightgbm", "tensorflow", "pytorch", "onnx", "huggingface", "triton", "pmml")
_SAID = {"cpu": _CPU, "memory": _QUANTITY}


def _within(value: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
