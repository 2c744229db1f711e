"""Format `cyclonedx`: the performance metrics of a model card in a CycloneDX bill of materials, 1.5 to 1.7.

Built from its published schema. Values are texts there, and so are the bounds of a `confidenceInterval`. The bill's
`metadata.timestamp` is the time of the bill, not of the evaluation, so it is not read as one. Hashes of the component
bind the report to its artifact. `fairnessAssessments` hold prose, and no numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import figure
from changegate.evidence.metrics import Measures, StatedMetric
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.evidence.metrics import Path

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "format", False

_ALGORITHMS = {"SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512", "BLAKE3": "blake3"}


def recognises(value: Any) -> bool:
    """Whether it is a bill of materials."""
    return isinstance(value, dict) and value.get("bomFormat") == "CycloneDX"


def read(value: Mapping[str, Any]) -> Measures:
    """Read the metrics of the only component with a model card that has some.

    Raises:
        Unsound: There is none or more than one, or a value is no number.
    """
    found = [(one, path) for one, path in _components(value) if _metrics_of(one)]
    if len(found) != 1:
        raise Unsound(f"it has {len(found)} components with performance metrics, and one is read", ("components",))
    component, path = found[0]
    within: Path = (*path, "modelCard", "quantitativeAnalysis", "performanceMetrics")
    digests = [digest for one in component.get("hashes", ()) if (digest := _digest(one))]
    about = About(model={"digests": digests} if digests else None, paths={"model": (*path, "hashes")})
    metrics = tuple(_metric(one, (*within, index)) for index, one in enumerate(_metrics_of(component)))
    return Measures(about, metrics, tool=str(value.get("specVersion", "")))


def _components(value: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], Path]]:
    main = value.get("metadata", {}).get("component") if isinstance(value.get("metadata"), dict) else None
    if isinstance(main, dict):
        yield main, ("metadata", "component")
    listed = value.get("components")
    for index, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict):
            yield one, ("components", index)


def _metrics_of(component: Mapping[str, Any]) -> list[Any]:
    within: Any = component
    for key in ("modelCard", "quantitativeAnalysis", "performanceMetrics"):
        within = within.get(key) if isinstance(within, dict) else None
    return within if isinstance(within, list) else []


def _digest(one: Any) -> str:
    name = _ALGORITHMS.get(str(one.get("alg"))) if isinstance(one, dict) else None
    return f"{name}:{str(one.get('content')).lower()}" if name else ""


def _metric(one: Any, path: Path) -> StatedMetric:
    if not isinstance(one, dict) or not isinstance(one.get("type"), str):
        raise Unsound("a performance metric has no `type`", path)
    bounds, interval = one.get("confidenceInterval"), None
    if isinstance(bounds, dict) and {"lowerBound", "upperBound"} <= bounds.keys():
        here = (*path, "confidenceInterval")
        interval = (
            figure(bounds["lowerBound"], (*here, "lowerBound"), text=True),
            figure(bounds["upperBound"], (*here, "upperBound"), text=True),
        )
    number = figure(one.get("value"), (*path, "value"), text=True)
    keys = {"value": "value", "interval": "confidenceInterval"}
    return StatedMetric(one["type"], number, None, str(one.get("slice") or ""), None, interval, path, keys)
