"""What holds of every text: another library's dump is read back, everything has its place, and nothing raises."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from changegate.manifest import load_manifests, parse
from changegate.manifest.yaml import _HIDDEN
from support.manifests import MINIMAL, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.manifest import Document, Position

# NOTE: in brackets libyaml takes `?a` for a key and `:a` for a value, as YAML 1.1 does; no text begins so here.
VISIBLE = st.characters(codec="utf-8", exclude_characters="?:").filter(lambda one: not _HIDDEN.match(one + "x"))
WORDS = st.sampled_from(
    ["", "no", "null", "~", "1", "010", "1_000", "12:30", "2026-10-30", "<<", "=", "- a", "a: b", "#"]
)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)


def values(text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    text = text | WORDS
    return st.recursive(
        st.none() | st.booleans() | NUMBERS | text,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
        max_leaves=12,
    )


ANY = values(st.text(st.characters(codec="utf-8"), max_size=20))
SHOWN = values(st.text(VISIBLE, max_size=20))


def dumped(value: Any, *, flow: bool | None = False, escaped: bool = False, width: int = 80) -> str:
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = flow
    writer.allow_unicode = not escaped
    writer.width = width
    stream = io.StringIO()
    writer.dump(value, stream)
    return stream.getvalue()


def same(left: Any, right: Any) -> bool:
    """Equal in type too: 1, 1.0 and True are three values."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def the_document(text: str, file: str = "a.yaml") -> Document:
    parsed = read(text, file)
    assert parsed.faults == ()
    assert parsed.complete
    (document,) = parsed.documents
    return document


@given(SHOWN, st.sampled_from([None, False, True]), st.sampled_from([20, 80, 4096]))
def test_yaml_that_ruamel_writes_is_read_back(value: Any, flow: bool | None, width: int) -> None:
    assert same(the_document(dumped(value, flow=flow, width=width)).value, value)


@given(ANY)
def test_yaml_that_ruamel_writes_in_ascii_is_read_back(value: Any) -> None:
    text = dumped(value, escaped=True, width=10_000)  # ruamel puts a space where it folds a line after an escape
    assert same(the_document(text).value, value)


@given(ANY, st.sampled_from([None, 1]))
def test_json_that_the_standard_library_writes_is_read_back(value: Any, indent: int | None) -> None:
    assert same(the_document(json.dumps(value, indent=indent), "a.json").value, value)


@given(SHOWN)
def test_json_in_unicode_is_read_back_as_json_and_as_yaml(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    for file in ("a.json", "a.yaml"):
        assert same(the_document(text, file).value, value)


def nodes(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, value
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from nodes(inner, (*path, key))


def spelt(document: Document, position: Position) -> str:
    assert position.exact
    line = document.lines[position.line - 1]
    assert 1 <= position.column <= len(line) + 1
    return line[position.column - 1 : position.end_column - 1] if position.end_column else ""


@given(SHOWN, st.sampled_from([None, False, True]))
def test_at_the_place_of_a_scalar_stands_that_scalar(value: Any, flow: bool | None) -> None:
    document = the_document(dumped(value, flow=flow))
    for path, node in nodes(document.value):
        text = spelt(document, document.locate(path))
        if text and not isinstance(node, (dict, list)):
            assert same(the_document(f"- {text}").value, [node])
        key = spelt(document, document.locate_key(path)) if path and isinstance(path[-1], str) else ""
        if key:
            assert the_document(f"- {key}").value == [path[-1]]


@given(ANY, st.sampled_from([None, 1]), st.booleans())
def test_at_the_place_of_a_scalar_in_json_stands_that_scalar(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    if _HIDDEN.search(text):
        return
    document = the_document(text, "a.json")
    for path, node in nodes(value):
        if not isinstance(node, (dict, list)):
            assert same(json.loads(spelt(document, document.locate(path))), node)
        if path and isinstance(path[-1], str):
            assert json.loads(spelt(document, document.locate_key(path))) == path[-1]


def check(data: bytes, file: str) -> None:
    """Read bytes, and ask everything of what comes back."""
    parsed = parse(data, file)
    assert parsed.documents or parsed.faults
    for document in parsed.documents:
        json.dumps(document.value, allow_nan=False).encode()
        for path, _ in nodes(document.value):
            assert document.locate(path).line <= len(document.lines)
            document.locate_key(path)
    for fault in (*parsed.faults, *parsed.warnings):
        assert (fault.message + fault.hint).encode()
        assert fault.line is not None
        assert fault.column is not None
        assert fault.line >= 1
        assert fault.column >= 1
        assert fault.line <= data.decode("utf-8", "replace").count("\n") + 1
    found = load_manifests(data, file)
    assert found.is_manifest or not found.entries


FILES = st.sampled_from(["a.yaml", "a.json"])
TOKENS = st.sampled_from(
    ["a", "b: ", ": ", "- ", "? ", "[", "]", "{", "}", ", ", "&a ", "*a", "!t ", "!!str ", "|", ">", "'", '"', "\\",
     "\n", "\n  ", "\t", "#", "%YAML 1.2\n", "---\n", "...\n", "<<", "1e999", "NaN", "\\u", "d800", "\r\n",
     "0", "true", "😀"]
)  # fmt: skip


@given(st.binary(max_size=60), FILES)
@example(b"a: !%ed%a0%80 b", "a.yaml")
@example(b"a: 1e999", "a.yaml")
@example(b'{"a": NaNx, "\\q": 1}', "a.json")
@example(b'["\\ud800"]', "a.json")
@example(b"\xf4\x90\x80\x80", "a.yaml")
def test_no_bytes_raise(data: bytes, file: str) -> None:
    check(data, file)


@settings(max_examples=500)
@given(st.lists(TOKENS, max_size=14).map("".join), FILES)
def test_no_text_raises(text: str, file: str) -> None:
    check(text.encode(), file)


@settings(max_examples=200)
@given(st.data())
@pytest.mark.parametrize("file", ["a.yaml", "a.json"])
def test_no_damaged_manifest_raises_or_passes_in_silence(file: str, data: st.DataObject) -> None:
    whole = MINIMAL if file == "a.yaml" else json.dumps(parse(MINIMAL.encode(), "a.yaml").documents[0].value, indent=1)
    at = data.draw(st.integers(0, len(whole)))
    gone = data.draw(st.integers(0, 3))
    damaged = (whole[:at] + data.draw(TOKENS) + whole[at + gone :]).encode()
    check(damaged, file)
    found = load_manifests(damaged, file)
    assert len(found.manifests) == 1 or found.faults or says_another_api(damaged, file)


def says_another_api(data: bytes, file: str) -> bool:
    values = [document.value for document in parse(data, file).documents]
    said = [str(value.get("apiVersion", "changegate.dev")) for value in values if isinstance(value, dict)]
    return b"changegate.dev" not in data or any(one.partition("/")[0] != "changegate.dev" for one in said)
