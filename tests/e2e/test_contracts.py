"""A pull request that only touches a contract is checked for every model that reads it, whatever format it is in."""

from __future__ import annotations

import hashlib
from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

from changegate import fixtures, gate
from changegate.names import Effect
from support.contract_writers import WRITERS, Feature

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.verdict import Finding

MODELS = {
    "fraud-detector": "- {name: transactions, version: 3, path: contracts/transactions.yaml}",
    "credit-score": "- {name: applications, version: 2, path: contracts/applications.yaml}",
}
BEFORE: list[Feature] = [
    {"name": "visits", "type": "int32", "unit": "1"},
    {"name": "channel", "type": "string", "enum": ["app", "web"]},
]
VERSIONED = {"feature-contract": "1", "odcs": "1.0.0"}
"""Formats whose writer says a version. The others are pinned by a digest."""
DTYPE = {"tfdv-schema": "int64"}


def case_of(form: str, root: Path, after: list[Feature]) -> fixtures.Case:
    """Two models of the branch read a contract, and the pull request changes that file alone."""
    path = WRITERS[form][0]
    before, now = written(form, BEFORE), written(form, after)
    pinned = "" if form in VERSIONED else f', digest: "sha256:{hashlib.sha256(before).hexdigest()}"'
    entry = f"- {{name: more, version: {VERSIONED.get(form, '1')}, path: more/{path}{pinned}}}"
    dtype = DTYPE.get(form, "int32")
    inputs = f'      - {{name: visits, dtype: {dtype}, contract: more, nullable: true, unit: "1"}}\n'
    edits = {
        f"models/{model}/manifest.yaml": [
            {"find": listed, "replace": f"{listed}\n      {entry}"},
            {"find": "    inputs:\n", "replace": f"    inputs:\n{inputs}"},
        ]
        for model, listed in MODELS.items()
    }
    _write(root / "setup" / "more" / path, before)
    _write(root / "files" / "more" / path, now)
    return fixtures.Case("contract", root, {"title": "contract", "setup": {"edit": edits}, "redigest": False})


def written(form: str, features: list[Feature]) -> bytes:
    """The contract, which only in our own format has to be called as the manifest calls it."""
    data = WRITERS[form][1](features)
    return data.replace(b"name: transactions", b"name: more") if form == "feature-contract" else data


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(data)


def judged(root: Path, form: str, after: list[Feature]) -> list[Finding]:
    case = case_of(form, root, after)
    verdict = gate.check(fixtures.request(fixtures.lay_out(root / "repository", case)), {})
    assert verdict.failures == ()
    return [one for one in verdict.findings if one.effect is Effect.BLOCKS]


@pytest.mark.parametrize("form", WRITERS)
def test_a_changed_type_is_a_finding_at_every_model_that_reads_it(tmp_path: Path, form: str) -> None:
    after = deepcopy(BEFORE)
    after[0]["type"] = "string"
    found = [one for one in judged(tmp_path, form, after) if one.rule == "features/type-mismatch"]
    assert sorted(one.location.file for one in found) == sorted(f"models/{model}/manifest.yaml" for model in MODELS)
    for one in found:
        model = one.location.file.split("/")[1]
        assert model in one.message
        assert "visits" in one.message
        assert "; or " in one.remediation or ", or " in one.remediation
        assert any(place.location.file.startswith("more/") for place in one.related)


@pytest.mark.parametrize("form", WRITERS)
def test_a_contract_that_says_the_same_in_another_order_closes_nothing(tmp_path: Path, form: str) -> None:
    rules = {one.rule for one in judged(tmp_path, form, BEFORE[::-1])}
    assert rules <= ({"features/contract-digest-mismatch"} if form not in VERSIONED else set())
