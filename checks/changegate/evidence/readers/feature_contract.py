"""Format `feature-contract`, ours: what every feature promises, as `schemas/feature-contract.schema.json` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.unsound import Unsound
from changegate.evidence.values import denials

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "feature-contract"


def recognises(value: Any) -> bool:
    """Whether a file says that it is a contract of ours."""
    return isinstance(value, dict) and value.get("kind") == "FeatureContract"


def read(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read a contract.

    Raises:
        Unsound: A feature is promised twice, or no value fits what is promised.
    """
    seen: set[str] = set()
    for index, feature in enumerate(value["features"]):
        if feature["name"] in seen:
            raise Unsound(f"the feature {feature['name']} stands in it twice", ("features", index, "name"))
        seen.add(feature["name"])
        for denial in denials(feature):
            raise Unsound(f"of the feature {feature['name']}, {denial.why}", ("features", index, denial.key))
    return value
