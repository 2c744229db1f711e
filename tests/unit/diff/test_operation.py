"""Which of two versions is newer."""

from __future__ import annotations

import pytest

from changegate.diff.operation import has_order, is_lower


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("1.9.0", "1.10.0"),
        ("1.0.0-rc.1", "1.0.0"),
        ("v1.2", "v1.2.1"),
        ("9", "10"),
        ("2026-09-30", "2026-10-01"),
        ("2026.9", "2026.10"),
        ("20260930", "20261001"),
        ("1.2.3.4", "1.2.3.10"),
        ("3", "3.0.1"),
    ],
)
def test_versions_that_have_an_order(lower: str, higher: str) -> None:
    assert is_lower(lower, higher)
    assert not is_lower(higher, lower)
    assert not is_lower(lower, lower)
    assert has_order(lower)
    assert has_order(higher)


@pytest.mark.parametrize("version", ["better", "7f3a14c", "release-2", "2.x", "1..2", "", "1" * 40])
def test_versions_that_have_none(version: str) -> None:
    assert not has_order(version)
    assert not is_lower(version, "2.4.0")
    assert not is_lower("2.4.0", version)
