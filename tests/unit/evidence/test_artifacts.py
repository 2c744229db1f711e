"""Facts of artifacts: what identifies them, how large they are, and what the repository says of them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from changegate.evidence.artifacts import collect
from changegate.resources import SCHEMAS
from support import model_files
from support.rollouts import fraud
from support.trees import request

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = json.loads((SCHEMAS / "input" / "artifacts.json").read_text())
HEX = "ebe8df72f805d5adecf54f1052b4bcf500c8a034d3e171d8d9cfa345596e5a10"
COMMIT = "9fceb02d0ae598e95dc970b74767f19372d61af8"
UNSEEN = {
    "status": "unseen",
    "reason": "only its name was looked at: its bytes are not in the repository, and were not handed in",
    "claim": {"status": "unknown"},
    "form": "unknown",
    "hazards": [],
    "names": [],
    "domains": [],
}
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{HEX}\nsize 48210944\n".encode()
AT = {"name": "model", "role": "model", "uri": "s3://models/m.safetensors", "path": "m.safetensors"}


def checked(
    *artifacts: dict[str, Any], files: Any = None, previous: Any = None, resources: Any = None, handed_in: Any = None
) -> tuple[Any, Any]:
    section = collect(request(made(*artifacts, resources=resources), files, previous=previous, handed_in=handed_in))
    for name, value in (("evidence", section.evidence), ("facts", section.facts)):
        jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{name}"}).validate(value)
        json.dumps(value, allow_nan=False)
    return section.evidence, section.facts


def made(*artifacts: dict[str, Any], resources: Any = None) -> dict[str, Any]:
    release = fraud()
    release["spec"]["artifacts"] = list(artifacts)
    release["spec"]["serving"]["resources"] = resources or {}
    return release


def one(artifact: dict[str, Any], **more: Any) -> dict[str, Any]:
    _, facts = checked(artifact, **more)
    (fact,) = facts["artifacts"]
    found: dict[str, Any] = fact
    return found


def at(uri: str, **more: Any) -> dict[str, Any]:
    return {"name": "model", "role": "model", "uri": uri, **more}


def dvc(text: str, digest: str | None = f"sha256:{HEX}") -> Any:
    stated = {"digest": digest} if digest else {}
    return one({**AT, "path": "m.dvc", **stated}, files={"m.dvc": text.encode()})["stored"]


def test_an_artifact_behind_a_git_lfs_pointer() -> None:
    evidence, facts = checked({**AT, "digest": f"sha256:{HEX}", "sizeBytes": 48210944}, files={AT["path"]: POINTER})
    assert evidence == {"status": "present"}
    assert facts["artifacts"] == [
        {
            "name": "model",
            "role": "model",
            "kind": "path",
            "reference": {"text": "s3://models/m.safetensors", "pin": "digest"},
            "formats": ["safetensors"],
            "judgedFormats": ["safetensors"],
            "parameters": {"status": "unknown"},
            "scan": UNSEEN,
            "parts": {"status": "none", "missing": [], "unlisted": []},
            "digest": {"stated": True, "algorithm": "sha256", "value": f"sha256:{HEX}"},
            "stored": {
                "status": "present",
                "kind": "git-lfs",
                "sizeBytes": 48210944,
                "content": {"status": "unseen", "reason": "m.safetensors stands for a file that is kept elsewhere"},
                "digest": f"sha256:{HEX}",
            },
            "nothing": [],
            "address": {"status": "kept"},
            "size": {"stated": True, "known": True, "statedBytes": 48210944, "bytes": 48210944},
            "growth": {"status": "new"},
        }
    ]
    assert facts["memory"] == {"status": "not-stated"}
    assert facts["image"]["pin"] == "digest"


def test_a_research_artifact_states_little() -> None:
    evidence, facts = checked(at("s3://research/model.safetensors"))
    assert evidence["status"] == "absent"
    (fact,) = facts["artifacts"]
    assert fact["digest"] == {"stated": False}
    assert fact["size"] == {"stated": False, "known": False}
    assert "stored" not in fact


def test_a_model_behind_an_api_has_neither_digest_nor_size() -> None:
    hosted = {"provider": "acme-llm", "model": "large", "snapshot": "large-2026-08-01"}
    assert one({"name": "judge", "role": "model", "hosted": hosted}) == {
        "name": "judge",
        "role": "model",
        "kind": "hosted",
        "reference": {"text": "acme-llm/large@large-2026-08-01", "pin": "snapshot"},
        "scan": {**UNSEEN, "reason": "a model behind an API has no bytes here"},
    }


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha384", "sha512"])
def test_a_plain_file_is_digested_in_the_algorithm_of_the_manifest(algorithm: str) -> None:
    stated = f"{algorithm}:{hashlib.new(algorithm, b'other').hexdigest()}"
    stored = one({**AT, "digest": stated}, files={AT["path"]: b"weights"})["stored"]
    found = hashlib.new(algorithm, b"weights").hexdigest()
    assert (stored["kind"], stored["sizeBytes"], stored["digest"]) == ("file", 7, f"{algorithm}:{found}")


@pytest.mark.parametrize(
    ("data", "digest", "known"), [(b"weights", f"blake3:{HEX}", "sha256"), (POINTER, "sha512:" + "0" * 128, "sha256")]
)
def test_digests_that_cannot_be_compared_are_invalid(data: bytes, digest: str, known: str) -> None:
    stored = one({**AT, "digest": digest}, files={AT["path"]: data})["stored"]
    assert stored["status"] == "invalid"
    assert f"known by {known}, not by {digest.partition(':')[0]}" in stored["reason"]


def test_a_path_that_is_not_there_is_absent() -> None:
    evidence, facts = checked({**AT, "digest": f"sha256:{HEX}"})
    assert evidence == {"status": "absent", "reason": "m.safetensors is not in the repository"}
    assert facts["artifacts"][0]["stored"] == evidence


def test_a_file_that_is_too_large_to_be_read_at_once_is_streamed() -> None:
    data = bytes(16 * 1024 * 1024 + 1)
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    stored = one({**AT, "digest": digest}, files={AT["path"]: data})["stored"]
    assert (stored["status"], stored["digest"], stored["sizeBytes"]) == ("present", digest, len(data))


@pytest.mark.parametrize(
    "data",
    [
        POINTER.replace(b"git-lfs.github.com", b"hawser.github.com"),
        POINTER.replace(b"https://git-lfs.github.com/spec/v1", b"http://git-media.io/v/2"),
        POINTER.replace(b"\n", b"\r\n"),
        POINTER.replace(b"\noid", b"\n\noid"),
        POINTER.replace(b"\noid", b"\next-0-a sha256:" + b"0" * 64 + b"\next-1-b sha256:" + b"1" * 64 + b"\noid"),
    ],
)
def test_every_form_of_a_pointer(data: bytes) -> None:
    stored = one({**AT, "digest": f"sha256:{HEX}"}, files={AT["path"]: data})["stored"]
    assert (stored["kind"], stored["digest"], stored["sizeBytes"]) == ("git-lfs", f"sha256:{HEX}", 48210944)


LOCK = f"""schema: '2.0'
stages:
  train:
    cmd: python train.py
    outs:
    - path: m.safetensors
      hash: md5
      md5: 9e107d9d372bb6826bd81d3542a419d6
      size: 12
      meta: {{sha256: {HEX}}}
    - path: metrics.json
      md5: 9e107d9d372bb6826bd81d3542a419d7
      size: 3
