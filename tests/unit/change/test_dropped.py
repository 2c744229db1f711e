"""What a release no longer says of its features, where a rule hangs on it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from changegate.change.dropped import dropped

CONTRACT = {"name": "c", "version": 1, "path": "c.avsc", "digest": "sha256:0"}
INPUT = {"name": "a", "dtype": "int8", "contract": "c", "unit": "EUR", "freshness": "1m", "from": "b"}
OTHER = {"name": "z", "dtype": "int8"}


def manifest(**features: Any) -> Any:
    return SimpleNamespace(value={"spec": {"features": features}})


def without(item: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != key}


BEFORE = manifest(contracts=[CONTRACT], inputs=[INPUT, OTHER], signature={"path": "MLmodel"})


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        (BEFORE, []),
        (manifest(contracts=[CONTRACT], inputs=[INPUT, OTHER]), ["model-signature"]),
        (
            manifest(contracts=[without(CONTRACT, "digest")], inputs=[INPUT], signature={"path": "m"}),
            ["contract-digest"],
        ),
        (manifest(contracts=[CONTRACT], inputs=[without(INPUT, "unit")], signature={"path": "m"}), ["input-unit"]),
        (manifest(contracts=[CONTRACT], inputs=[without(INPUT, "from")], signature={"path": "m"}), ["input-source"]),
        (
            manifest(contracts=[CONTRACT], inputs=[without(INPUT, "freshness")], signature={"path": "m"}),
            ["freshness-need"],
        ),
        (manifest(contracts=[CONTRACT], inputs=[without(INPUT, "contract")], signature={"path": "m"}), ["contract"]),
        (manifest(contracts=[CONTRACT], inputs=[OTHER], signature={"path": "m"}), []),
    ],
)
def test_what_an_input_that_stays_no_longer_says(now: Any, kinds: list[str]) -> None:
    assert [one["kind"] for one in dropped(BEFORE, now)] == kinds
