"""A model that somebody else trained: who published it, under which licence, where it was obtained, and when.

What is said of it is its author's word. Facts are only what can be told of that word by itself; whether the model may
be taken over so, people and settings say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import EvidenceRequest, Section, absent, present
from changegate.evidence.references import of_uri
from changegate.manifest.moments import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATH = ("spec", "provenance", "external")
_OTHERWISE, _TOGETHER = re.compile(r"\s+OR\s+"), re.compile(r"\s+AND\s+")


def collect(request: EvidenceRequest) -> Section:
    """Establish what a release says of a model that it takes over."""
    spec = request.release.get("spec", {})
    stated = spec.get("provenance", {}).get("external")
    if stated is None:
        return Section(absent("the manifest names no `provenance.external`"), {"status": "none"})
    return Section(present(), {"status": "stated", "trainedHere": _trained_here(spec), **_facts(stated, request.now)})


def _trained_here(spec: Mapping[str, Any]) -> bool:
    """Whether something was added to it by training: then that has a provenance of its own."""
    return any(one["role"] == "adapter" for one in spec.get("artifacts", ()))


def _facts(stated: Mapping[str, Any], now: int) -> dict[str, Any]:
    at = moment(str(stated["obtainedAt"]))
    reference = of_uri(str(stated["obtainedFrom"]))
    return {
        "publisher": stated["publisher"],
        "reviewedBy": stated["reviewedBy"],
        "licence": stated["licence"],
        "licences": _alternatives(str(stated["licence"])),
        "reference": {**reference, "place": {"path": [*_PATH, "obtainedFrom"]}},
        "obtained": "none" if at is None else "future" if at > now else "past",
    }


def _alternatives(expression: str) -> list[list[str]]:
    """Each choice that an SPDX expression leaves, as the licences that hold together then.

    NOTE: with brackets the whole text is one licence, which is on nobody's list: it is told, and nothing is guessed.
    """
    if "(" in expression:
        return [[expression]]
    return [_TOGETHER.split(choice.strip()) for choice in _OTHERWISE.split(expression.strip())]
