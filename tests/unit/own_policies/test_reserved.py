"""The root that is ours is nobody else's, by whatever way it is claimed."""

from __future__ import annotations

import pytest

from changegate.own_policies.reserved import taken


@pytest.mark.parametrize("path", [("changegate",), ("changegate", "checks", "own"), ["changegate", "x.y"]])
def test_what_stands_below_ours_is_refused_with_its_place(path: tuple[str, ...]) -> None:
    refused = taken(path, "a.rego", 3)
    assert refused is not None
    assert (refused.place, bool(refused.hint)) == ("a.rego:3", True)
    assert f"`data.{'.'.join(path)}` is reserved" in refused.message


@pytest.mark.parametrize("path", [(), ("changegates",), ("acme", "changegate"), ("Changegate",)])
def test_what_stands_elsewhere_is_not(path: tuple[str, ...]) -> None:
    assert taken(path, "a.rego") is None
