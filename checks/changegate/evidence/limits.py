"""What a release needs of its platform: its package beside the one before, a cold start, and the memory of its GPUs.

Weights in a GPU take what their header says, parameter by parameter; beside them stands the cache of keys and values
that the manifest states: a file may be small and its model large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.manifest.units import size
from changegate.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def limits(
    serving: Mapping[str, Any], previous: Mapping[str, Any], listed: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The facts of what a release needs.

    Args:
        serving: The manifest's `serving`.
        previous: That of the previous release; empty where there is none.
        listed: The facts of its artifacts.
    """
    return {
        "packageGrowth": _growth(serving.get("packageBytes"), previous.get("packageBytes")),
        "coldStart": _cold_start(serving),
        "gpuMemory": _gpu_memory(serving.get("resources", {}), listed),
    }


def _growth(now: int | None, before: int | None) -> dict[str, Any]:
    if now is None:
        return {"status": "not-stated"}
    if not before:
        return {"status": "new", "bytes": now}
    return {"status": "sized", "bytes": now, "previousBytes": before, "growthRatio": plain(round(now / before, 9))}


def _cold_start(serving: Mapping[str, Any]) -> dict[str, Any]:
    if "coldStartMs" not in serving:
        return {"status": "not-stated"}
    if serving.get("platform") != "serverless":
        return {"status": "not-serverless"}
    warm = int(serving.get("provisionedConcurrency", 0))
    status = "warm" if warm else "cold"
    return {"status": status, "coldStartMs": serving["coldStartMs"], "provisionedConcurrency": warm}


def _gpu_memory(resources: Mapping[str, Any], listed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The weights and the cache as a share of the memory of all GPUs."""
    if "kvCache" not in resources or "gpuMemory" not in resources:
        return {"status": "not-stated"}
    weights = sum(_weights(one) for one in listed)
    cache = size(str(resources["kvCache"])) or 0
    limit = (size(str(resources["gpuMemory"])) or 0) * resources.get("gpu", 1)
    if not weights or not limit:
        return {"status": "unsized"}
    facts = {"weightsBytes": weights, "kvCacheBytes": cache, "limitBytes": limit}
    return {"status": "stated", **facts, "usedRatio": plain(round((weights + cache) / limit, 9))}


def _weights(one: Mapping[str, Any]) -> int:
    """The bytes of an artifact's parameters by its header, or else of its file."""
    scan = one.get("scan", {})
    by_header = scan.get("parameterBytes", 0) if scan.get("form") == "sound" else 0
    return max(int(by_header), int(one.get("size", {}).get("bytes", 0)))
