"""What a model was made with against what it is served with: its signature beside what the manifest states.

The signature is what `spec.features.signature` names; else a graph of ONNX among the artifacts, of which the names that
both have are compared and nothing else is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence import contracts
from changegate.evidence.dtypes import UNKNOWN, conversion
from changegate.evidence.reports import beside
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.evidence.collector import EvidenceRequest
    from changegate.evidence.promises import PromisedFeature
    from changegate.evidence.reports import Report

_PATH = ("spec", "features")
_LONGEST_TYPE = 80
_TENSORS = frozenset({"tensor", "embedding", "array"})


class Side(NamedTuple):
    """One side of a model, as the manifest and the signature have it."""

    name: str
    """`inputs` or `outputs`."""
    served: Sequence[Mapping[str, Any]]
    trained: Sequence[PromisedFeature]


def skew_facts(request: EvidenceRequest, block: Mapping[str, Any]) -> dict[str, Any]:
    """Compare a signature with the manifest.

    Args:
        request: The release and its files.
        block: `spec.features`; empty where there is none.

    Returns:
        `signature`, a status; and `skew`, each difference with its place in the manifest.
    """
    stated = block.get("signature")
    if isinstance(stated, dict):
        report = contracts.read_contract(request.files, {"name": "", **stated}, (*_PATH, "signature"))
        if report.status != "present":
            known = {"status": report.status, "reason": report.reason, "place": report.as_evidence()["place"]}
            return {"signature": known, "skew": []}
        found = {"status": "present", "format": report.value.format, "of": "all"}
        return {"signature": found, "skew": list(_skew(block, report, whole=True))}
    graph = _graph(request)
    if graph is None:
        return {"signature": {"status": "none"}, "skew": []}
    found = {"status": "present", "format": graph.value.format, "of": "what-both-name"}
    return {"signature": found, "skew": list(_skew(block, graph, whole=False))}


def _graph(request: EvidenceRequest) -> Report | None:
    """A graph of ONNX among the artifacts that lies in the repository as it is and can be read."""
    for index, one in enumerate(request.release.get("spec", {}).get("artifacts", ())):
        if one.get("format") == "onnx" and one.get("role") == "model" and "path" in one:
            entry = {"name": "", "path": one["path"], "format": "onnx"}
            report = contracts.read_contract(request.files, entry, ("spec", "artifacts", index))
            if report.status == "present":
                return report
    return None


def _skew(block: Mapping[str, Any], signature: Report, *, whole: bool) -> Iterator[dict[str, Any]]:
    sides = (
        Side("inputs", block.get("inputs", ()), signature.value.features),
        Side("outputs", block.get("outputs", ()), signature.value.outputs),
    )
    for side in sides:
        if side.served and side.trained:
            yield from _of_side(_named_alike(side), signature, whole=whole)


def _named_alike(side: Side) -> Side:
    """The same side, where a signature that goes by position has the names of the manifest."""
    unnamed = [one.name for one in side.trained] == [str(index) for index in range(len(side.trained))]
    if not unnamed or len(side.trained) != len(side.served):
        return side
    pairs = zip(side.trained, side.served, strict=True)
    return side._replace(trained=[one._replace(name=other["name"]) for one, other in pairs])


def _of_side(side: Side, signature: Report, *, whole: bool) -> Iterator[dict[str, Any]]:
    served = {one["name"]: (index, one) for index, one in enumerate(side.served)}
    trained = {one.name: one for one in side.trained}
    beside_list = {"path": [*_PATH, side.name]}
    packed = _packed(side, trained.keys() & served.keys())
    if packed is not None:
        if whole and packed not in (-1, len(served)):
            said = ("all of them", "number", str(packed), str(len(served)))
            yield _difference(side, said, beside_list, signature, side.trained[0])
        return
    for name, one in trained.items():
        if name in served:
            yield from _of_one(side, served[name], one, signature)
        elif whole and not one.terms.get("optional"):
            yield _difference(side, (name, "missing", one.terms["dtype"], "nothing"), beside_list, signature, one)
    for name, (index, stated) in served.items() if whole else ():
        if name not in trained:
            place = {"path": [*_PATH, side.name, index, "name"]}
            yield _difference(side, (name, "extra", "nothing", stated["dtype"]), place, signature)


def _packed(side: Side, shared: set[str]) -> int | None:
    """How many values one tensor takes that all are packed into; -1 where that is free, None where there is none."""
    shape = side.trained[0].terms.get("shape", ())
    return None if len(side.trained) > 1 or shared or len(shape) < 2 else int(shape[-1])


def _of_one(
    side: Side, stands: tuple[int, Mapping[str, Any]], trained: PromisedFeature, signature: Report
) -> Iterator[dict[str, Any]]:
    index, stated = stands
    name, here = stated["name"], [*_PATH, side.name, index]
    became = _became(side, stated, trained)
    dtype = trained.said if trained.terms["dtype"] == UNKNOWN else trained.terms["dtype"]
    if became != "same":
        said = (name, "type", dtype[:_LONGEST_TYPE], stated["dtype"])
        yield {**_difference(side, said, {"path": [*here, "dtype"]}, signature, trained), "conversion": became}
    if side.name == "inputs" and trained.terms.get("nullable") is False and stated.get("nullable") is True:
        said = (name, "nullable", "never missing", "may be missing")
        yield _difference(side, said, {"path": [*here, "nullable"]}, signature, trained)
    shape, served = trained.terms.get("shape"), stated.get("shape")
    if shape is not None and served is not None and not _fits(shape, served):
        said = (name, "shape", str(shape), str(served))
        yield _difference(side, said, {"path": [*here, "shape"]}, signature, trained)


def _became(side: Side, stated: Mapping[str, Any], trained: PromisedFeature) -> str:
    """What becomes of a value: of an input that is served in the model, of an answer of the model in what is stated."""
    one = trained.terms["dtype"]
    if stated["dtype"] in _TENSORS and one != UNKNOWN and (one == "list" or trained.terms.get("shape")):
        return "same"
    return conversion(stated["dtype"], one) if side.name == "inputs" else conversion(one, stated["dtype"])


def _fits(trained: Sequence[int], served: Sequence[int]) -> bool:
    """Whether two shapes are one, where a free dimension fits any; the first one, of the batch, may be left out."""
    if len(trained) == len(served) + 1 and trained[0] == -1:
        trained = trained[1:]
    pairs = zip(trained, served, strict=False)
    return len(trained) == len(served) and all(-1 in pair or pair[0] == pair[1] for pair in pairs)


def _difference(
    side: Side,
    said: tuple[str, str, str, str],
    place: dict[str, Any],
    signature: Report,
    feature: PromisedFeature | None = None,
) -> dict[str, Any]:
    """One difference: whose, which kind, what the signature says and what the manifest does."""
    at = contracts.place_of(signature, feature) if feature is not None else signature.at()
    facts = dict(zip(("name", "kind", "trained", "served"), said, strict=True))
    return {"side": side.name.removesuffix("s"), **facts, "place": beside(place, ("the signature", at))}
