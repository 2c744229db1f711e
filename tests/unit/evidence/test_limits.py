"""What a release needs of its platform, as facts."""

from __future__ import annotations

from typing import Any

import pytest

from changegate.evidence.limits import limits

GIB = 1024**3
WEIGHTS = [{"scan": {"form": "sound", "parameterBytes": 16 * GIB}, "size": {"bytes": 4 * GIB}}]


def gpu(resources: dict[str, Any], listed: Any = WEIGHTS) -> Any:
    return limits({"resources": resources}, {}, listed)["gpuMemory"]


def test_weights_take_what_their_header_says_and_the_cache_beside_them() -> None:
    found = gpu({"gpu": 2, "gpuMemory": "12Gi", "kvCache": "6Gi"})
    assert (found["weightsBytes"], found["kvCacheBytes"], found["limitBytes"]) == (16 * GIB, 6 * GIB, 24 * GIB)
    assert found["usedRatio"] == pytest.approx(22 / 24)


def test_weights_of_which_no_header_was_read_take_what_their_file_does() -> None:
    for scan in ({}, {"form": "broken", "parameterBytes": 99 * GIB}):
        assert (
            gpu({"gpuMemory": "24Gi", "kvCache": "1Gi"}, [{"scan": scan, "size": {"bytes": GIB}}])["weightsBytes"]
            == GIB
        )


@pytest.mark.parametrize(
    ("resources", "status"),
    [
        ({"gpuMemory": "24Gi"}, "not-stated"),
        ({"kvCache": "24Gi"}, "not-stated"),
        ({"gpuMemory": "0", "kvCache": "1Gi"}, "unsized"),
        ({"gpu": 0, "gpuMemory": "24Gi", "kvCache": "1Gi"}, "unsized"),
    ],
)
def test_what_cannot_be_told(resources: dict[str, Any], status: str) -> None:
    assert gpu(resources)["status"] == status


@pytest.mark.parametrize(
    ("serving", "status"),
    [
        ({}, "not-stated"),
        ({"coldStartMs": 1, "platform": "kubernetes"}, "not-serverless"),
        ({"coldStartMs": 1, "platform": "serverless"}, "cold"),
        ({"coldStartMs": 1, "platform": "serverless", "provisionedConcurrency": 1}, "warm"),
    ],
)
def test_cold_starts(serving: dict[str, Any], status: str) -> None:
    assert limits(serving, {}, [])["coldStart"]["status"] == status


def test_a_package_beside_the_one_before() -> None:
    assert limits({"packageBytes": 30}, {"packageBytes": 10}, [])["packageGrowth"]["growthRatio"] == 3
    assert limits({"packageBytes": 30}, {}, [])["packageGrowth"]["status"] == "new"
