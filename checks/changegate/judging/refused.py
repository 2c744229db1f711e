"""Says of a block that claims not to apply why that was refused, beside the first finding on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.names import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.verdict import Finding

WHERE: Mapping[str, tuple[str, tuple[str, str] | None]] = {
    "rollout": ("it may be said on the platforms {} alone", ("rollout", "notApplicablePlatforms")),
    "slos": ("it may be said on the platforms {} alone", ("slos", "notApplicablePlatforms")),
    "cost": ("it may be said on the platforms {} alone", ("cost", "notApplicablePlatforms")),
    "features": ("it may be said for the tasks {} alone", ("features", "notApplicableTasks")),
    "fairness": ("it may be said below tier {} alone, or where answers affect no users", ("fairness", "measuredFrom")),
    "provenance": ("it may be said where every artifact is hosted or a prompt", None),
    "evaluation": ("at this tier every release is measured", None),
    "operations": ("at this tier every release is operated", None),
}
"""Block -> where `notApplicable` counts, and the setting that says so (docs/manifest.md)."""


def told_refusals(
    findings: Iterable[Finding], release: Mapping[str, Any] | None, settings: Mapping[str, Any]
) -> Iterator[Finding]:
    """Add to the first finding on each block that says `notApplicable` why it does not count.

    Args:
        findings: Of one release.
        release: The manifest; None where it is none.
        settings: The thresholds that it was judged by.
    """
    spec = (release or {}).get("spec", {})
    claimed = {block for block, said in spec.items() if isinstance(said, dict) and "notApplicable" in said}
    for one in findings:
        block = one.location.path[1] if one.location.path[:1] == ("spec",) and len(one.location.path) > 1 else ""
        if one.status is Status.FAILED and block in claimed and block in WHERE:
            claimed.remove(block)
            reason = _reason(str(block), settings)
            yield one._replace(message=f"{one.message} `notApplicable` was refused because {reason}.")
        else:
            yield one


def _reason(block: str, settings: Mapping[str, Any]) -> str:
    words, key = WHERE[block]
    value = settings.get(key[0], {}).get(key[1], "") if key else ""
    return words.format(", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value)
