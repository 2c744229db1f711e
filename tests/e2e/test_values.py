"""Values that are looked at: what is well-formed, agrees with everything beside it, and cannot be right."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures
from changegate.resources import FIXTURES
from support.command import judge

if TYPE_CHECKING:
    from pathlib import Path

FRAUD = "models/fraud-detector/manifest.yaml"
VISION = "models/product-vision/manifest.yaml"
RESEARCH = "models/recommender-research/manifest.yaml"
IMAGE = "image: registry.acme.example/serving@sha256:d79341e334ec41ce74c279f8292e19ad64a20200905a534d92d3831897413cfe"


def changed(tmp_path: Path, edit: dict[str, list[tuple[str, str]]], **more: Any) -> set[tuple[str, str]]:
    """What a pull request with these edits finds: rules that block, each with the line it stands on."""
    edits = {path: [{"find": old, "replace": new} for old, new in pairs] for path, pairs in edit.items()}
    case = fixtures.Case("values", tmp_path / "none", {"title": "values", "edit": edits, **more})
    run = judge(fixtures.lay_out(tmp_path / "repository", case))
    assert not run.verdict["failures"], run.verdict["failures"]
    blocking = [one for one in run.findings if one["effect"] == "blocks"]
    return {(one["rule"], one["location"].get("source", "").strip()) for one in blocking}


@pytest.mark.parametrize(
    ("uri", "format_", "rule"),
    [
        ("model.keras", "keras", "artifacts/format-unsafe"),
        ("model.h5", "onnx", "artifacts/format-unsafe"),
        ("saved", "saved-model", "artifacts/format-unsafe"),
        ("model.npz", "npz", "artifacts/format-unsafe"),
        ("model.skops", "skops", "artifacts/format-unsafe"),
        ("model.llamafile", "gguf", "artifacts/format-unsafe"),
        ("model.onnx.zip", "onnx", "artifacts/format-archived"),
        ("model.tgz", "onnx", "artifacts/format-archived"),
        ("model.7z", "onnx", "artifacts/format-archived"),
    ],
)
def test_formats_that_can_run_code(uri: str, format_: str, rule: str, tmp_path: Path) -> None:
    edits = [
        ("uri: s3://models/product-vision/1.4.0/model.onnx", f"uri: s3://models/product-vision/1.4.0/{uri}"),
        ("format: onnx", f"format: {format_}"),
    ]
    found = {found for found, _ in changed(tmp_path, {VISION: edits})}
    assert found - {"claims/artifacts-contradict"} == {rule}  # the name says another format than the manifest


@pytest.mark.parametrize(
    "image",
    ["serving", "serving:1.2.3", "serving@sha256:d79341e3", "Serving@sha256:" + "d" * 64, "serving@sha256:" + "D" * 64],
)
def test_an_image_that_is_not_pinned(image: str, tmp_path: Path) -> None:
    line = f"image: registry.acme.example/{image}"
    assert changed(tmp_path, {FRAUD: [(IMAGE, line)]}) == {("artifacts/image-unpinned", line)}


def test_another_pinned_image_is_no_finding(tmp_path: Path) -> None:
    assert changed(tmp_path, {FRAUD: [(IMAGE, IMAGE.replace("d79341e3", "00000001"))]}) == set()


@pytest.mark.parametrize("page", ["<!DOCTYPE html><title>Sign in</title>", '{"error": "denied"}', "404: Not Found"])
def test_a_page_in_the_models_place(page: str, tmp_path: Path) -> None:
    uri, path = "uri: s3://research/recommender/0.3.0/model.safetensors", "path: models/model.safetensors"
    edits = {RESEARCH: [(uri, f"{uri}\n      {path}")]}
    found = changed(tmp_path, edits, write={"models/model.safetensors": page})
    assert found == {("artifacts/not-a-model", path)}


RELEASED = "https://in-toto.io/attestation/release/v0.1"
ATTESTATION = "models/fraud-detector/evidence/provenance.dsse.json"
FAIRNESS = "models/fraud-detector/evidence/fairness.json"
SLSA = "https://slsa.dev/provenance/v1"
EVALUATION = "models/fraud-detector/evidence/evaluation.json"
MODEL = "ebe8df72f805d5adecf54f1052b4bcf500c8a034d3e171d8d9cfa345596e5a10"


def attestation(kind: str, digest: str = MODEL) -> str:
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "model.safetensors", "digest": {"sha256": digest}}],
        "predicateType": kind,
        "predicate": {},
    }
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    return json.dumps(
        {"payload": payload, "payloadType": "application/vnd.in-toto+json", "signatures": [{"sig": "MEUC"}]}
    )


def test_an_attestation_that_says_nothing_of_a_build(tmp_path: Path) -> None:
    kind = ("predicateType: https://slsa.dev/provenance/v1", f"predicateType: {RELEASED}")
    found = changed(tmp_path, {FRAUD: [kind]}, write={ATTESTATION: attestation(RELEASED)})
    assert found == {("provenance/attestation-missing", "attestations:")}


FOREIGN = attestation(SLSA, "b" * 64)


@pytest.mark.parametrize(
    ("lines", "rule", "line"),
    [
        ([attestation(RELEASED), "", FOREIGN, attestation(SLSA)], None, ""),
        ([attestation(RELEASED), FOREIGN], "provenance/attestation-mismatch", FOREIGN),
        ([attestation(SLSA), '{"payload": '], "provenance/attestation-invalid", '{"payload":'),
        ([attestation(RELEASED)] * 2, "provenance/attestation-invalid", attestation(RELEASED)),
    ],
)
def test_a_bundle_of_one_attestation_a_line(lines: list[str], rule: str | None, line: str, tmp_path: Path) -> None:
    found = changed(tmp_path, {}, write={ATTESTATION: "\n".join([*lines, ""])})
    expected = set() if rule is None else {(rule, line)}
    assert {one for one in found if one[0] != "provenance/attestation-missing"} == expected
    assert rule or not found


def test_a_crosstab_as_pandas_and_python_write_it(tmp_path: Path) -> None:
    found = changed(tmp_path, {FRAUD: [("format: counts", "format: aequitas")]}, write={FAIRNESS: crosstab("NaN")})
    assert found == set()


def test_a_crosstab_with_nan_in_a_column_that_is_read(tmp_path: Path) -> None:
    as_aequitas = {FRAUD: [("format: counts", "format: aequitas")]}
    found = changed(tmp_path, as_aequitas, write={FAIRNESS: crosstab("0.5", '"tp": 900', '"tp": NaN')})
    assert ("fairness/invalid-evidence", '"tp": NaN,') in found


def crosstab(rate: str, *replaced: str) -> str:
    """The fixture's counts as a crosstab with a column that is not read."""
    made = json.loads((FIXTURES / "gitops-repo" / FAIRNESS).read_text(encoding="utf-8"))
    names = {"attribute": "attribute_name", "group": "attribute_value"}
    made["records"] = [{names.get(key, key): one[key] for key in one} | {"fdr": "?"} for one in made.pop("groups")]
    return json.dumps(made, indent=1).replace('"?"', rate).replace(*(replaced or ("?", "?")))


