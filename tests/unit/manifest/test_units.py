"""Quantities as numbers; what the schema accepts as one is read as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changegate.manifest.schema import load_schema
from changegate.manifest.units import cores, seconds, size

SCHEMA = load_schema("manifest")
RESOURCES = SCHEMA["properties"]["spec"]["properties"]["serving"]["properties"]["resources"]["properties"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("30m", 1800), ("1h30m", 5400), ("7d", 604_800), ("2w1d", 1_296_000), ("0s", 0), ("999999w", 604_799_395_200)],
)
def test_durations(text: str, expected: int) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    "text", ["", "30", "m", "1.5h", "30M", "30m1h", "1h1h", "-1h", " 1h", "1h\n", "1_0m", "٣m", "1e3s"]
)
def test_what_is_no_duration(text: str) -> None:
    assert seconds(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("8Gi", 8 * 2**30),
        ("500M", 500_000_000),
        ("1.5G", 1_500_000_000),
        ("0.3k", 300),
        ("1.1Ki", 1126),
        ("1.2345678901234P", 1_234_567_890_123_400),
        ("9007199254740993", 9_007_199_254_740_993),
    ],
)
def test_memory(text: str, expected: int) -> None:
    assert size(text) == expected


@pytest.mark.parametrize("text", ["", "Gi", "8gi", "8 Gi", "-8Gi", "8GiB", "8Gi\n", "8.", ".5G", "1e3", "٣G", "8m"])
def test_what_is_no_memory(text: str) -> None:
    assert size(text) is None


@pytest.mark.parametrize(("text", "expected"), [("4", 4.0), ("0.5", 0.5), ("500m", 0.5), ("0", 0.0), ("1.5m", 0.0015)])
def test_processors(text: str, expected: float) -> None:
    assert cores(text) == expected


@pytest.mark.parametrize("text", ["", "m", "4k", "-1", "4 ", "500M", "½"])
def test_what_is_no_number_of_processors(text: str) -> None:
    assert cores(text) is None


def matching(schema: dict[str, str | int]) -> st.SearchStrategy[str]:
    pattern = str(schema["pattern"]).removesuffix("$") + r"\Z"
    return st.from_regex(pattern).filter(lambda text: len(text) <= int(schema["maxLength"]))


@given(matching(SCHEMA["$defs"]["duration"]))
def test_every_duration_of_the_schema_is_read(text: str) -> None:
    assert seconds(text) is not None


@given(matching(RESOURCES["memory"]))
def test_every_amount_of_memory_of_the_schema_is_read(text: str) -> None:
    assert size(text) is not None


@given(matching(RESOURCES["cpu"]))
def test_every_number_of_processors_of_the_schema_is_read(text: str) -> None:
    assert cores(text) is not None
