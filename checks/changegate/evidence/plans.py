"""The predetermined change plan of the release before: what it lets change, and what of this change it does not cover.

Only the previous release's plan counts: one that this very change writes or edits covers nothing. What it never covers,
whatever it says: the plan itself, the intended use, the claims about risk, who owns the release and who it is.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from changegate.diff.entries import describe
from changegate.diff.keys import keyed
from changegate.diff.plan import furthest, limits_of, unforeseen
from changegate.diff.semantic import semantic
from changegate.evidence.collector import absent, present, unavailable
from changegate.evidence.metric_table import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.diff.plan import Unforeseen
    from changegate.evidence.collector import EvidenceRequest
    from changegate.names import KeyPath

MOST_OUTSIDE = 50


def plan_of(request: EvidenceRequest) -> dict[str, Any]:
    """Tell which plan holds for a change, and what of the change lies outside of it."""
    previous, limits = request.previous, limits_of(request.previous)
    if previous is None or limits is None:
        return {"status": "absent"}
    plan = previous["spec"]["changePlan"]
    outside = _outside(request, previous, limits)
    return {
        "status": "present",
        "digest": plan_digest(plan),
        "model": str(previous["metadata"]["name"]),
        "owner": str(previous["metadata"]["owner"]),
        "outside": [
            {"field": one.field, **_beyond(one, limits), "place": {"path": _place(request.release, one.path)}}
            for one in outside[:MOST_OUTSIDE]
        ],
        "maximumLossRatio": {spelled(name): loss for name, loss in limits.get("maximumLossRatio", {}).items()},
        "since": _since(request, plan),
    }


def _since(request: EvidenceRequest, plan: Mapping[str, Any]) -> dict[str, Any]:
    """How each metric stands to the release at which the plan was agreed to: steps within a limit add up."""
    agreed = request.settings.get("approvals", {}).get("agreedPlans", ())
    if plan_digest(plan) not in {one["digest"] for one in agreed}:
        return absent("the settings agree to no such plan")
    start = request.plan_start()
    if start.release is None:
        return unavailable(start.reason)
    from changegate.evidence.evaluation import differences_from

    status, found = differences_from(request, start)
    if status["status"] != "present":
        return {**status, "reason": f"at the release where the plan was agreed to: {status['reason']}"}
    told = ("name", "label", "sameDirection", "regressionRatio", "place")
    metrics = [{key: one[key] for key in told if key in one} for one in found["metrics"]]
    version = str(start.release["spec"]["version"])
    return present(version=version, metrics=metrics, dropped=found["dropped"])


def plan_digest(plan: Mapping[str, Any]) -> str:
    """`sha256:<hex>` of a plan: what settings agree to."""
    text = json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _outside(request: EvidenceRequest, previous: Mapping[str, Any], limits: Mapping[str, Any]) -> list[Unforeseen]:
    """What changes and is not foreseen: in the manifest, and where it names a file whose content is another."""
    changes = semantic(previous, request.release)
    found = {change.path for change in changes}
    contents = [path for path, text in _texts((), request.release) if path not in found and _differs(request, text)]
    return unforeseen(limits, changes, describe(previous, request.release, changes), contents)


def _beyond(one: Unforeseen, limits: Mapping[str, Any]) -> dict[str, str]:
    return {"level": one.level, "furthest": furthest(limits)} if one.level else {}


def _differs(request: EvidenceRequest, path: str) -> bool:
    now, before = request.files.read(path), request.files.read(path, at="base")
    return (now.status, now.data) != (before.status, before.data)


def _texts(path: KeyPath, value: Any) -> Iterator[tuple[KeyPath, str]]:
    """Every text of a manifest that could be a path, with where it stands, items of lists by their names."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, (dict, list)):
        items = value if isinstance(value, dict) else keyed(path, value)
        for key, below in items.items():
            yield from _texts((*path, key), below)


def _place(value: Any, path: KeyPath) -> list[str | int]:
    """The path in the manifest as it stands, as far as it is there: items of lists by their number."""
    found: list[str | int] = []
    for number, key in enumerate(path):
        if isinstance(value, list):
            names = list(keyed(path[:number], value))
            key = names.index(key) if key in names else -1  # noqa: PLW2901  (a name stands for a number)
        if not _has(value, key):
            break
        found.append(key)
        value = value[key]
    return found


def _has(value: Any, key: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(key, int) and 0 <= key < len(value)
    return isinstance(value, dict) and key in value
