"""Whether a file can be what it is called, by how it begins."""

from __future__ import annotations

import io
import json
import pickle
import tarfile
import zipfile

import pytest

from changegate.evidence.content import content_fault

HDF5 = b"\x89HDF\r\n\x1a\n" + bytes(512)
PAGE = b"<!DOCTYPE html><title>Sign in</title>"
TENSOR = {"weight": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}


def safetensors(header: object = TENSOR, data: bytes = bytes(4)) -> bytes:
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("config.json", "{}")
    return buffer.getvalue()


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("model.bin"), io.BytesIO())
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "formats"),
    [
        (safetensors(), ["safetensors"]),
        (safetensors({"__metadata__": {"format": "pt"}, **TENSOR}), ["safetensors"]),
        (b"GGUF\x03\x00\x00\x00" + bytes(64), ["gguf"]),
        (b"\x1c\x00\x00\x00TFL3" + bytes(64), ["tflite"]),
        (b"\x08\x07\x12\x07pytorch" + bytes(64), ["onnx"]),
        (HDF5, ["h5"]),
        (zipped(), ["keras"]),
        (zipped(), ["pt"]),
        (b"\x93NUMPY\x01\x00" + bytes(128), ["npy"]),
        (pickle.dumps({"weights": [1.0]}), ["pkl"]),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value[0],
)
def test_what_begins_as_its_format_does(data: bytes, formats: list[str]) -> None:
    assert content_fault(data, formats) == ""


@pytest.mark.parametrize(
    ("data", "formats", "fault"),
    [
        (PAGE, ["safetensors"], "a page of HTML"),
        (b"\xef\xbb\xbf\n <html lang=en>", ["onnx"], "a page of HTML"),
        (PAGE, ["markdown"], "a page of HTML"),
        (PAGE, [], "a page of HTML"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", ["gguf"], "an answer in XML"),
        (b'{"message": "Not Found", "documentation_url": "https://docs.example"}', ["json"], "an error in JSON"),
        (b'{"error": "token expired"}', ["safetensors"], "an error in JSON"),
        (b"403 Forbidden", ["safetensors"], "is text"),
        (b"404: Not Found", ["onnx"], "is text"),
        (b"Access denied", ["pt"], "is text"),
        (b"placeholder", ["tflite"], "is text"),
        (b" \n", ["markdown"], "is blank"),
        (bytes(4096), ["safetensors"], "is blank"),
        (pickle.dumps({"a": 1}), ["safetensors"], "a pickle"),
        (pickle.dumps({"a": 1}), ["onnx"], "a pickle"),
        (zipped(), ["safetensors"], "a zip archive"),
        (zipped(), ["onnx"], "a zip archive"),
        (tarred(), ["gguf"], "a tar archive"),
        (HDF5, ["tflite"], "an HDF5 file"),
        (b"\x7fELF\x02" + bytes(64), ["gguf"], "a program"),
        (safetensors()[:40], ["safetensors"], "has no header"),
        (b"\x01", ["safetensors"], "has no header"),
        ((2**63).to_bytes(8, "little") + b"{}", ["safetensors"], "has no header"),
        ((3).to_bytes(8, "little") + b"{a}", ["safetensors"], "that is JSON"),
        (safetensors({}), ["safetensors"], "names no tensor"),
        (safetensors({"__metadata__": {}}), ["safetensors"], "names no tensor"),
        ((200_001).to_bytes(8, "little") + b"{" + b"[" * 200_000, ["safetensors"], "that is JSON"),
    ],
)
def test_what_stands_in_its_place(data: bytes, formats: list[str], fault: str) -> None:
    assert fault in (content_fault(data, formats) or "")


@pytest.mark.parametrize(
    ("data", "formats"),
    [
        (b"You answer questions about orders.", ["markdown"]),
        (b'{"learner": {"error": 1}, "version": [2, 0, 0]}', ["json"]),
        (b"<PMML/>", ["pmml"]),
        (b"<!DOCTYPE html>", ["html"]),
        (b"\x1f\x8b\x08" + bytes(9), ["gz", "safetensors"]),
        (b"anything", ["unheard-of"]),
    ],
)
def test_nothing_is_said_of_what_nobody_knows(data: bytes, formats: list[str]) -> None:
    assert content_fault(data, formats) is None
