"""Moments: RFC 3339 and nothing beside it."""

from __future__ import annotations

import pytest

from changegate.manifest.moments import moment

NOW = 1793620800


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-02T12:00:00Z", NOW),
        ("2026-11-02T14:00:00+02:00", NOW),
        ("2026-11-02T12:00:00.999Z", NOW),
        ("2026-11-02T12:00:00", None),
        ("2026-11-02", None),
        ("2026-11-02T12:00Z", None),
        ("2026-W45-1T12:00:00+00:00", None),
        ("20261102T120000Z", None),
        ("2026-11-02 12:00:00Z", None),
        ("1970-01-01T00:00:00Z", 0),
        ("2026-11-02T25:00:00Z", None),
        ("2026-11-02T12:00:00+25:00", None),
        ("now", None),
        ("2026-11-02t12:00:00z", None),
        ("2026-13-02T12:00:00Z", None),
        ("2026-11-02T12:00:00Z\n", None),
        ("٢٠٢٦-11-02T12:00:00Z", None),
        ("", None),
    ],
)
def test_moments(text: str, expected: int | None) -> None:
    assert moment(text) == expected
