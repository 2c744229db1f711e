"""What a signature of a model is over: bundles of the real tool against folders and digests, and false statements."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from changegate.evidence.files import EvidenceFiles
from changegate.evidence.provenance import read_statement
from changegate.evidence.signed_model import model_facts, read_signed_model
from changegate.evidence.statements import DIGESTS_TYPE, MODEL_TYPE
from support.signing_attacks import sign, statement_of
from support.trees import DictTree

if TYPE_CHECKING:
    from collections.abc import Mapping

BUNDLES = Path(__file__).parents[1] / "signing" / "bundles"
MODEL = BUNDLES / "model"
EMPTY = {"unsigned": [], "altered": [], "extra": [], "missing": [], "duplicates": [], "ignored": []}


def folder() -> dict[str, bytes]:
    return {f"m/{path.relative_to(MODEL)}": path.read_bytes() for path in MODEL.rglob("*") if path.is_file()}


def facts(value: Any, artifacts: list[dict[str, Any]], files: Mapping[str, bytes] | None = None) -> dict[str, Any]:
    model = read_signed_model(read_statement(value))
    release = {"metadata": {"name": "model"}, "spec": {"artifacts": artifacts}}
    return model_facts(model, release, EvidenceFiles(DictTree(files or {}), None), "model.sig")


def real() -> Any:
    return json.loads((BUNDLES / "key.sig").read_text())


def changed(**over: Any) -> Any:
    """The real statement with another predicate, and the digest over all that belongs to it."""
    statement = statement_of(real())
    statement["predicate"] |= over
    digests = b"".join(bytes.fromhex(one["digest"]) for one in statement["predicate"]["resources"])
    statement["subject"][0]["digest"]["sha256"] = hashlib.sha256(digests).hexdigest()
    return sign(statement)


def sha(path: str) -> str:
    return "sha256:" + hashlib.sha256((MODEL / path).read_bytes()).hexdigest()


def resource(name: str, digest: str, algorithm: str = "sha256") -> dict[str, str]:
    return {"name": name, "algorithm": algorithm, "digest": digest}


def test_a_folder_is_what_was_signed() -> None:
    found = facts(real(), [{"name": "model", "role": "model", "path": "m"}], folder())
    assert found == {"method": "files", "bound": ["model"], "algorithms": ["sha256"], **EMPTY}


def test_the_signature_and_gits_files_may_lie_in_the_folder() -> None:
    more = {**folder(), "m/model.sig": b"{}", "m/.gitattributes": b"*.bin -text\n"}
    assert facts(real(), [{"name": "model", "path": "m"}], more)["extra"] == []


@pytest.mark.parametrize(
    ("change", "key", "told"),
    [
        ({"m/evil.py": b"import os"}, "extra", ["evil.py"]),
        ({"m/config.json": b"{}"}, "altered", [{"artifact": "model", "name": "config.json"}]),
    ],
)
def test_a_folder_that_is_otherwise(change: dict[str, bytes], key: str, told: Any) -> None:
    assert facts(real(), [{"name": "model", "path": "m"}], {**folder(), **change})[key] == told


def test_a_file_of_a_folder_that_is_gone() -> None:
    files = {name: data for name, data in folder().items() if not name.endswith("vocab.txt")}
    assert facts(real(), [{"name": "model", "path": "m"}], files)["missing"] == ["tokenizer/vocab.txt"]


def test_a_pointer_of_git_lfs_in_a_folder_is_the_file() -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid {sha('model.safetensors')}\nsize 10\n".encode()
    found = facts(real(), [{"name": "model", "path": "m"}], {**folder(), "m/model.safetensors": pointer})
    assert (found["altered"], found["bound"]) == ([], ["model"])


def test_digests_of_the_manifest() -> None:
    artifacts = [{"name": "model", "role": "model", "digest": sha("model.safetensors")}]
    artifacts += [{"name": "adapter", "role": "adapter", "digest": "sha256:" + "a" * 64}]
    found = facts(real(), artifacts)
    assert found["bound"] == ["model"]
    assert found["unsigned"] == [{"artifact": "adapter", "role": "adapter"}]
    assert found["missing"] == ["config.json", "tokenizer/vocab.txt"]


def test_the_digest_over_all_is_one_of_an_artifact() -> None:
    root = statement_of(real())["subject"][0]["digest"]["sha256"]
    found = facts(real(), [{"name": "model", "digest": f"sha256:{root}"}])
    assert (found["bound"], found["missing"]) == (["model"], [])


def test_two_artifacts_that_were_swapped() -> None:
    artifacts = [
        {"name": "model", "uri": "s3://m/model.safetensors", "digest": sha("config.json")},
        {"name": "settings", "uri": "s3://m/config.json?v=2", "digest": sha("model.safetensors")},
    ]
    assert [one["artifact"] for one in facts(real(), artifacts)["altered"]] == ["model", "settings"]


def test_a_digest_by_another_algorithm_is_no_other_content() -> None:
    artifacts = [{"name": "model", "uri": "s3://m/model.safetensors", "digest": "sha512:" + "a" * 128}]
    assert facts(real(), artifacts)["altered"] == []


def test_the_older_type_lists_files_as_subjects() -> None:
    subjects = [{"name": "model.safetensors", "digest": {"sha256": "A" * 64}}]
    value = sign({"_type": "https://in-toto.io/Statement/v1", "predicateType": DIGESTS_TYPE, "subject": subjects})
    assert facts(value, [{"name": "model", "digest": "sha256:" + "a" * 64}])["bound"] == ["model"]


ONE = resource("model.safetensors", "a" * 64)


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"resources": [ONE, resource("/etc/passwd", "b" * 64)]}, "leads out"),
        ({"resources": [resource("a/../../b", "b" * 64)]}, "leads out"),
        ({"resources": [ONE, resource("x", "ab")]}, "of its length"),
    ],
)
def test_resources_that_are_none(over: Any, words: str) -> None:
    assert words in facts(changed(**over), [])["fault"]


@pytest.mark.parametrize(
    "predicate", [None, 7, {}, {"resources": []}, {"resources": {"a": 1}}, {"resources": [7, None]}]
)
def test_no_resources_at_all(predicate: Any) -> None:
    subject = [{"name": "m", "digest": {"sha256": "a" * 64}}]
    value = sign({"_type": "https://in-toto.io/Statement/v1", "predicateType": MODEL_TYPE, "subject": subject, "predicate": predicate})  # fmt: skip  # noqa: E501
    found = facts(value, [{"name": "model", "digest": "sha256:" + "a" * 64}])
    assert (found["bound"], bool(found["fault"])) == ([], True)


def test_the_digest_over_all_has_to_be_that() -> None:
    statement = statement_of(real())
    statement["subject"][0]["digest"]["sha256"] = "0" * 64
    assert "its resources come to sha256:3ecd326b" in facts(sign(statement), [])["fault"]
    statement["subject"] *= 2
    assert "2 subjects" in facts(sign(statement), [])["fault"]


def test_what_was_left_out_and_what_stands_twice() -> None:
    how = {"method": "files", "ignore_paths": [".git", "x/model.sig", "weights"]}
    found = facts(changed(resources=[ONE, ONE], serialization=how), [])
    assert (found["ignored"], found["duplicates"]) == (["weights"], ["model.safetensors"])
