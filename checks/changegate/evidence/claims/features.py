"""Inputs and outputs that hold no value, or none that their own type, range or name allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.claims.statement import Contradiction, entries
from changegate.evidence.values import denials

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def features(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Find the features of a manifest whose keys exclude each other."""
    for key in ("inputs", "outputs"):
        for path, one in entries(release, ("spec", "features", key)):
            yield from (Contradiction(said.kind, (*path, said.key), (*path, said.against)) for said in denials(one))
