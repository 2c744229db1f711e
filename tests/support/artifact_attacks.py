"""Artifacts that are not what they seem, put into the repository of the fixtures when a test runs. None is loaded."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

from changegate import fixtures
from support import model_files as files

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.fixtures import LaidOut

MANIFEST = "models/recommender-research/manifest.yaml"
URI = "s3://research/recommender/0.3.0/model.safetensors"


def lay_out(root: Path, name: str, data: bytes, format_: str) -> LaidOut:
    """A pull request that keeps an artifact in the repository.

    Args:
        root: Where.
        name: How the file is called.
        data: What it holds.
        format_: What the manifest says that it is.
    """
    beside = root.parent / f"{root.name}-case"
    path = f"models/recommender-research/{name}"
    (beside / "files" / path).parent.mkdir(parents=True)
    (beside / "files" / path).write_bytes(data)
    uri = URI.replace("model.safetensors", name)
    stated = f"{uri}\n      path: {path}\n      format: {format_}"
    edit = {MANIFEST: [{"find": URI, "replace": stated}]}
    return fixtures.lay_out(root, fixtures.Case("artifact", beside, {"title": "artifact", "edit": edit}))


def pickle_called_safetensors(root: Path) -> LaidOut:
    return lay_out(root, "m.safetensors", files.hostile_pickle(), "safetensors")


def hostile_checkpoint(root: Path) -> LaidOut:
    return lay_out(root, "m.pt", files.torch(files.hostile_pickle(2)), "pt")


def hostile_gzip(root: Path) -> LaidOut:
    return lay_out(root, "m.pkl.gz", gzip.compress(files.hostile_pickle()), "pickle")


def hostile_joblib(root: Path) -> LaidOut:
    return lay_out(root, "m.joblib", zlib.compress(files.hostile_pickle()), "joblib")


def hostile_array(root: Path) -> LaidOut:
    return lay_out(root, "m.npy", files.array("'|O'", "(1,)", files.hostile_pickle()), "npy")


def hostile_tar(root: Path) -> LaidOut:
    return lay_out(root, "m.tar", files.tarred({"weights": files.hostile_pickle()}), "tar")


def keras_lambda(root: Path) -> LaidOut:
    return lay_out(root, "m.keras", files.keras(files.LAMBDA), "keras")


def hdf5_lambda(root: Path) -> LaidOut:
    return lay_out(root, "m.h5", files.hdf5(b'{"class_name": "Lambda"}'), "h5")


def skops_of_the_system(root: Path) -> LaidOut:
    return lay_out(root, "m.skops", files.skops(("os", "system")), "skops")


def gguf_whose_header_lies(root: Path) -> LaidOut:
    return lay_out(root, "m.gguf", files.gguf({b"a": b"b"}, count=2**60), "gguf")


def onnx_without_its_weights(root: Path) -> LaidOut:
    return lay_out(root, "m.onnx", files.onnx(files.weights(b"m.onnx.data")), "onnx")


def bomb(root: Path) -> LaidOut:
    return lay_out(root, "m.npy.gz", gzip.compress(bytes(128 * 1024 * 1024)), "npy")


def overlapping_tensors(root: Path) -> LaidOut:
    one = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}
    header = {"w": one, "x": {**one, "data_offsets": [12, 36]}}
    return lay_out(root, "m.safetensors", files.safetensors(header, bytes(36)), "safetensors")


def cut_safetensors(root: Path) -> LaidOut:
    return lay_out(root, "m.safetensors", files.safetensors(data=bytes(20)), "safetensors")
