"""What scanners tell from bytes alone: what a file is, whether it is whole, and what it would do."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import pickle
import struct
import tempfile
import time
import zipfile
import zlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import pytest

from changegate.evidence import looking
from changegate.evidence.kinds import contradicted
from changegate.evidence.scanners import SCANNERS, scan, scanner
from changegate.evidence.scanners.scan import Looked, Scan
from support import model_files as files

if TYPE_CHECKING:
    from pathlib import Path

EVIL = files.hostile_pickle()


def scanned(data: bytes, *formats: str, name: str = "model") -> Scan:
    found = scan(Looked(io.BytesIO(data), len(data), name), formats)
    assert found is not None
    return found


def hazards(data: bytes, *formats: str) -> list[tuple[str, str]]:
    return [(one.kind, one.what) for one in scanned(data, *formats).hazards]


@pytest.mark.parametrize("kind", SCANNERS)
def test_a_scanner_says_its_kind_and_takes_no_empty_file_for_one(kind: str) -> None:
    name = scanner(kind).KIND
    assert name == kind
    assert not scanner(kind).recognises(b"", 0)


CALL = ("pickle", "calls posix.system")


@pytest.mark.parametrize(
    ("data", "kind", "within"),
    [
        *((files.hostile_pickle(protocol), "pickle", "") for protocol in range(6)),
        (pickle.dumps({"a": 1}) + EVIL, "pickle", ""),
        (gzip.compress(EVIL), "gzip", "unpacked: "),
        (zlib.compress(EVIL), "zlib", "unpacked: "),
        (bz2.compress(EVIL), "bzip2", "unpacked: "),
        (lzma.compress(EVIL), "xz", "unpacked: "),
        (lzma.compress(EVIL, format=lzma.FORMAT_ALONE), "lzma", "unpacked: "),
        (gzip.compress(zlib.compress(EVIL)), "gzip", "unpacked: unpacked: "),
        (files.torch(EVIL), "pytorch", "archive/data.pkl: "),
        (files.torch(pickle.dumps({}), **{"archive/extra/x": EVIL}), "pytorch", "archive/extra/x: "),
        (files.zipped({"a/b.txt": EVIL}), "zip", "a/b.txt: "),
        (files.zipped({"w.pkl": EVIL}, zipfile.ZIP_DEFLATED), "zip", "w.pkl: "),
        (files.tarred({"m/pickle": EVIL}), "tar", "m/pickle: "),
        (gzip.compress(files.tarred({"m": EVIL})), "gzip", "unpacked: m: "),
        (files.array("'|O'", "(1,)", EVIL), "numpy", ""),
        (files.array("[('a', '<f4'), ('b', '|O')]", "(1,)", EVIL), "numpy", ""),
        (files.zipped({"a.npy": files.array("'|O'", "(1,)", EVIL)}), "npz", "a.npy: "),
        (files.zipped({"inner.zip": files.torch(EVIL)}), "zip", "inner.zip: archive/data.pkl: "),
    ],
)
def test_a_pickle_that_does_harm_is_found_in_every_wrapping(data: bytes, kind: str, within: str) -> None:
    found = scanned(data)
    assert (found.kind, [(one.kind, one.what) for one in found.hazards]) == (kind, [("pickle", f"{within}{CALL[1]}")])


def test_a_harmless_pickle_is_clean_and_was_looked_through() -> None:
    found = scanned(pickle.dumps(OrderedDict(a=[1, 2.5])))
    assert (found.complete, found.hazards, found.names) == (True, (), ())


class Unknown:
    """A class that nobody vouches for."""


def test_what_a_pickle_calls_beside_is_named() -> None:
    (name,) = scanned(pickle.dumps(Unknown())).names
    assert name.endswith("Unknown")


@pytest.mark.parametrize("data", [b"", b"hello world", EVIL[:20], pickle.dumps({"a": "b" * 100})[:50]])
def test_a_pickle_that_is_none_or_is_cut_was_not_looked_through(data: bytes) -> None:
    found = scanned(data, "pickle")
    assert not found.complete
    assert found.reason


F32 = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}


def test_safetensors_says_what_it_holds() -> None:
    header = {
        "__metadata__": {"format": "pt"},
        "a": F32,
        "b": {"dtype": "BF16", "shape": [4], "data_offsets": [24, 32]},
    }
    found = scanned(files.safetensors(header, bytes(32)))
    assert (found.kind, found.fault, found.parameters, found.parameter_bytes) == ("safetensors", "", 10, 32)
    assert found.dtypes == ("BF16", "F32")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\x01", "shorter than the length"),
        (files.safetensors(length=2**40), "more than the"),
        (files.safetensors(length=10_000), "ends before that"),
        (files.safetensors(b"[1]     "), "no object"),
        (files.safetensors(b"{" + b"[" * 100_000), "no JSON"),
        (files.safetensors(b'{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"w":{}}'), "names `w` twice"),
        (files.safetensors({}), "names no tensor"),
        (files.safetensors({"w": {**F32, "dtype": "F33"}}), "in no way that can be right"),
        (files.safetensors({"w": {**F32, "dtype": ["F32"]}}), "in no way that can be right"),
        (files.safetensors({"w": {**F32, "shape": [2, -3]}}), "in no way that can be right"),
        (files.safetensors({"w": {**F32, "shape": [True, 3]}}), "in no way that can be right"),
        (files.safetensors({"w": {**F32, "data_offsets": [24, 0]}}), "in no way that can be right"),
        (files.safetensors({"w": {**F32, "shape": [2, 2]}}), "not what it takes"),
        (files.safetensors({"w": {**F32, "data_offsets": [8, 32]}}, bytes(32)), "that no tensor has before"),
        (files.safetensors({"w": F32, "x": {**F32, "data_offsets": [12, 36]}}, bytes(36)), "belong to another one"),
        (files.safetensors({"w": F32}, bytes(25)), "1 bytes behind its last tensor"),
        (files.safetensors({"w": F32}, bytes(23)), "1 bytes too few"),
        (files.safetensors({"__metadata__": {"a": 1}, "w": F32}), "`__metadata__`"),
    ],
)
def test_safetensors_that_are_not_sound(data: bytes, fault: str) -> None:
    assert fault in scanned(data, "safetensors").fault


def test_gguf_says_what_it_holds() -> None:
    tensor = files.text(b"w") + struct.pack("<IQQIQ", 2, 2, 3, 0, 0)
    data = files.gguf({b"general.architecture": b"llama"}, tensors=1) + tensor
    padded = data + bytes(-len(data) % 32)
    found = scanned(padded + bytes(24))
    assert (found.kind, found.fault, found.parameters, found.hazards) == ("gguf", "", 6, ())
    assert scanned(padded + bytes(23)).fault == "ends before its last tensor does"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (files.gguf({}, version=9), "version 9"),
        (files.gguf({b"a": b"b"}, count=2**60), "do not fit"),
        (files.gguf({b"a": b"b"}, tensors=2**50), "do not fit"),
        (files.gguf({b"a": b"b"})[:30], "ends in the middle"),
        (files.gguf({}, count=1) + struct.pack("<Q", 2**62) + bytes(40), "a text of"),
        (files.gguf({}, count=1) + files.text(b"a") + struct.pack("<I", 99) + bytes(40), "type 99"),
        (files.gguf({}, count=1) + files.text(b"a") + struct.pack("<IIQ", 9, 8, 2**60) + bytes(40), "a list of"),
        (files.gguf({b"a": b"1"})[:-1] + b"x", ""),
    ],
)
def test_gguf_whose_header_lies(data: bytes, fault: str) -> None:
    assert fault in scanned(data).fault


@pytest.mark.parametrize(
    "template",
    [
        b"{{ messages.__class__ }}",
        b"{{ messages['__class__'] }}",
        b"{{ ''|attr('__class__') }}",
        b"{{ messages['__cla' ~ 'ss__'] }}",
        b"{{ lipsum.func_globals }}",
        b"{% include '/etc/passwd' %}",
        b"{%- import 'x' as y -%}",
        b"{{ cycler.next }}",
    ],
)
def test_a_chat_template_that_reaches_into_python(template: bytes) -> None:
    assert {kind for kind, _ in hazards(files.chat(template))} == {"template"}


@pytest.mark.parametrize(
    "template",
    [
        b"{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] }}{% endfor %}",
        b"{%- set ns = namespace(found=false) -%}{{- raise_exception('no') if not tools -}}{{ strftime_now('%d') }}",
        b"{{ bos_token }}{{ message['content'] | trim }}{{ loop.index0 }}{% if add_generation_prompt %}x{% endif %}",
    ],
)
def test_a_chat_template_of_a_conversation_is_no_hazard(template: bytes) -> None:
    assert hazards(files.chat(template)) == []


def test_onnx_says_what_it_holds() -> None:
    found = scanned(files.onnx(files.node(b"MatMul"), files.weights()))
    assert (found.kind, found.parameters, found.parameter_bytes, found.dtypes) == ("onnx", 6, 24, ("F32",))
    assert (found.domains, found.parts, found.hazards, found.fault) == ((), (), (), "")


@pytest.mark.parametrize("place", [b"../../etc/passwd", b"/etc/passwd", b"a/../../b", b"C:\\x", b"..\\x"])
def test_onnx_whose_weights_lie_outside_of_its_folder(place: bytes) -> None:
    assert [kind for kind, _ in hazards(files.onnx(files.weights(place)))] == ["external-data"]
    in_a_branch = files.node(b"If", graph=files.weights(place))
    assert [kind for kind, _ in hazards(files.onnx(in_a_branch))] == ["external-data"]


def test_onnx_whose_weights_lie_beside_it_names_the_file() -> None:
    found = scanned(files.onnx(files.weights(b"model.onnx.data")))
    assert (found.parts, found.hazards) == (("model.onnx.data",), ())


def test_onnx_with_operators_of_another_domain() -> None:
    inner = files.node(b"Secret", b"com.acme")
    assert scanned(files.onnx(files.node(b"If", graph=inner), files.node(b"Tree", b"ai.onnx.ml"))).domains == (
        "com.acme",
    )


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (files.onnx(files.weights())[:-12], "ends in the middle"),
        (files.field(1, 8) + files.field(2, b"x"), "has no graph"),
        (files.field(1, 8) + files.field(7, b"\xff" * 12), "does not end"),
        (files.field(1, 8) + files.field(7, b"\x0b"), "wire type 3"),
    ],
)
def test_onnx_that_is_broken(data: bytes, fault: str) -> None:
    assert fault in scanned(data, "onnx").fault


def test_onnx_of_graphs_in_graphs_without_end() -> None:
    graph = b""
    for _ in range(40):
        graph = files.node(b"If", graph=graph)
    assert "deeper than any model" in scanned(files.onnx(graph)).fault


@pytest.mark.parametrize("operation", [b"ReadFile", b"WriteFile", b"PyFunc", b"EagerPyFunc"])
def test_a_saved_model_of_unsafe_operations(operation: bytes) -> None:
    assert [kind for kind, _ in hazards(files.saved_model(b"MatMul", operation), "saved-model")] == ["layer"]
    in_function = files.saved_model(b"MatMul", in_function=operation)
    assert [kind for kind, _ in hazards(in_function, "pb")] == ["layer"]


def test_a_saved_model_of_plain_operations_is_no_hazard() -> None:
    found = scanned(files.saved_model(b"MatMul", in_function=b"Relu"), "saved-model")
    assert (found.kind, found.hazards, found.fault) == ("saved-model", (), "")


def test_layers_of_code_of_keras() -> None:
    assert [kind for kind, _ in hazards(files.keras(files.LAMBDA))] == ["layer"]
    assert [kind for kind, _ in hazards(files.hdf5(b'{"class_name": "Lambda"}'))] == ["layer"]
    assert hazards(files.keras(files.DENSE)) == hazards(files.hdf5(b'{"class_name":"Dense"}')) == []


def test_a_class_of_keras_that_is_not_its_own_is_named() -> None:
    config = {"module": "acme.layers", "class_name": "Secret", "config": {}}
    assert scanned(files.keras(config)).names == ("acme.layers.Secret",)


def test_keras_with_a_configuration_that_is_none() -> None:
    assert "no JSON" in scanned(files.keras(b"{")).fault
    assert "no JSON" in scanned(files.keras(b'{"a": 1, "a": {"class_name": "Lambda"}}')).fault


def test_an_hdf5_file_that_was_cut() -> None:
    assert "says that it has 5000" in scanned(files.hdf5(end=5000)).fault
    assert scanned(files.hdf5()).fault == ""


def test_skops_that_names_what_is_not_of_its_libraries() -> None:
    assert hazards(files.skops(("os", "system"))) == [("layer", "calls os.system")]
    assert hazards(files.skops(("builtins", "eval"))) == [("layer", "calls builtins.eval")]
    assert scanned(files.skops(("acme", "Model"), ("sklearn.svm", "SVC"))).names == ("acme.Model",)


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "C:\\x", "a\\..\\..\\x"])
def test_an_archive_that_leaves_its_folder(name: str) -> None:
    assert {kind for kind, _ in hazards(files.zipped({name: b"x"}))} == {"archive"}
    assert {kind for kind, _ in hazards(files.tarred({name: b"x"}))} == {"archive"}


def test_an_archive_with_links_and_one_name_twice() -> None:
    assert hazards(files.tarred({}, link=("a", "/etc/passwd"))) == [("archive", "holds a link: a")]
    made = io.BytesIO()
    link = zipfile.ZipInfo("a")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(link, b"/etc/passwd")
        archive.writestr("b", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("b", b"2")
    assert [what.partition(":")[0] for _, what in hazards(made.getvalue())] == [
        "holds a link",
        "holds two files of one name, of which readers take either",
    ]


def test_an_archive_of_the_model_alone_is_no_hazard() -> None:
    whole = {"model/config.json": b"{}", "model/w.safetensors": files.safetensors()}
    assert hazards(files.zipped(whole)) == hazards(files.tarred(whole)) == []


def test_a_broken_file_in_an_archive_is_a_fault_of_the_archive() -> None:
    assert scanned(files.zipped({"w.safetensors": files.safetensors(data=bytes(23))})).fault.startswith(
        "w.safetensors: "
    )


@pytest.mark.parametrize("data", [files.zipped({"a": b"x" * 99})[:-30], b"PK\x03\x04" + bytes(99)])
def test_a_broken_archive(data: bytes) -> None:
    assert "broken zip archive" in scanned(data).fault


def test_arrays_say_how_many_numbers_they_hold() -> None:
    assert scanned(files.array()).parameters == 6
    assert scanned(files.zipped({"a.npy": files.array(), "b.npy": files.array()})).parameters == 12
    assert "has 23 bytes of numbers" in scanned(files.array(data=bytes(23))).fault
    assert "none of NumPy" in scanned(files.array("__import__('os')")).fault


# Bounds


def bounded(data: bytes, *formats: str, seconds: float = 20) -> looking.Look:
    began = time.monotonic()
    found = looking.look(data, formats, "model")
    assert time.monotonic() - began < seconds
    return found


def test_bombs_are_not_unpacked() -> None:
    zeros = bytes(64 * 1024 * 1024)
    bomb = gzip.compress(zeros + zeros)
    found = bounded(bomb, "gz")
    assert found.status == "incomplete"
    assert found.scan is not None
    assert [one.kind for one in found.scan.hazards] == ["archive"]
    packed = bounded(files.zipped({"a": zeros, "b": zeros, "c": zeros, "d": zeros, "e": zeros}, zipfile.ZIP_DEFLATED))
    assert packed.scan is not None
    assert [one.kind for one in packed.scan.hazards] == ["archive"]


def test_files_that_stand_in_each_other_without_end() -> None:
    data = EVIL
    for _ in range(8):
        data = gzip.compress(data)
    found = bounded(data, "gz")
    assert (found.status, "deeper than is looked" in found.reason) == ("incomplete", True)


def test_what_ends_the_process_was_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "SECONDS", 1)
    monkeypatch.setattr("changegate.evidence.scanners.scanner", lambda _kind: _Sleeps())
    monkeypatch.setattr(looking, "_kept", [])
    found = looking.look(b"\x80\x04.", ["pkl"], "model")
    assert (found.status, found.scan) == ("incomplete", None)
    assert "stopped" in found.reason
    monkeypatch.undo()
    assert bounded(EVIL, "pkl").status == "complete"


class _Sleeps:
    KIND = "pickle"

    def recognises(self, head: bytes, size: int) -> bool:
        return bool(head and size)

    def scan(self, file: Looked, inside: Any) -> Scan:
        time.sleep(60)
        raise AssertionError((file, inside))


def test_a_large_file_is_looked_at_by_what_it_says() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(files.safetensors({"w": {"dtype": "F32", "shape": [2**29], "data_offsets": [0, 2**31]}}, b""))
        size = file.tell() + 2**31
        file.truncate(size)
        found = looking.look_at(file.fileno(), size, ["safetensors"], "model")
    assert found.scan is not None
    assert (found.status, found.scan.parameters, found.scan.fault) == ("complete", 2**29, "")


def test_text_costs_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "_shared", lambda: pytest.fail("a process was started"))
    assert looking.look(b"You answer questions about orders.", ["md"], "prompt.md").status == "unseen"


def test_random_bytes_and_cut_files_end_in_an_answer() -> None:
    wholes = [EVIL, files.torch(EVIL), files.onnx(files.weights()), files.chat(b"{{ a }}"), files.hdf5(), files.array()]
    for whole in [
        *wholes,
        files.safetensors(),
        files.saved_model(b"A"),
        files.tarred({"a": b"b"}),
        gzip.compress(EVIL),
    ]:
        for cut in range(0, len(whole), max(1, len(whole) // 40)):
            scan(Looked(io.BytesIO(whole[:cut]), cut), ["pkl"])
            twisted = whole[:cut] + os.urandom(8) + whole[cut + 8 :]
            scan(Looked(io.BytesIO(twisted), len(twisted)), ["onnx"])


# Names and bytes


@pytest.mark.parametrize(
    ("stated", "formats", "kind", "inside", "wrong"),
    [
        ("safetensors", ["safetensors"], "safetensors", "", ""),
        ("safetensors", ["safetensors"], "pickle", "", "safetensors"),
        ("safetensors", ["pkl", "safetensors"], "pickle", "", "safetensors"),
        ("", ["safetensors"], "pytorch", "", "safetensors"),
        ("", ["pkl"], "gzip", "pickle", ""),
        ("joblib", ["joblib"], "zlib", "pickle", ""),
        ("pt", ["pt"], "pytorch", "", ""),
        ("", ["bin"], "pytorch", "", ""),
        ("", ["bin", "gz"], "gzip", "pickle", ""),
        ("safetensors", ["gz", "safetensors"], "gzip", "safetensors", ""),
        ("safetensors", ["gz", "safetensors"], "gzip", "pickle", "safetensors"),
        ("safetensors", ["gz", "safetensors"], "safetensors", "", ""),
        ("onnx", ["onnx"], "zip", "", "onnx"),
        ("my-own", ["my-own"], "zip", "", ""),
        ("keras", ["keras"], "hdf5", "", ""),
        ("tflite", ["tflite"], "pickle", "", "tflite"),
    ],
)
def test_a_name_that_the_bytes_contradict(stated: str, formats: list[str], kind: str, inside: str, wrong: str) -> None:
    assert contradicted(stated, formats, kind, inside) == wrong


def test_nothing_is_loaded(tmp_path: Path) -> None:
    """The one thing that a hostile pickle of the tests would leave is not there after it was looked at."""
    left = tmp_path / "left"
    data = pickle.dumps(files.Calls(os.mkdir, str(left)))
    for one in (data, gzip.compress(data), files.torch(data), files.array("'|O'", "(1,)", data)):
        assert scanned(one).hazards
        looking.look(one, ["pkl"], "model")
    assert not left.exists()
