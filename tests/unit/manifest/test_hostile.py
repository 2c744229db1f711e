"""Files that an attacker or an accident may write: each is a fault on its line, and never a manifest."""

from __future__ import annotations

import re
from pathlib import Path
from time import process_time

import pytest

from changegate import manifest
from changegate.manifest import load_manifests, parse
from changegate.resources import SCHEMAS
from support.manifests import MINIMAL, edited, only

FOLDER = SCHEMAS.parent / "fixtures" / "hostile"
FILES = sorted(path.name for path in FOLDER.glob("*.*") if path.suffix in {".yaml", ".json"})
FILES.remove("expected.yaml")
EXPECTED = parse((FOLDER / "expected.yaml").read_bytes(), "expected.yaml").documents[0].value


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_one_fault_at_its_place(name: str) -> None:
    found = load_manifests((FOLDER / name).read_bytes(), name)
    fault = only(found.faults)
    assert {"code": fault.code, "line": fault.line, "column": fault.column} == EXPECTED[name]
    assert (found.is_manifest, found.manifests, len(found.broken)) == (True, (), 1)
    assert fault.message
    assert fault.hint
    assert fault.file == name


def test_every_expectation_has_a_file() -> None:
    assert set(EXPECTED) == set(FILES)


def test_every_way_to_refuse_a_text_has_a_file() -> None:
    sources = "".join((Path(manifest.__file__).parent / f"{name}.py").read_text() for name in ("yaml", "json"))
    codes = set(re.findall(r'(?:Fault\(|_fault\(|_stop\(|return|event, |start, )\s*"([a-z-]+)"', sources))
    assert len(codes) > 12
    assert codes - {"ambiguous-scalar"} == {entry["code"] for entry in EXPECTED.values()} - {"pattern", "kind"}


@pytest.mark.parametrize("name", FILES)
def test_what_is_told_can_be_written_down(name: str) -> None:
    for fault in load_manifests((FOLDER / name).read_bytes(), name).faults:
        for text in (fault.message, fault.hint):
            assert text.encode()
            assert len(text) < 400


