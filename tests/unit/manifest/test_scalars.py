"""Plain scalars: YAML 1.2 core, and a warning where another reader sees something else."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from changegate.manifest.scalars import NotANumber, integer, is_ambiguous, resolve
from support.manifests import only, read, value

CORE = {
    "null": None, "Null": None, "~": None, "true": True, "False": False, "TRUE": True,
    "0": 0, "-17": -17, "+4": 4, "010": 10, "0o17": 15, "0x1F": 31,
    "1.5": 1.5, ".5": 0.5, "1.": 1.0, "-1.5e-3": -0.0015, "1e3": 1000.0, "2.10": 2.1,
    "9007199254740992": 2**53, "-9007199254740992": -(2**53),
}  # fmt: skip
TEXTS = [
    "no", "yes", "on", "off", "y", "N", "nULL", "tRUE", "12:30", "190:20:30", "2026-10-30", "2026-10-30T00:00:00Z",
    "1_000", "0b11", "0x", "-0x1F", "0o8", "1.2.3", "2.4.0-rc1", "sha256:ab", "+", ".", "...a", "1e", "e3", "=",
]  # fmt: skip


@pytest.mark.parametrize("text", CORE)
def test_the_core_schema(text: str) -> None:
    read_as = value(f"a: {text}")
    assert read_as == {"a": CORE[text]}
    assert type(resolve(text)) is type(CORE[text])


@pytest.mark.parametrize("text", TEXTS)
def test_all_else_is_text(text: str) -> None:
    assert value(f"a: {text}") == {"a": text}


@pytest.mark.parametrize("text", [*CORE, *TEXTS])
def test_quotes_make_a_text_of_anything_without_a_warning(text: str) -> None:
    for quoted in (f'"{text}"', f"'{text}'", f"|-\n  {text}"):
        parsed = read(f"a: {quoted}")
        assert (parsed.documents[0].value, parsed.warnings) == ({"a": text}, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no", "the text 'no'"),
        ("y", "the text 'y'"),
        ("010", "the number 10"),
        ("1_000", "the text '1_000'"),
        ("12:30", "the text '12:30'"),
        ("1e3", "the number 1000.0"),
        ("0o17", "the number 15"),
    ],
)
def test_what_others_read_otherwise_is_to_be_quoted(text: str, said: str) -> None:
    warning = only(read(f"\na: [1, {text}]").warnings)
    assert (warning.code, warning.line, warning.column, warning.end_column) == ("ambiguous-scalar", 2, 8, 8 + len(text))
    assert warning.message == f"{text} is {said} here, and something else to other readers of YAML"
    assert f'"{text}"' in warning.hint


@pytest.mark.parametrize("text", ["2026-10-30", "1.5", "17", "0x1F", "true", "~", "nothing", "2.4.0", "1h30m", "-1"])
def test_what_all_read_alike_is_not(text: str) -> None:
    assert read(f"a: {text}").warnings == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (".inf", "finite"),
        ("-.INF", "finite"),
        (".NaN", "finite"),
        ("1e400", "too large"),
        ("9007199254740993", "2^53"),
        ("-9007199254740993", "2^53"),
        ("0x20000000000001", "2^53"),
        ("0o1000000000000000001", "2^53"),
        ("1" * 65, "64 characters"),
        ("0." + "1" * 63, "64 characters"),
        ("1e" + "9" * 100_000, "64 characters"),
    ],
)
def test_numbers_that_not_every_reader_holds_are_refused(text: str, why: str) -> None:
    fault = only(read(f"a: {text}").faults)
    assert (fault.code, fault.line, fault.column) == ("number", 1, 4)
    assert why in fault.message
    assert read(f'a: "{text}"').faults == ()


def others_read(text: str) -> object:
    try:
        return yaml.safe_load(f"a: {text}")["a"]
    except (yaml.YAMLError, ValueError) as error:
        return error


NUMERIC = st.text(alphabet="0123456789abfxoXeE_.:+-", min_size=1, max_size=9)


@settings(max_examples=500)
@given(NUMERIC | st.sampled_from([*CORE, *TEXTS, "Yes", "NO", "On", "OFF", "<<"]))
def test_pyyaml_reads_the_same_or_there_is_a_warning(text: str) -> None:
    parsed = read(f"a: {text}")
    if parsed.faults or parsed.warnings or parsed.documents[0].value != {"a": resolve(text)}:
        return  # refused, warned of, or no plain scalar at all
    theirs, ours = others_read(text), resolve(text)
    if not isinstance(theirs, date):
        assert (type(theirs), theirs) == (type(ours), ours)


@given(st.text(max_size=80))
def test_any_text_resolves_or_is_refused(text: str) -> None:
    with suppress(NotANumber):
        resolve(text)
    assert is_ambiguous(text) in {True, False}


def test_leading_zeros_do_not_change_the_base() -> None:
    assert integer("0010") == 10
    assert integer("0x0010") == 16
