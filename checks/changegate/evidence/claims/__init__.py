"""Statements of one manifest that cannot be true together, or that the name beside them denies.

That two statements exclude each other is a fact, as a sum is one. From which tier it counts, and which kinds a
repository accepts, is a policy's part. A file here holds the pairs of a few blocks; each finder looks at one manifest
and what it points at, and compares it with no other release.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from changegate.evidence.claims import (
    artifacts,
    digests,
    features,
    names,
    objectives,
    odd,
    operations,
    rollout,
    serving,
)
from changegate.evidence.claims.deployments import deployments, images
from changegate.evidence.claims.files import files
from changegate.evidence.collector import Section, present

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from changegate.evidence.claims.statement import Contradiction
    from changegate.evidence.collector import EvidenceRequest

FINDERS: Mapping[str, Callable[[EvidenceRequest], Iterator[Contradiction]]] = {
    "names": lambda request: names.repeated(request.release),
    "identity": lambda request: names.identity(request.release),
    "artifacts": lambda request: artifacts.artifacts(request.release, request.settings["artifacts"]["unsafeFormats"]),
    "digests": lambda request: chain(digests.digests(request.release), digests.way_back(request)),
    "serving": lambda request: chain(serving.serving(request.release), images(request)),
    "risk": lambda request: serving.risk(request.release),
    "cost": lambda request: serving.cost(request.release),
    "features": lambda request: features.features(request.release),
    "rollout": rollout.rollout,
    "objectives": lambda request: objectives.objectives(request.release),
    "operations": operations.operations,
    "odd": lambda request: odd.odd(request.release),
}
"""Key of `facts.claims` -> what finds the contradictions that it lists."""


def collect(request: EvidenceRequest) -> Section:
    """List the contradictions of a manifest, by what a person would mend."""
    found = {key: [one.as_fact(request.release) for one in find(request)] for key, find in FINDERS.items()}
    return Section(present(), {**found, "deployments": deployments(request), "files": files(request)})