MEGABYTE = 1_000_000
LARGE = {
    "a line": b"a: " + b"x" * MEGABYTE,
    "a key": b"x" * MEGABYTE + b": 1",
    "digits": b"a: " + b"1" * MEGABYTE,
    "nearly a number": b"a: " + b"1" * MEGABYTE + b"x",
    "open brackets": b"[" * MEGABYTE,
    "open braces": b'{"a":' * (MEGABYTE // 5),
    "dashes": b"- " * (MEGABYTE // 2),
    "empty documents": b"---\n" * (MEGABYTE // 4),
    "comments": b"# x\n" * (MEGABYTE // 4),
    "escapes": b'"' + b"\\x41" * (MEGABYTE // 4) + b'"',
    "escaped quotes without an end": b'"' + b'\\"' * (MEGABYTE // 2),
    "aliases": b"[&a x" + b",*a" * (MEGABYTE // 4) + b"]",
    "items": b"[0" + b",0" * (MEGABYTE // 2 - 5) + b"]",
    "a duplicate behind many keys": b"{" + b"".join(b'"%d":1,' % number for number in range(30_000)) + b'"29999":2}',
    "tabs": b"\t" * MEGABYTE,
    "too much": b"#" * (2 * MEGABYTE),
}


@pytest.mark.parametrize("file", ["a.yaml", "a.json"])
@pytest.mark.parametrize("name", LARGE)
def test_a_large_file_costs_little(name: str, file: str) -> None:
    start = process_time()
    parsed = parse(LARGE[name], file)
    assert parsed.documents or parsed.faults
    assert process_time() - start < 10  # a reader that looks again and again takes minutes, on any machine


def test_a_file_that_is_too_large_has_no_line() -> None:
    fault = only(parse(LARGE["too much"], "a.yaml").faults)
    assert (fault.code, fault.line, fault.column) == ("too-large", None, None)


def test_many_unknown_fields_cost_little() -> None:
    fields = "".join(f"  versoin{number}: 1\n" for number in range(20_000))
    found = load_manifests((MINIMAL + fields).encode(), "a.yaml")
    assert 10 < len(found.faults) <= 100
    assert {fault.code for fault in found.faults} == {"unknown-field"}


def test_a_fault_in_each_of_many_documents_is_placed_without_reading_all_before_it_again() -> None:
    other = "---\napiVersion: v1\ndata: [" + "0, " * 1200 + "]\n"
    text = (other + "---\n" + edited(("0.1.0\n  risk", "2.10\n  risk"))) * 80
    found = load_manifests(text.encode(), "a.yaml")
    assert len(found.faults) == 80
    assert found.faults[-1].line == text.count("\n") - 5


def test_faults_are_told_up_to_a_bound() -> None:
    parsed = parse(b"a: 1\n" * 5000, "a.yaml")
    assert (len(parsed.faults), parsed.complete) == (100, False)


@pytest.mark.parametrize("depth", [64, 65])
def test_the_bound_on_depth_is_the_same_everywhere(depth: int) -> None:
    nested = b"[" * depth + b"]" * depth
    blocks = b"- " * depth + b"x"
    halves = b"[&a " + b"[" * 32 + b"]" * 32 + b", " + b"[" * (depth - 33) + b"*a" + b"]" * (depth - 33) + b"]"
    for data, file in [(nested, "a.yaml"), (nested, "a.json"), (blocks, "a.yaml"), (halves, "a.yaml")]:
        assert [fault.code for fault in parse(data, file).faults] == (["too-deep"] if depth > 64 else []), data


def test_what_a_text_holds_as_an_escape_is_its_own_business() -> None:
    assert parse(b'"\\u202e\\0"', "a.yaml").documents[0].value == "\u202e\0"
    assert parse(b'"\\u202e\\u0000"', "a.json").documents[0].value == "\u202e\0"
    assert parse(b'"\\ud83d\\ude00"', "a.json").documents[0].value == "\U0001f600"


def mended(data: bytes, name: str) -> bytes | None:
    """Do what the first fault's hint asks for, where no judgement is needed for it; None where some is."""
    (fault, *_) = load_manifests(data, name).faults
    if fault.code == "encoding":
        return _as_utf8(data)
    lines = data.decode("utf-8", "surrogatepass").split("\n")
    row, column = (fault.line or 1) - 1, (fault.column or 1) - 1
    line = lines[row]
    if fault.code == "control-character" and "cannot be seen" in fault.message:
        lines[row] = line[:column] + line[column + 1 :]
    elif fault.code in {"duplicate-key", "directive"}:
        del lines[row]
        if lines[row : row + 1] and lines[row].lstrip().startswith("}"):
            lines[row - 1] = lines[row - 1].rstrip(",")
    elif fault.code == "tab":
        lines[row] = line.replace("\t", "    ")
    elif fault.code == "tag" and line.lstrip()[:1] != "%" and "%" not in line:
        lines[row] = re.sub(r"!\S*\s+", "", line, count=1)
    else:
        return None
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _as_utf8(data: bytes) -> bytes:
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:]
    wide = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-16-be"
    wide = "utf-32" if data[:4] in {b"\xff\xfe\0\0", b"\0\0\xfe\xff"} else wide
    return data.decode(wide if b"\0" in data else "latin-1").encode()


@pytest.mark.parametrize("name", FILES)
def test_what_a_hint_of_a_hostile_file_asks_for_mends_it(name: str) -> None:
    data: bytes | None = (FOLDER / name).read_bytes()
    assert data is not None
    code, (first, *_) = EXPECTED[name]["code"], load_manifests(data, name).faults
    steps = 0
    while data is not None and (found := load_manifests(data, name)).faults:
        assert found.faults[0].code == code, "the remedy brought another fault"
        data, steps = mended(data, name), steps + 1
        assert steps < 20
    assert data is not None or first.code not in {"encoding", "duplicate-key", "directive", "tab"}
