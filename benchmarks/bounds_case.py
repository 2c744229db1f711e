"""What a case of `bounds.py` is, and what its cases are made of."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from changegate.resources import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Mapping

TOP = FIXTURES / "gitops-repo"
FRAUD = "models/fraud-detector/manifest.yaml"
RESEARCH = "models/recommender-research/manifest.yaml"
SMALL = (TOP / RESEARCH).read_text()
WHOLE = (TOP / FRAUD).read_text()


class Case(NamedTuple):
    """What the gate is given."""

    head: dict[str, bytes]
    """Files of the change."""
    base: Mapping[str, bytes] = MappingProxyType({})
    """Files of the trusted branch beside the fixtures'."""
    earlier: Mapping[str, bytes] = MappingProxyType({})
    """Files of the commit before that, which the base may have otherwise."""
    options: tuple[str, ...] = ()
    refused: str = ""
    """What the gate says of a bound, where it refuses."""
    approvals: dict[str, Any] | None = None


def named(text: str, name: str, old: str = "recommender-research") -> bytes:
    """A manifest under another name."""
    return text.replace(f"name: {old}", f"name: {name}", 1).encode()


def in_fraud(old: str, new: str) -> Case:
    """A change of the fraud detector's manifest alone."""
    assert old in WHOLE, old
    return Case({FRAUD: WHOLE.replace(old, new, 1).encode()})
