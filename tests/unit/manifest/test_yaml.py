"""Reading YAML: documents, values, and the line and column of everything."""

from __future__ import annotations

import pytest

from changegate.manifest import parse
from support.manifests import only, place, read, value

TEXT = """\
# A comment.
name: fraud            # one more
"quoted": 'it''s'
list:
  - one
  -   two: 2
      three: [3, {four: 4}]
  - - nested
block: |
  first
  second
folded: a
  b
emöji 😀: {ü: 1, "x": }
empty:
last: &anchor 5
again: *anchor
"""
PLACES = {
    (): (2, 1, 34),
    ("name",): (2, 7, 12),
    ("quoted",): (3, 11, 18),
    ("list",): (4, 1, 5),
    ("list", 0): (5, 5, 8),
    ("list", 1): (6, 7, 13),
    ("list", 1, "two"): (6, 12, 13),
    ("list", 1, "three"): (7, 7, 12),
    ("list", 1, "three", 0): (7, 15, 16),
    ("list", 1, "three", 1): (7, 18, 19),
    ("list", 1, "three", 1, "four"): (7, 25, 26),
    ("list", 2): (8, 5, 13),
    ("list", 2, 0): (8, 7, 13),
    ("block",): (9, 8, 9),
    ("folded",): (12, 9, 10),
    ("emöji 😀",): (14, 1, 8),
    ("emöji 😀", "ü"): (14, 14, 15),
    ("emöji 😀", "x"): (14, 17, 20),
    ("empty",): (15, 1, 6),
    ("last",): (16, 7, 16),
    ("again",): (17, 8, 15),
}
KEYS = {
    ("name",): (2, 1, 5),
    ("quoted",): (3, 1, 9),
    ("list", 1, "two"): (6, 7, 10),
    ("list", 1, "three", 1, "four"): (7, 19, 23),
    ("emöji 😀", "x"): (14, 17, 20),
    ("empty",): (15, 1, 6),
}


def test_values() -> None:
    assert value(TEXT) == {
        "name": "fraud",
        "quoted": "it's",
        "list": ["one", {"two": 2, "three": [3, {"four": 4}]}, ["nested"]],
        "block": "first\nsecond\n",
        "folded": "a b",
        "emöji 😀": {"ü": 1, "x": None},
        "empty": None,
        "last": 5,
        "again": 5,
    }


def test_an_end_is_told_of_all_that_stands_on_a_line() -> None:
    """Of what spans several lines it is the end of the first, without blanks; nothing ends before it begins."""
    (document,) = read("a: >  \n  b\nc:\n  - d: 1   \n    e: 2\nf: [1,\n  2]\n").documents
    assert document.locate(("a",)) == (1, 4, 5, True)
    assert document.locate(("c", 0)) == (4, 5, 9, True)
    assert document.locate(("f",)) == (6, 1, 2, True)


@pytest.mark.parametrize("path", PLACES)
def test_every_node_has_its_place(path: tuple[str | int, ...]) -> None:
    (document,) = read(TEXT).documents
    assert document.locate(path) == (*PLACES[path], True)


@pytest.mark.parametrize("path", KEYS)
def test_every_key_has_its_place(path: tuple[str | int, ...]) -> None:
    (document,) = read(TEXT).documents
    assert document.locate_key(path) == (*KEYS[path], True)


def test_line_ends_of_windows_change_no_place_and_no_value() -> None:
    parsed = read(TEXT.replace("\n", "\r\n"))
    (document,) = parsed.documents
    assert document.value == value(TEXT)
    assert {path: document.locate(path)[:3] for path in PLACES} == PLACES
    assert document.lines == TEXT.split("\n")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("list", 7), (4, 1, 5, False)),
        (("list", 1, "three", 1, "five", 6), (7, 18, 19, False)),
        (("name", "further"), (2, 7, 12, False)),
        (("nothing",), (2, 1, 34, False)),
        (("list", "one"), (4, 1, 5, False)),
    ],
)
def test_what_is_missing_stands_at_its_nearest_parent(
    path: tuple[str | int, ...], place: tuple[int, int, int | None, bool]
) -> None:
    (document,) = read(TEXT).documents
    assert document.locate(path) == place
    assert document.locate_key(path) == place


def test_a_scalar_as_it_is_written() -> None:
    (document,) = read(TEXT).documents
    assert [document.written(path) for path in [("quoted",), ("list", 1, "two"), ("block",), ("none",)]] == [
        "'it''s'",
        "2",
        "",
        "",
    ]


SEVERAL = """\
---
# nothing in this one
---
kind: ConfigMap
data: {a: 1}
...
---
- second
--- third
---
  indented: yes please
  deeper:
    a: 4
"""


def test_several_documents() -> None:
    documents = read(SEVERAL).documents
    assert [(document.index, document.value) for document in documents] == [
        (0, {"kind": "ConfigMap", "data": {"a": 1}}),
        (1, ["second"]),
        (2, "third"),
        (3, {"indented": "yes please", "deeper": {"a": 4}}),
    ]
    assert [document.locate(()).line for document in documents] == [4, 8, 9, 11]
    assert documents[0].locate(("data", "a")) == (5, 11, 12, True)
    assert documents[1].locate((0,)) == (8, 3, 9, True)
    assert documents[2].locate(()) == (9, 5, 10, True)
    assert documents[3].locate(("deeper", "a")) == (13, 8, 9, True)


