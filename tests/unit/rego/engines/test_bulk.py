"""Documents in bulk: `orjson` writes what `json` writes, and what it would write otherwise it does not write."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changegate.errors import EngineError
from changegate.rego.bundle import shipped
from changegate.rego.engines import bulk
from changegate.rego.engines.embedded import Given

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner))


@pytest.fixture(scope="module", autouse=True)
def many() -> None:
    """Let so many documents be written that the next ones are written in bulk."""
    for number in range(40):
        Given.of({"number": number}, shipped())


@pytest.fixture
def without_orjson(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "orjson", None)
    bulk._dumps.cache_clear()
    yield
    bulk._dumps.cache_clear()


def given_to_the_engine(document: dict[str, Any]) -> Given:
    return Given.of(document, shipped())


@given(st.dictionaries(TEXTS, VALUES))
def test_it_says_the_same(document: dict[str, Any]) -> None:
    written = bulk.written(document)
    if "null" not in json.dumps(document, ensure_ascii=False):
        assert written is not None
    assert json.loads(given_to_the_engine(document).text) == document


@pytest.mark.parametrize("document", [{"nullable": True, "nulls": ["null", {"null": "null"}]}, {"a": []}, {}])
def test_a_word_is_no_null(document: dict[str, Any]) -> None:
    assert bulk.written(document) == json.dumps(document, separators=(",", ":"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_the_same_to_the_engine(number: float) -> None:
    import regorus

    engine = regorus.Engine()
    engine.add_policy("x.rego", "package x\nwhole := input.number")
    answers = []
    for text in (given_to_the_engine({"number": number}).text, json.dumps({"number": number})):
        engine.set_input_json(text)
        answers.append(engine.eval_rule_as_json("data.x.whole"))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("place", ["[1, 2]", "[2, 1]", '{"rate": 2}', '{"a": 1, "rate": 2}', '[[{"a": [2]}]]'])
def test_what_is_no_number_is_refused(number: float, place: str) -> None:
    """`orjson` alone would write null, and a rule would meet a value that nobody gave."""
    facts = json.loads(place, parse_int=lambda text: number if text == "2" else 1)
    with pytest.raises(EngineError, match="cannot be given to the engine"):
        given_to_the_engine({"facts": facts})


@pytest.mark.parametrize(
    "document",
    [{"n": 2**64}, {"n": -(2**63) - 1}, {"n": None}, {"t": "a,null"}, {"t": "\udc80.json"}, {1: "a"}],
)
def test_what_only_json_writes_is_written_by_it(document: dict[Any, Any]) -> None:
    text = json.dumps(document)
    given = given_to_the_engine(document)
    assert given.text == text or given.has_odd_bytes


def test_a_name_that_is_no_text_comes_back() -> None:
    given = given_to_the_engine({"file": "\udc80.json"})
    assert given.values(given.text) == {"file": "\udc80.json"}


@pytest.mark.usefixtures("without_orjson")
def test_without_orjson_json_writes_all() -> None:
    assert bulk.written({"a": 1}) is None
    assert given_to_the_engine({"a": 1}).text == json.dumps({"a": 1})