def test_a_percentile_without_a_count(tmp_path: Path) -> None:
    edits = {EVALUATION: [('"valueMs": 88,\n      "sampleCount": 20000', '"valueMs": 88')]}
    assert {rule for rule, _ in changed(tmp_path, edits)} == {"evaluation/latency-sample-too-small"}


def test_a_report_in_git_lfs_says_how_to_get_it_out(tmp_path: Path) -> None:
    report = (fixtures.FIXTURES / "gitops-repo" / EVALUATION).read_bytes()
    digest = hashlib.sha256(report).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(report)}\n"
    case = fixtures.Case("values", tmp_path, {"title": "lfs", "write": {EVALUATION: pointer}, "redigest": False})
    run = judge(fixtures.lay_out(tmp_path / "repository", case))
    (finding,) = [one for one in run.findings if one["rule"] == "evaluation/invalid-evidence"]
    assert "is a Git LFS pointer to exactly that digest; commit the file as it is" in finding["message"]
    assert "Write the report again" not in finding["remediation"]
    assert finding["location"]["source"].strip() == f"digest: sha256:{digest}"


def test_a_document_of_placeholders(tmp_path: Path) -> None:
    found = changed(
        tmp_path,
        {FRAUD: [("spec:", "spec: # read")]},
        write={"models/fraud-detector/RUNBOOK.md": "# Runbook\n\nTODO\n"},
    )
    assert found == {("operations/runbook-missing", "runbook: models/fraud-detector/RUNBOOK.md")}
