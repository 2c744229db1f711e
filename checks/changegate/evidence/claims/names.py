"""Names that must be one: of the items of a list, and of a release and the one that it replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.claims.statement import Contradiction, entries
from changegate.names import ENVIRONMENT, VARIANT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.names import KeyPath

_NAMED: dict[KeyPath, tuple[str, ...]] = {
    ("spec", "artifacts"): ("name",),
    ("spec", "dependsOn"): ("name", "environment", "variant", "as"),
    ("spec", "serving", "deploys"): ("name", "kind", "namespace", "path"),
    ("spec", "provenance", "trainingData"): ("name",),
    ("spec", "features", "inputs"): ("name",),
    ("spec", "features", "outputs"): ("name",),
    ("spec", "rollout", "cohorts"): ("name",),
    ("spec", "rollout", "tiers"): ("name",),
    ("spec", "slos"): ("name",),
}
"""List -> the fields that together name an item. features/contract-invalid tells a contract that is listed twice."""
_DEFAULTS = {"environment": ENVIRONMENT, "variant": VARIANT}


def repeated(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Find every item that has the name of one before it."""
    for path, fields in _NAMED.items():
        seen: dict[tuple[Any, ...], KeyPath] = {}
        for place, item in entries(release, path):
            name = tuple(item.get(field, _DEFAULTS.get(field, "")) for field in fields)
            if name in seen:
                yield Contradiction("name-twice", (*place, "name"), (*seen[name], "name"), f"`{path[-1]}` {name[0]}")
            seen.setdefault(name, place)


def identity(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Find a release that replaces itself."""
    if release["metadata"].get("replaces") == release["metadata"]["name"]:
        yield Contradiction("replaces-itself", ("metadata", "replaces"), ("metadata", "name"))