"""


@pytest.mark.parametrize(
    ("path", "files"),
    [
        ("w/m.safetensors", {"w/dvc.lock": LOCK}),
        ("w/m.safetensors", {"dvc.lock": LOCK.replace("path: m.", "path: w/m.")}),
        ("w/dvc.lock", {"w/dvc.lock": LOCK.replace("m.safetensors", "x/m.safetensors")}),
        ("w/m.safetensors", {"w/m.safetensors.dvc": f"outs: [{{md5: a, size: 12, path: m, sha256: {HEX}}}]"}),
    ],
)
def test_what_dvc_keeps_is_known_by_its_path_or_its_lock(path: str, files: dict[str, str]) -> None:
    written = {name: text.encode() for name, text in files.items()}
    stored = one({**AT, "path": path, "digest": f"sha256:{HEX}"}, files=written)["stored"]
    assert (stored["kind"], stored["sizeBytes"], stored["digest"]) == ("dvc", 12, f"sha256:{HEX}")


def test_the_md5_of_dvc_is_compared_and_judged_by_its_strength_elsewhere() -> None:
    digest = "md5:9e107d9d372bb6826bd81d3542a419d6"
    stored = one({**AT, "digest": digest}, files={"dvc.lock": LOCK.encode()})["stored"]
    assert stored["digest"] == digest


def test_a_folder_of_dvc_has_a_size_and_no_digest_that_binds() -> None:
    outs = b"outs:\n- md5: 9e107d9d372bb6826bd81d3542a419d6.dir\n  size: 99\n  nfiles: 3\n  path: m\n"
    stored = one({**AT, "path": "m", "digest": f"sha256:{HEX}"}, files={"m.dvc": outs})["stored"]
    assert stored == {
        "status": "invalid",
        "reason": "m (dvc-folder) is known by no digest that binds it, not by sha256",
    }
    assert one({**AT, "path": "m"}, files={"m.dvc": outs})["stored"]["sizeBytes"] == 99


@pytest.mark.parametrize("lock", ["a: [", "- a", "stages: {a: {outs: [{path: m.safetensors}]}}"])
def test_a_lock_of_dvc_that_is_none(lock: str) -> None:
    stored = one({**AT, "digest": f"sha256:{HEX}"}, files={"dvc.lock": lock.encode()})["stored"]
    assert stored["status"] == "invalid"


FOLDER = {"w/config.json": b"{}", "w/m.safetensors": POINTER}


def test_a_folder_has_a_digest_over_its_files() -> None:
    config = hashlib.sha256(b"{}").digest()
    root = "sha256:" + hashlib.sha256(config + bytes.fromhex(HEX)).hexdigest()
    stored = one({**AT, "path": "w", "digest": root}, files=FOLDER)["stored"]
    assert (stored["kind"], stored["digest"], stored["sizeBytes"]) == ("folder", root, 48210946)
    other = one({**AT, "path": "w", "digest": root}, files={**FOLDER, "w/more": b""})["stored"]
    assert other["digest"] != root


def test_what_a_folder_holds_is_looked_into_file_by_file() -> None:
    held = {"w/a.safetensors": model_files.safetensors(), "w/b.pkl": model_files.hostile_pickle()}
    scan = one({**AT, "path": "w"}, files=held)["scan"]
    assert (scan["status"], [one["what"] for one in scan["hazards"]]) == ("complete", ["b.pkl: calls posix.system"])
    disguised = {"w/a.safetensors": model_files.torch(b"ccollections\nOrderedDict\n(tR.")}
    assert one({**AT, "path": "w"}, files=disguised)["scan"]["claim"]["status"] == "contradicts"
    assert one({**AT, "path": "w"}, files=FOLDER)["scan"]["status"] == "unseen"


WEIGHTS = {"weight_map": {"a": "m-00001-of-00002.safetensors", "b": "m-00002-of-00002.safetensors"}}


@pytest.mark.parametrize(
    ("names", "index", "expected"),
    [
        ([1, 2], WEIGHTS, ("known", [], [])),
        ([1], WEIGHTS, ("known", ["m-00002-of-00002.safetensors"], [])),
        ([1, 2, 3], WEIGHTS, ("known", [], ["m-00003-of-00002.safetensors"])),
        ([1, 2], {"weight_map": []}, ("broken", [], [])),
        ([1], None, ("known", ["m-00002-of-00002.safetensors"], [])),
        ([1, 2], None, ("known", [], [])),
    ],
)
def test_parts_of_weights(names: list[int], index: Any, expected: Any) -> None:
    files = {f"w/m-{number:05}-of-00002.safetensors": POINTER for number in names}
    if index is not None:
        files["w/m.safetensors.index.json"] = json.dumps(index).encode()
    parts = one({**AT, "path": "w"}, files=files)["parts"]
    assert (parts["status"], parts["missing"], parts["unlisted"]) == expected
    if index is not None:
        assert one({**AT, "path": "w/m.safetensors.index.json"}, files=files)["parts"] == parts


def test_weights_beside_an_onnx_model_are_there() -> None:
    model = model_files.onnx(model_files.weights(b"m.onnx.data"))
    at_onnx = {**AT, "path": "w/m.onnx", "format": "onnx", "uri": "s3://m/m.onnx"}
    assert one(at_onnx, files={"w/m.onnx": model})["parts"]["missing"] == ["m.onnx.data"]
    assert one(at_onnx, files={"w/m.onnx": model, "w/m.onnx.data": POINTER})["parts"]["missing"] == []


def test_what_ci_hands_in_is_looked_into_under_its_digest(tmp_path: Path) -> None:
    data = model_files.hostile_pickle()
    (tmp_path / "any-name").write_bytes(data)
    artifact = {**at("s3://m/m.safetensors"), "digest": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    _, facts = checked(artifact, handed_in=tmp_path)
    assert facts["artifacts"][0]["scan"]["claim"]["status"] == "contradicts"
    large = data + bytes(16 * 1024 * 1024)
    (tmp_path / "large").write_bytes(large)
    artifact["digest"] = f"sha256:{hashlib.sha256(large).hexdigest()}"
    _, facts = checked(artifact, handed_in=tmp_path)
    assert [one["what"] for one in facts["artifacts"][0]["scan"]["hazards"]] == ["calls posix.system"]


@pytest.mark.parametrize(
    "data",
    [
        POINTER.replace(b"sha256:", b"sha1:"),
        POINTER.replace(b"size 48210944", b"size -1"),
        POINTER.replace(b"size 48210944", b"size 048"),
        POINTER.replace(b"size 48210944", b"size 9999999999999999"),
        POINTER.replace(b"\noid", b"\nsize 1\noid"),
        POINTER + b"oid sha256:" + b"0" * 64 + b"\n",
        POINTER[:-1],
        POINTER + b" " * 1024,
        POINTER.replace(HEX.encode(), HEX.upper().encode()),
    ],
)
def test_a_pointer_that_is_none_is_invalid(data: bytes) -> None:
    stored = one({**AT, "digest": f"sha256:{HEX}"}, files={AT["path"]: data})["stored"]
    assert stored == {"status": "invalid", "reason": "m.safetensors begins like a Git LFS pointer and is none"}


def test_a_pointer_with_an_extension() -> None:
    extended = POINTER.replace(b"\noid", b"\next-0-crypt sha256:" + b"0" * 64 + b"\noid")
    assert one(AT, files={AT["path"]: extended})["stored"]["sizeBytes"] == 48210944


@pytest.mark.parametrize("extra", [f"  sha256: {HEX}\n", f"  meta: {{sha256: {HEX}}}\n"])
def test_a_dvc_file_with_a_sha256_beside_its_md5(extra: str) -> None:
    text = f"outs:\n- md5: 9e107d9d372bb6826bd81d3542a419d6\n  size: 12\n  hash: md5\n  path: m\n{extra}"
    stored = dvc(text)
    assert (stored["status"], stored["kind"], stored["sizeBytes"]) == ("present", "dvc", 12)
    assert (stored["digest"], stored["content"]["status"]) == (f"sha256:{HEX}", "unseen")


@pytest.mark.parametrize("extra", ["", "  sha256: short\n", "  sha256: 12\n", "  meta: [1]\n", "  meta: {sha256: 1}\n"])
def test_a_dvc_file_with_an_md5_alone_is_not_enough(extra: str) -> None:
    stored = dvc(f"outs:\n- md5: 9e107d9d372bb6826bd81d3542a419d6\n  size: 12\n  path: m\n{extra}")
    assert stored == {"status": "invalid", "reason": "m.dvc (dvc) is known by md5, not by sha256"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "outs: [",
        "- 1",
        "outs: {}",
        "outs: []",
        "outs: [1]",
        "outs: [{size: 1}, {size: 2}]",
        "outs: [{md5: x, path: m}]",
        "outs: [{size: -1}]",
        "outs: [{size: true}]",
        "outs: [{size: 1.5}]",
        "outs: [{size: 1, size: 2}]",
        "outs: [{size: 9007199254740993}]",
        "outs: [{size: !!int 1}]",
        "outs: []\n---\nouts: []\n",
        "\x00",
    ],
)
def test_a_hostile_dvc_file_is_invalid(text: str) -> None:
    assert dvc(text)["status"] == "invalid"
    assert dvc(text, digest=None)["status"] == "invalid"


@pytest.mark.parametrize(("stated", "judged"), [(1, 48210944), (99_000_000, 99_000_000)])
def test_the_larger_of_the_two_sizes_is_judged(stated: int, judged: int) -> None:
    fact = one({**AT, "sizeBytes": stated}, files={AT["path"]: POINTER})
    assert fact["size"] == {"stated": True, "known": True, "statedBytes": stated, "bytes": judged}


def test_growth_against_the_artifact_of_the_same_name() -> None:
    before = made(at("s3://m", sizeBytes=300), at("s3://n", sizeBytes=1) | {"name": "other"})
    assert one(at("s3://m", sizeBytes=400), previous=before)["growth"] == {
        "status": "sized",
        "previousBytes": 300,
        "growthRatio": 1.333333333,
    }


@pytest.mark.parametrize("before", [at("s3://m"), at("s3://m", sizeBytes=0), {"name": "model", "hosted": {}}])
def test_nothing_is_a_multiple_of_no_size(before: Any) -> None:
    assert one(at("s3://m", sizeBytes=1), previous=made(before))["growth"] == {"status": "unsized"}


def test_growth_of_what_has_no_size_now() -> None:
    assert one(at("s3://m"), previous=made(at("s3://m", sizeBytes=3)))["growth"] == {"status": "unsized"}


@pytest.mark.parametrize(
    ("uri", "pin"),
    [
        ("s3://models/m.safetensors", "digest"),
        ("gs://models/m.safetensors", "digest"),
        ("https://models.example/m@main", "digest"),
        (f"hf://acme/reviews@{COMMIT}", "revision"),
        (f"hf://acme/reviews@{COMMIT}/model.safetensors", "revision"),
        (f"hf://datasets/acme/reviews@{COMMIT}", "revision"),
        ("hf://acme/reviews", "none"),
        ("hf://acme/reviews@main", "none"),
        (f"hf://acme/reviews@{COMMIT[:12]}", "none"),
        (f"hf://acme/reviews@{COMMIT}0", "none"),
        (f"hf://acme/reviews/file@{COMMIT}", "none"),
        (f"hf://acme/reviews@main/x@{COMMIT}", "none"),
        (f"hf:acme/reviews@{COMMIT}", "none"),
        (f"oci://registry.example/m@sha256:{HEX}", "revision"),
        (f"oci://registry.example:5000/m:2.4.0@sha256:{HEX}", "revision"),
        ("oci://registry.example/m:2.4.0", "none"),
        ("oci://registry.example/m", "none"),
        (f"oci://registry.example/m@sha256:{HEX[:10]}", "none"),
        (f"oci://registry.example/m:latest?x=@sha256:{HEX}", "none"),
        ("docker://registry.example/m:latest", "none"),
        ("models:/fraud/3", "revision"),
        ("models:/m-0123456789abcdef0123456789abcdef", "revision"),
        ("models://profile@databricks/fraud/3", "revision"),
        ("models:/fraud@champion", "none"),
        ("models:/fraud/Production", "none"),
        ("models:/fraud/latest", "none"),
        ("models:/3/Production", "none"),
        ("models:/fraud", "none"),
        ("models:/fraud/3@champion", "none"),
    ],
)
def test_references(uri: str, pin: str) -> None:
    reference = one(at(uri))["reference"]
    assert (reference["text"], reference["pin"]) == (uri, pin)
    assert ("reason" in reference) == (pin == "none")


@pytest.mark.parametrize(
    ("snapshot", "pin"),
    [
        ("large-2026-08-01", "snapshot"),
        ("v3", "snapshot"),
        (None, "none"),
        ("large-4", "none"),
        ("latest", "none"),
        ("large-4-latest", "none"),
        ("stable", "none"),
    ],
)
def test_snapshots(snapshot: str | None, pin: str) -> None:
    hosted = {"provider": "acme-llm", "model": "large-4"} | ({"snapshot": snapshot} if snapshot else {})
    assert one({"name": "judge", "role": "model", "hosted": hosted})["reference"]["pin"] == pin


@pytest.mark.parametrize(
    ("artifact", "formats"),
    [
        (at("s3://models/m.safetensors", format="safetensors"), ["safetensors"]),
        (at("s3://models/m.pkl", format="safetensors"), ["pkl", "safetensors"]),
        (at("s3://models/m.PKL.gz"), ["gz", "pkl"]),
        (at("s3://models/m.p%6bl?versionId=1#x.y"), ["pkl"]),
        (at("s3://models/m", path="m.pt.dvc"), ["pt"]),
        (at("https://models.example"), []),
        (at("models:/fraud/3"), []),
        (at(f"oci://registry.example/m:2.4.0@sha256:{HEX}"), []),
    ],
)
def test_formats_by_statement_and_by_name(artifact: dict[str, Any], formats: list[str]) -> None:
    assert one(artifact)["formats"] == formats


@pytest.mark.parametrize(
    "image",
    [
        f"registry.example/serving@sha256:{HEX}",
        f"registry.example:5000/team/serving:1.2.3@sha256:{HEX}",
        f"serving@sha512:{HEX}{HEX}",
        f"localhost/a__b-c.d@sha256:{HEX}",
        f"Registry.Example/serving@sha256:{HEX}",
    ],
)
def test_images_that_are_pinned(image: str) -> None:
    assert serving(image) == {"status": "stated", "text": image, "pin": "digest"}


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("registry.example/serving:latest", "the tag `latest`, which can move"),
        ("registry.example/serving:1.2.3", "the tag `1.2.3`, which can move"),
        ("registry.example:5000/serving", "it names no digest, which is the tag `latest`"),
        ("serving", "it names no digest, which is the tag `latest`"),
        (f"registry.example/serving@sha256:{HEX[:12]}", "its sha256 has 12 digits and not 64"),
        (f"registry.example/serving@sha256:{HEX.upper()}", "its digest is not in lower-case hex digits"),
        (f"registry.example/serving@sha256:{HEX[:-1]}g", "its digest is not in lower-case hex digits"),
        ("registry.example/serving@md5:" + "1" * 32, "its digest is none of sha256, sha384, sha512"),
        (f"registry.example/serving@{HEX}", "its digest is none of sha256, sha384, sha512"),
        ("registry.example/serving@", "its digest is none of sha256, sha384, sha512"),
        (f"registry.example/serving@sha256:{hashlib.sha256().hexdigest()}", "the one of no content at all"),
        ("registry.example/serving@sha256:" + "0" * 64, "the one of no content at all"),
        (f"registry.example/Serving@sha256:{HEX}", "is no name of an image"),
        (f"registry.example//serving@sha256:{HEX}", "is no name of an image"),
        (f"registry.example/serving:a:b@sha256:{HEX}", "is no name of an image"),
        (f"registry.example/serving/@sha256:{HEX}", "is no name of an image"),
        (f"registry.example/serving@sha256:{HEX}@sha256:{HEX}", "its sha256 has"),
        (f"@sha256:{HEX}", "is no name of an image"),
    ],
)
def test_images_that_can_move_or_are_no_reference(image: str, reason: str) -> None:
    found = serving(image)
    assert (found["text"], found["pin"]) == (image, "none")
    assert reason in found["reason"]


def serving(image: str) -> dict[str, Any]:
    release = made(at("s3://m"))
    release["spec"]["serving"]["image"] = image
    found: dict[str, Any] = collect(request(release)).facts["image"]
    return found


def test_no_serving_image_is_stated() -> None:
    release = made(at("s3://m"))
    release["spec"]["serving"].pop("image", None)
    assert collect(request(release)).facts["image"] == {"status": "not-stated"}


EMPTY = {name: f"{name}:{hashlib.new(name).hexdigest()}" for name in ("md5", "sha1", "sha256", "sha384", "sha512")}
EMPTY["blake3"] = "blake3:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"


@pytest.mark.parametrize("digest", [*EMPTY.values(), "sha256:" + "0" * 64, "md5:" + "0" * 32])
def test_the_digest_of_nothing_says_so(digest: str) -> None:
    assert [said["key"] for said in one(at("s3://m", digest=digest))["nothing"]] == ["digest"]


def test_a_size_of_nothing_and_an_empty_file_say_so() -> None:
    assert [said["key"] for said in one(at("s3://m", sizeBytes=0))["nothing"]] == ["sizeBytes"]
    assert [said["key"] for said in one(AT, files={AT["path"]: b""})["nothing"]] == ["path"]
    pointer = POINTER.replace(b"48210944", b"0")
    assert [said["key"] for said in one(AT, files={AT["path"]: pointer})["nothing"]] == ["path"]
    assert one(at("s3://m", sizeBytes=1, digest=f"sha256:{HEX}"))["nothing"] == []


OTHER = f"sha256:{'1' * 64}"


@pytest.mark.parametrize(
    ("artifact", "version", "status"),
    [
        (at("s3://m/2.4.0/model", digest=OTHER), "2.5.0", "reused"),
        (at("s3://m/2.4.0/model", digest=OTHER) | {"name": "renamed"}, "2.5.0", "reused"),
        (at("s3://m/2.4.0/model", digest=OTHER, path="a/model"), "2.5.0", "reused"),
        (at("s3://m/2.4.0/model", digest=OTHER), "2.4.0", "kept"),
        (at("s3://m/2.4.0/model", digest=f"sha256:{HEX}"), "2.5.0", "kept"),
        (at("s3://m/2.4.0/model", digest="md5:" + "1" * 32), "2.5.0", "kept"),
        (at("s3://m/2.5.0/model", digest=OTHER), "2.5.0", "kept"),
        (at("s3://m/2.4.0/model"), "2.5.0", "kept"),
    ],
)
def test_other_content_at_the_address_of_the_version_before(artifact: Any, version: str, status: str) -> None:
    before = made(at("s3://m/2.4.0/model", digest=f"sha256:{HEX}"))
    before["spec"]["version"], release = "2.4.0", made(artifact)
    release["spec"]["version"] = version
    (fact,) = collect(request(release, previous=before)).facts["artifacts"]
    assert fact["address"]["status"] == status


def test_a_file_of_this_repository_follows_its_branch() -> None:
    uri = "https://github.com/acme/models/blob/main/models/chat/prompt.md"
    before = made(at(uri, digest=f"sha256:{HEX}", path="models/chat/prompt.md"))
    before["spec"]["version"], release = "1.0.0", made(at(uri, digest=OTHER, path="models/chat/prompt.md"))
    (fact,) = collect(request(release, {"models/chat/prompt.md": b"new"}, previous=before)).facts["artifacts"]
    assert fact["address"] == {"status": "kept"}


GIB = 2**30


@pytest.mark.parametrize(
    ("resources", "of", "limit", "ratio"),
    [
        ({"memory": "8Gi"}, "memory", 8 * GIB, 0.5),
        ({"memory": "8Gi", "gpu": 0, "gpuMemory": "1Gi"}, "memory", 8 * GIB, 0.5),
        ({"memory": "2Gi", "gpu": 2, "gpuMemory": "8Gi"}, "gpuMemory", 16 * GIB, 0.25),
        ({"gpuMemory": "8Gi"}, "gpuMemory", 8 * GIB, 0.5),
        ({"memory": "2Gi", "gpu": 1}, "memory", 2 * GIB, 2),
    ],
)
def test_memory(resources: Any, of: str, limit: int, ratio: float) -> None:
    hosted = {"name": "judge", "role": "model", "hosted": {"provider": "acme-llm", "model": "large"}}
    adapter = {**at("s3://a", sizeBytes=GIB), "name": "adapter"}
    _, facts = checked(at("s3://m", sizeBytes=3 * GIB), adapter, hosted, resources=resources)
    assert facts["memory"] == {
        "status": "stated",
        "of": of,
        "limitBytes": limit,
        "artifactsBytes": 4 * GIB,
        "usedRatio": ratio,
    }


def test_memory_without_numbers() -> None:
    sized = at("s3://m", sizeBytes=1)
    assert checked(sized)[1]["memory"] == {"status": "not-stated"}
    assert checked(at("s3://m"), resources={"memory": "8Gi"})[1]["memory"] == {"status": "unsized"}
    assert checked(sized, resources={"memory": "0"})[1]["memory"]["status"] == "invalid"
    assert checked(sized, resources={"memory": "0.0Gi"})[1]["memory"]["status"] == "invalid"


@pytest.mark.parametrize(
    ("uri", "pin"),
    [
        (f"https://huggingface.co/acme/m/resolve/{COMMIT}/m.safetensors", "revision"),
        ("https://huggingface.co/acme/m/resolve/main/m.safetensors", "none"),
        ("https://github.com/acme/m/releases/latest/download/m.onnx", "none"),
        ("https://github.com/acme/m/releases/download/v1/m.onnx", "digest"),
        (f"https://raw.githubusercontent.com/acme/m/{COMMIT}/m.onnx", "revision"),
        ("https://raw.githubusercontent.com/acme/m/main/m.onnx", "none"),
        ("s3://models/m.onnx?versionId=3HL4kqtJ", "revision"),
        ("s3://models/latest/m.onnx", "digest"),
        ("gs://models/m.onnx#1712345678901234", "revision"),
        ("https://acme.blob.core.windows.net/m/m.onnx?versionid=2026-01-01T00:00:00Z", "revision"),
    ],
)
def test_addresses_of_hosts_that_keep_versions(uri: str, pin: str) -> None:
    assert one(at(uri))["reference"]["pin"] == pin
