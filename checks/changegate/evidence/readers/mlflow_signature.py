"""Format `mlflow-signature`: what a model that MLflow logged takes and answers, in its file `MLmodel`.

Source: https://mlflow.org/docs/latest/ml/model/signatures. The schemas are JSON inside a text. `required` is true where
it is absent. A tensor has no word for missing values: whether there are some is not said.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.evidence.dtypes import UNKNOWN
from changegate.evidence.numpytypes import numpy_type
from changegate.evidence.promises import PromisedFeature, Promises, items, mapping, text
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.names import KeyPath

SCHEMA = ""

_TYPES = {
    "boolean": "bool", "integer": "int32", "long": "int64", "float": "float32", "double": "float64",
    "string": "string", "binary": "binary", "datetime": "datetime", "array": "list", "object": "json", "map": "json",
    "any": UNKNOWN,
}  # fmt: skip
_MOST = 1024 * 1024


def recognises(value: Any) -> bool:
    """Whether a file is an `MLmodel`, or a signature alone."""
    if not isinstance(value, dict) or "kind" in value:
        return False
    inputs = value.get("inputs")
    return "mlflow_version" in value or "flavors" in value or (isinstance(inputs, str) and inputs.startswith("["))


def read(value: Any) -> tuple[Promises, ...]:
    """Read the signature."""
    path: KeyPath = ("signature",) if "inputs" not in value else ()
    signature = value.get("signature") if path else value
    if signature is None:
        raise Unsound("the model was logged without a signature", ())
    signature = mapping(signature, path)
    inputs = _side(signature.get("inputs"), (*path, "inputs"))
    answers = _side(signature["outputs"], (*path, "outputs")) if signature.get("outputs") is not None else ()
    return (Promises(features=inputs, path=path, outputs=answers),)


def _side(said: Any, path: KeyPath) -> tuple[PromisedFeature, ...]:
    """One side: all of it stands on the lines of one text."""
    return tuple(_column(one, index, path) for index, one in enumerate(_listed(said, path)))


def _listed(said: Any, path: KeyPath) -> list[Mapping[str, Any]]:
    if not isinstance(said, str):
        return [one for _, one in items(said, path)]
    if len(said) > _MOST:
        raise Unsound(f"`{path[-1]}` has over {_MOST} characters", path)
    try:
        value = json.loads(said, object_pairs_hook=_once)
    except (ValueError, RecursionError) as fault:
        raise Unsound(f"`{path[-1]}` is no JSON: {str(fault)[:80]}", path) from fault
    try:
        return [one for _, one in items(value, path)]
    except Unsound as fault:
        raise Unsound(fault.reason, path) from fault


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _column(one: Mapping[str, Any], index: int, path: KeyPath) -> PromisedFeature:
    named = one.get("name")
    # NOTE: a tensor and a column may have no name: MLflow then goes by position.
    name = text(named, path) if named is not None else str(index)
    kind = text(one.get("type"), path)
    if kind != "tensor":
        terms: dict[str, Any] = {"dtype": _TYPES.get(kind, UNKNOWN), "nullable": one.get("required") is False}
        if one.get("required") is False:
            terms["optional"] = True
        return PromisedFeature(name, terms, path, said=kind)
    spec = one.get("tensor-spec")
    if not isinstance(spec, dict) or not isinstance(spec.get("dtype"), str):
        raise Unsound(f"the tensor {name} has no `tensor-spec` with a `dtype`", path)
    shape = spec.get("shape")
    sized = isinstance(shape, list) and all(isinstance(size, int) and not isinstance(size, bool) for size in shape)
    terms = {"dtype": numpy_type(spec["dtype"]), **({"shape": shape} if sized else {})}
    return PromisedFeature(name, terms, path, said=spec["dtype"])
