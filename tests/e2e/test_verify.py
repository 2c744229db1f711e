"""`changegate verify`: the facts of a release's artifacts alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from support import artifact_attacks
from support.command import changegate

if TYPE_CHECKING:
    from pathlib import Path


def test_it_shows_facts_and_judges_nothing(tmp_path: Path) -> None:
    laid_out = artifact_attacks.pickle_called_safetensors(tmp_path / "repository")
    run = changegate("verify", artifact_attacks.MANIFEST, cwd=laid_out.root)
    assert run.code == 0
    assert "hazard     calls posix.system" in run.out
    assert "by its bytes: pickle" in run.out
    assert "nothing stated; FOUND" in run.out
    told = json.loads(changegate("verify", artifact_attacks.MANIFEST, "-o", "json", cwd=laid_out.root).out)
    (artifact,) = told[0]["artifacts"]
    assert (told[0]["model"]["name"], artifact["scan"]["kind"]) == ("recommender-research", "pickle")
    fraud = changegate("verify", "models/fraud-detector/manifest.yaml", cwd=laid_out.root)
    assert "; its Git LFS pointer says the same, and nobody saw the bytes" in fraud.out
    assert "https://slsa.dev/provenance/v1: verified by key acme-models-2026 of signer training-pipeline" in fraud.out
    assert "only its name was looked at" in fraud.out
