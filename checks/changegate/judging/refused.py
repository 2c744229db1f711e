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

_OF_SOMETHING_ELSE = frozenset({"fairness/required-not-covered"})
"""Rules on a block that ask whether it says `notApplicable` or not."""


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
    stated = {block for block, said in spec.items() if isinstance(said, dict) and "notApplicable" in said}
    claimed = {block for block in stated & WHERE.keys() if not _counts(block, spec, settings)}
    for one in findings:
        is_on_it = one.location.path[:2] == ("spec", one.check) and one.rule not in _OF_SOMETHING_ELSE
        if one.status is Status.FAILED and one.check in claimed and is_on_it:
            claimed.remove(one.check)
            reason = _reason(one.check, settings)
            yield one._replace(message=f"{one.message} `notApplicable` was refused because {reason}.")
        else:
            yield one


def _counts(block: str, spec: Mapping[str, Any], settings: Mapping[str, Any]) -> bool:
    """Whether the claim holds after all: then a finding on the block is about something else."""
    key = WHERE[block][1]
    value = settings.get(key[0], {}).get(key[1], ()) if key else ()
    if block == "features":
        return spec.get("task") in value
    if block in {"rollout", "slos", "cost"}:
        return spec.get("serving", {}).get("platform") in value
    return block == "provenance" and all("hosted" in one or one.get("role") == "prompt" for one in spec["artifacts"])


def _reason(block: str, settings: Mapping[str, Any]) -> str:
    words, key = WHERE[block]
    value = settings.get(key[0], {}).get(key[1], "") if key else ""
    return words.format(", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value)
