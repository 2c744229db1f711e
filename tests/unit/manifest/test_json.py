"""Reading JSON: the same values, places and refusals as in YAML."""

from __future__ import annotations

import pytest

from changegate.manifest import parse
from support.manifests import only, place, read, value

TEXT = """\
{
  "name": "fraud \\"x\\" \\u00fc",
  "list": [1, -2.5e1, true, null,
    {"öl": "😀", "b": []}
  ],
\t"last" :
    "value"
}
"""
PLACES = {
    (): (1, 1, 2),
    ("name",): (2, 11, 31),
    ("list",): (3, 3, 9),
    ("list", 0): (3, 12, 13),
    ("list", 1): (3, 15, 21),
    ("list", 2): (3, 23, 27),
    ("list", 3): (3, 29, 33),
    ("list", 4): (4, 5, 6),
    ("list", 4, "öl"): (4, 12, 15),
    ("list", 4, "b"): (4, 17, 20),
    ("last",): (7, 5, 12),
}


def test_values() -> None:
    read_as = value(TEXT, "a.json")
    assert read_as == {
        "name": 'fraud "x" ü',
        "list": [1, -25.0, True, None, {"öl": "😀", "b": []}],
        "last": "value",
    }
    assert isinstance(read_as, dict)
    assert list(read_as) == ["name", "list", "last"]


@pytest.mark.parametrize("path", PLACES)
def test_every_node_has_its_place(path: tuple[str | int, ...]) -> None:
    (document,) = read(TEXT, "a.json").documents
    assert document.locate(path) == (*PLACES[path], True)


def test_keys_have_their_place() -> None:
    (document,) = read(TEXT, "a.json").documents
    assert document.locate_key(("list", 4, "öl")) == (4, 6, 10, True)
    assert document.locate_key(("last",)) == (6, 2, 8, True)
    assert document.locate(("list", 4, "c", 1)) == (4, 5, 6, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("empty", 1, 1)),
        (" \n\t", ("empty", 1, 1)),
        ('{"a": 1,\n "b" 2}', ("syntax", 2, 6)),
        ('{"a": 1} {}', ("syntax", 1, 10)),
        ("{a: 1}", ("syntax", 1, 2)),
        ("['a']", ("syntax", 1, 2)),
        ('{"a": 1 // one\n}', ("syntax", 1, 9)),
        ('["a\tb"]', ("syntax", 1, 4)),
        ('["\\x41"]', ("syntax", 1, 3)),
        ("[01]", ("syntax", 1, 3)),
        ("[.5]", ("syntax", 1, 2)),
        ("[NaNx]", ("syntax", 1, 5)),
        ("[1e999x]", ("syntax", 1, 7)),
        ("nul", ("syntax", 1, 1)),
        ('"', ("syntax", 1, 1)),
        ("\\", ("syntax", 1, 1)),
        ("[NaN]", ("number", 1, 2)),
        ("[1,\n -Infinity]", ("number", 2, 2)),
        ('{"a": [1, 2, 1e400]}', ("number", 1, 14)),
        ("[9007199254740993]", ("number", 1, 2)),
        ("1" * 5000, ("number", 1, 1)),
        ('{"a": 1, "a": 2}', ("duplicate-key", 1, 10)),
        ('{"a": "a", "b": {"a": "b", "b": "a"},\n "\\u0061": 1}', ("duplicate-key", 2, 2)),
        ('["\\uD800"]', ("control-character", 1, 2)),
        ('{"\\udFFFx": 1}', ("control-character", 1, 2)),
        ('["\\ud83d \\ude00"]', ("control-character", 1, 2)),
        ("\ufeff{}", ("encoding", 1, 1)),
        ('["a",\n "\u200b"]', ("control-character", 2, 3)),
        ("[" + "{}," * 60_000 + "{}]", ("too-large", 1, 1)),
    ],
)
def test_what_is_wrong_and_where(text: str, expected: tuple[str, int, int]) -> None:
    fault = only(read(text, "a.json").faults)
    assert place(fault) == expected
    assert fault.message
    assert fault.hint


def test_every_fault_of_a_file_is_told_and_its_value_kept_to_guess_a_name_from() -> None:
    parsed = read('{"a": 1, "a": NaN, "\\ud800": {"b": "\\udfff", "c": 1e999}}', "a.json")
    assert [place(fault) for fault in parsed.faults] == [
        ("duplicate-key", 1, 10),
        ("number", 1, 15),
        ("control-character", 1, 20),
        ("control-character", 1, 36),
        ("number", 1, 51),
    ]
    (document,) = parsed.documents
    assert document.faulty
    assert document.value == {"a": 1, "\ufffd": {"b": "\ufffd", "c": "1e999"}}


def test_values_in_brackets_are_not_depth() -> None:
    assert read('["' + "[" * 100 + '"]', "a.json").faults == ()


def test_nothing_in_json_is_ambiguous() -> None:
    assert read('{"no": "010", "a": 1e3}', "a.json").warnings == ()


def test_constants_of_python_are_read_where_asked_for_and_nothing_else_with_them() -> None:
    text = '{"a": [NaN, Infinity, -Infinity], "b": "NaN"}'
    (document,) = parse(text.encode(), "a.json", constants=True).documents
    assert not document.faulty
    assert repr(document.value) == "{'a': [nan, inf, -inf], 'b': 'NaN'}"
    parsed = parse(b'{"a": NaN, "b": 1e999, "a": 2}', "a.json", constants=True)
    assert [place(fault) for fault in parsed.faults] == [("number", 1, 17), ("duplicate-key", 1, 24)]
    assert parse(text.encode(), "a.json").faults
