"""`changegate new`: what a source tells stands in the manifest, and what only a person knows is a comment."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from changegate.manifest import load_manifests, parse
from changegate.mend.draft import CLAIMS
from support.command import changegate
from support.repos import Repo

if TYPE_CHECKING:
    from support.command import Run

FILES = Path(__file__).parents[1] / "support/evidence_files"
MLMODEL = Path(__file__).parents[1] / "unit/evidence/contracts/MLmodel"
SHA = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
HUB = {
    "id": "sentence-transformers/all-MiniLM-L6-v2",
    "sha": SHA,
    "pipeline_tag": "sentence-similarity",
    "cardData": {"license": "apache-2.0"},
    "siblings": [
        {"rfilename": "README.md", "size": 10},
        {"rfilename": "model.safetensors", "size": 90868376, "lfs": {"sha256": "5" * 64, "size": 90868376}},
        {"rfilename": "pytorch_model.bin", "size": 90888945},
    ],
}
SERVICE = """
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: churn}
spec:
  predictor:
    minReplicas: 2
    model:
      modelFormat: {name: sklearn}
      storageUri: s3://models/churn/1
      resources: {limits: {cpu: "1", memory: 2Gi, nvidia.com/gpu: 1}}
"""


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo.init(tmp_path / "r")
    changegate("init", cwd=made.path)
    made.commit({}, "begun")
    return made


def new(repo: Repo, *words: str, name: str = "churn") -> Run:
    return changegate("new", name, "--owner", "example-team", *words, cwd=repo.path)


def text(repo: Repo, name: str = "churn") -> str:
    return (repo.path / f"models/{name}/manifest.yaml").read_text()


def value(repo: Repo, name: str = "churn") -> Any:
    read = parse(text(repo, name).encode(), "m.yaml")
    assert read.faults == ()
    return read.documents[0].value


def safetensors(path: Path) -> bytes:
    header = json.dumps({"w": {"dtype": "F32", "shape": [10, 10], "data_offsets": [0, 400]}}).encode()
    data = struct.pack("<Q", len(header)) + header + bytes(400)
    path.write_bytes(data)
    return data


def test_a_file_tells_its_size_its_digest_and_its_parameters(repo: Repo) -> None:
    (repo.path / "build").mkdir()
    data = safetensors(repo.path / "build/m.safetensors")
    done = new(repo, "--from", "build/m.safetensors", "--uri", "s3://models/churn/0.1.0/m.safetensors")
    assert done.code == 0, done.err
    assert value(repo)["spec"]["artifacts"] == [
        {
            "name": "model",
            "role": "model",
            "uri": "s3://models/churn/0.1.0/m.safetensors",
            "path": "build/m.safetensors",
            "format": "safetensors",
            "sizeBytes": len(data),
            "digest": f"sha256:{hashlib.sha256(data).hexdigest()}",
            "parameters": 100,
        }
    ]
    assert "with what m.safetensors itself says" in done.out


@pytest.mark.parametrize("tier", ["low", "medium", "high", "critical"])
def test_it_asks_what_its_tier_asks_and_is_no_answer_by_itself(repo: Repo, tier: str) -> None:
    safetensors(repo.path / "m.safetensors")
    new(repo, "--from", "m.safetensors", "--tier", tier, "--uri", "s3://m/1/m.safetensors")
    made = text(repo)
    assert value(repo)["spec"]["risk"] == {"tier": tier}
    assert ("# slos" in made, "rollout:" in made, "# intendedUse" in made) == ((tier != "low",) * 3)
    assert ("evidence/model.sig" in made) == (tier in {"high", "critical"})
    assert ("shadow:" in made) == (tier == "critical")
    assert load_manifests(made.encode(), "m.yaml").faults == ()
    asked = set(re.findall(r"# (\w+): (?:true|none)", made))
    assert asked == (
        {"affectsUsers", "revenueBand", "regulated", "safetyCritical", "personalData"} if tier != "low" else set()
    )
    assert set(CLAIMS) >= asked
    run = changegate("check", "--base", "HEAD", "models/churn/manifest.yaml", "-o", "json=../v.json", cwd=repo.path)
    verdict = json.loads((repo.path.parent / "v.json").read_text())
    found = {one["rule"] for subject in verdict["subjects"] for one in subject["findings"]}
    assert run.code == 0, "nothing is enforced yet"
    assert found, "what only a person knows is asked for"
    if tier != "low":
        assert {"evaluation/missing", "slos/missing", "risk/missing", "provenance/source-missing"} <= found


def test_a_hub_tells_of_a_model_of_somebody_else(repo: Repo) -> None:
    (repo.path / "model.json").write_text(json.dumps(HUB))
    done = new(repo, "--from", "model.json", "--reviewed-by", "first-login", "--obtained-at", "2026-10-01T00:00:00Z")
    assert done.code == 0, done.err
    spec = value(repo)["spec"]
    assert spec["task"] == "embedding"
    assert spec["provenance"]["external"] == {
        "publisher": "sentence-transformers",
        "licence": "Apache-2.0",
        "obtainedFrom": f"hf://sentence-transformers/all-MiniLM-L6-v2@{SHA}",
        "obtainedAt": "2026-10-01T00:00:00Z",
        "reviewedBy": "first-login",
    }
    (artifact,) = spec["artifacts"]
    assert artifact["digest"] == "sha256:" + "5" * 64
    assert (artifact["sizeBytes"], artifact["format"]) == (90868376, "safetensors")


def test_a_card_and_an_mlmodel_and_a_service_of_the_real_tools(repo: Repo) -> None:
    assert new(repo, "--from", str(FILES / "huggingface_hub/README.md"), "--uri", "s3://m/1/m.onnx").code == 0
    assert new(repo, "--from", str(MLMODEL), "--uri", "s3://m/1/m.onnx", name="run").code == 0
    assert value(repo, "run")["spec"]["provenance"]["trainingRun"]["runId"] in MLMODEL.read_text()
    (repo.path / "isvc.yaml").write_text(SERVICE)
    assert new(repo, "--from", "isvc.yaml", "--tier", "medium", name="served").code == 0
    assert value(repo, "served")["spec"]["serving"] == {
        "platform": "kubernetes",
        "resources": {"cpu": "1", "memory": "2Gi", "gpu": 1},
        "replicas": 2,
        "endpoint": "churn",
        "deploys": [{"path": "isvc.yaml", "kind": "InferenceService", "name": "churn"}],
    }


def test_a_model_behind_an_api_is_somebody_elses(repo: Repo) -> None:
    done = new(repo, "--hosted", "acme-llm/large@large-2026-08-01", "--task", "generation", "--tier", "medium")
    assert done.code == 0, done.err
    assert value(repo)["spec"]["artifacts"][0]["hosted"] == {
        "provider": "acme-llm", "model": "large", "snapshot": "large-2026-08-01"
    }  # fmt: skip
    assert value(repo)["spec"]["provenance"] == {"external": {"publisher": "acme-llm"}}
    assert "# licence: as SPDX writes it" in text(repo)
    assert "trainingRun" not in text(repo)


def test_nothing_is_written_over_and_a_pipe_is_not_asked(repo: Repo) -> None:
    assert new(repo).code == 0
    before = text(repo)
    again = new(repo, "--tier", "high")
    assert (again.code, text(repo)) == (2, before)
    assert "is there already" in again.err
    unsaid = changegate("new", "other", cwd=repo.path)
    assert (unsaid.code, "add --owner TEAM" in unsaid.err) == (2, True)


@pytest.mark.parametrize(
    "source", ["hf:org/model@" + SHA, "mlflow:models:/n/3", "https://example.com/m.onnx", "s3://b/m"]
)
def test_what_needs_the_network_is_not_fetched_and_says_what_to_give(repo: Repo, source: str) -> None:
    done = new(repo, "--from", source)
    assert done.code == 2
    assert "is not fetched" in done.err


EVIL = 'x"\n  tier: low #\u202e'
HOSTILE: dict[str, Any] = {
    "a name of a file": {**HUB, "siblings": [{"rfilename": "a: {b\n.safetensors", "size": 1}]},
    "a name of a model": {**HUB, "id": EVIL},
    "a revision": {**HUB, "sha": "main"},
    "too many": {**HUB, "siblings": [{"rfilename": f"m{n}.safetensors"} for n in range(1000)]},
    "pickles alone": {**HUB, "siblings": [{"rfilename": "pytorch_model.bin"}]},
    "no list": {**HUB, "siblings": 7},
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_a_source_says_is_no_manifest(repo: Repo, what: str) -> None:
    (repo.path / "model.json").write_text(json.dumps(HOSTILE[what]))
    done = new(repo, "--from", "model.json")
    assert done.code == 2, done.out
    assert not (repo.path / "models/churn/manifest.yaml").exists()


def test_texts_of_a_source_stay_texts(repo: Repo) -> None:
    said = {**HUB, "pipeline_tag": EVIL, "cardData": {"license": "other", "license_name": "yes"}}
    (repo.path / "model.json").write_text(json.dumps({**said, "siblings": [{**HUB["siblings"][1], "size": True}]}))
    assert new(repo, "--from", "model.json", "--intended-use", EVIL).code == 0
    spec = value(repo)["spec"]
    assert (spec["intendedUse"], spec["provenance"]["external"]["licence"]) == (EVIL, "LicenseRef-yes")
    assert "task" not in spec


PAIRS = ("ab", "bc", "cd", "de", "ef", "fg", "gh")
BOMB = "a: &a [1, 1]\n" + "".join(f"{to}: &{to} [{', '.join([f'*{of}'] * 9)}]\n" for of, to in PAIRS)
BROKEN = {
    "bomb.yaml": BOMB,
    "README.md": "no front matter\n",
    "open.md": "---\nlicense: mit\n",
    "half.json": '{"id": ',
    "tag.yaml": "!!python/object/apply:os.system ['true']\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_source_is_told_by_its_name(repo: Repo, name: str) -> None:
    (repo.path / name).write_text(BROKEN[name])
    done = new(repo, "--from", name)
    assert (done.code, "Traceback" in done.err, "internal error" in done.err) == (2, False, False), done.err


@pytest.mark.parametrize("name", ["Churn", "../x", "a b", "-x", ""])
def test_a_name_that_no_manifest_may_have_writes_nothing(repo: Repo, name: str) -> None:
    assert changegate("new", "--owner", "t", "--", name, cwd=repo.path).code == 2
