"""Strict validation against a CustomResourceDefinition: a field that the schema does not name is an error."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

VARIABLE = "CHANGEGATE_CONFORMANCE_DIR"


def validate(manifest: dict[str, Any]) -> None:
    """Validate a manifest against the CRD of its kind; skips the test where the CRDs are not at hand."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"{VARIABLE} is not set: no CRDs to validate against")
    schema = _schemas(folder)[manifest["apiVersion"], manifest["kind"]]
    jsonschema.Draft202012Validator(schema).validate(manifest)


@cache
def _schemas(folder: str) -> dict[tuple[str, str], dict[str, Any]]:
    found = {}
    for path in sorted((Path(folder) / "crds").glob("argo-rollouts_*.yaml")):
        spec = yaml.load(path.read_bytes(), yaml.CSafeLoader)["spec"]
        for version in spec["versions"]:
            key = f"{spec['group']}/{version['name']}", spec["names"]["kind"]
            found[key] = _strict(version["schema"]["openAPIV3Schema"], top=True)
    return found


def _strict(schema: dict[str, Any], *, top: bool = False) -> dict[str, Any]:
    result: dict[str, Any] = {key: value for key, value in schema.items() if not key.startswith("x-kubernetes")}
    result.pop("format", None)
    if "properties" in schema:
        result["properties"] = {key: _strict(value) for key, value in schema["properties"].items()}
        if top:
            result["properties"]["metadata"] = {"type": "object"}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            result["additionalProperties"] = False
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            result[key] = _strict(schema[key])
    return result