def test_a_fault_in_one_document_leaves_the_others_alone() -> None:
    parsed = read("a: 1\n---\na: 1\na: 2\n---\na: 3\n")
    assert [(document.value, document.faulty) for document in parsed.documents] == [
        ({"a": 1}, False),
        ({"a": 1}, True),
        ({"a": 3}, False),
    ]
    assert (place(only(parsed.faults)), parsed.complete) == (("duplicate-key", 4, 1), True)


def test_what_stands_before_a_syntax_error_is_kept() -> None:
    parsed = read("a: 1\n---\nb: [\n")
    assert [document.value for document in parsed.documents] == [{"a": 1}]
    assert (place(only(parsed.faults)), parsed.complete) == (("syntax", 3, 4), False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [1, 2\nb: 3\n", ("syntax", 2, 2)),
        ("a: 'b\n", ("syntax", 1, 4)),
        ("a:\n  - b\n c: d\n", ("syntax", 3, 2)),
        ("a: b: c\n", ("syntax", 1, 5)),
        ("a: @b\n", ("syntax", 1, 4)),
        ("a: `b`\n", ("syntax", 1, 4)),
        ("a: {{ value }}\n", ("key", 1, 5)),
        ("{{- if x }}\na: b\n", ("syntax", 1, 3)),
        ("a: !unknown!tag b\n", ("syntax", 1, 4)),
        ("a: %b\n", ("syntax", 1, 4)),
        ("\t", ("tab", 1, 1)),
        ("a:\n\tb: 1\n", ("tab", 2, 1)),
        ("a:\n  \tb: 1\n", ("tab", 2, 3)),
        ("a: 1\na: 2\n", ("duplicate-key", 2, 1)),
        ("a: {b: 1, 'b': 2}\n", ("duplicate-key", 1, 11)),
        ("1: a\n", ("key", 1, 1)),
        ("a: {true: b}\n", ("key", 1, 5)),
        ("[a]: b\n", ("key", 1, 1)),
        ("a: &b [*b]\n", ("alias", 1, 8)),
        ("a: *b\n", ("alias", 1, 4)),
        ("a: &b 1\n---\na: *b\n", ("alias", 3, 4)),
        ("", ("empty", 1, 1)),
        ("# only words\n", ("empty", 1, 1)),
        ("---\n...\n---\n", ("empty", 1, 1)),
    ],
)
def test_what_is_wrong_and_where(text: str, expected: tuple[str, int, int]) -> None:
    fault = read(text, "models/a.yaml").faults[0]
    assert place(fault) == expected
    assert fault.file == "models/a.yaml"
    assert fault.message
    assert fault.hint


def test_every_fault_of_a_file_is_told() -> None:
    parsed = read("a: !!int 1\nb: {<<: {c: 1}}\na: .inf\n? [x]\n: x\nw: no\n")
    assert [place(fault) for fault in parsed.faults] == [
        ("tag", 1, 4),
        ("merge-key", 2, 5),
        ("number", 3, 4),
        ("duplicate-key", 3, 1),
        ("key", 4, 3),
    ]
    assert place(only(parsed.warnings)) == ("ambiguous-scalar", 6, 4)


def test_a_word_for_true_or_false_says_which_it_would_be() -> None:
    hints = {text: only(read(f"a: {text}\n").warnings).hint for text in ("yes", "Off", "010")}
    assert hints == {
        "yes": 'Put it into quotes if it is a text: "yes"; write `true` if it says that.',
        "Off": 'Put it into quotes if it is a text: "Off"; write `false` if it says that.',
        "010": 'Put it into quotes if it is a text: "010".',
    }


def test_aliases_stand_for_their_values() -> None:
    text = "a: &x {b: [1, 2]}\nc: *x\nd: &x 3\ne: *x\n"
    assert value(text) == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}, "d": 3, "e": 3}
    (document,) = read(text).documents
    assert document.locate(("c", "b", 1)) == (2, 4, 6, False)


def test_a_quoted_merge_sign_is_a_name() -> None:
    assert value("'<<': a") == {"<<": "a"}


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "folder.json/a", "a.json.yaml"])
def test_yaml_is_what_is_not_named_json(name: str) -> None:
    assert parse(b"a: b", name).documents[0].value == {"a": "b"}


def test_what_is_wrong_with_a_word_is_told_wherever_it_stands() -> None:
    """Words are kept once they are read; what is wrong with one stands on a line, in each file anew."""
    for before in ("", "# a line more\n"):
        parsed = parse(f"{before}a: no\nb: [no, .inf]\n010: .inf\nc: no\n".encode(), "m.yaml")
        moved = before.count("\n")
        assert [(one.line, one.column) for one in parsed.warnings] == [
            (1 + moved, 4), (2 + moved, 5), (3 + moved, 1), (4 + moved, 4),
        ]  # fmt: skip
        assert [(one.code, one.line, one.column) for one in parsed.faults] == [
            ("number", 2 + moved, 9), ("key", 3 + moved, 1), ("number", 3 + moved, 6),
        ]  # fmt: skip


def test_a_word_is_read_as_it_is_written_wherever_it_stands() -> None:
    text = "a: [1, true, 1.0, '1', \"true\", 0, false, '', null]\n"
    for _ in range(2):
        assert repr(value(text)["a"]) == repr([1, True, 1.0, "1", "true", 0, False, "", None])
