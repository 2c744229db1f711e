"""A rule's words, filled: units by name, nothing read twice, nothing endless."""

from __future__ import annotations

from typing import Any

import pytest

from changegate.manifest.units import seconds
from changegate.policy.template import fill, names, render


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        # bytes
        ("sizeBytes", 0, "0 B"),
        ("sizeBytes", 1023, "1023 B"),
        ("sizeBytes", 1024, "1 KiB"),
        ("sizeBytes", 48_210_944, "45.98 MiB"),
        ("sizeBytes", 3 * 1024**3, "3 GiB"),
        ("sizeBytes", 5 * 1024**4, "5 TiB"),
        ("sizeBytes", 4096 * 1024**4, "4096 TiB"),
        ("growthBytes", -2048, "-2 KiB"),
        # seconds
        ("bakeSeconds", 0, "0s"),
        ("bakeSeconds", 59, "59s"),
        ("bakeSeconds", 60, "1m"),
        ("bakeSeconds", 1800, "30m"),
        ("bakeSeconds", 3661, "1h1m1s"),
        ("bakeSeconds", 86_400, "24h"),
        ("bakeSeconds", 100_000, "27h46m40s"),
        ("ageSeconds", 2 * 86_400, "2 days"),
        ("ageSeconds", 90 * 86_400, "90 days"),
        ("ageSeconds", 216_000, "2.5 days"),
        ("ageSeconds", 365 * 86_400, "365 days"),
        ("ageSeconds", 1095 * 86_400, "1095 days"),
        ("ageSeconds", 100_000 * 86_400, "100 000 days"),
        ("ageSeconds", -90, "-1m30s"),
        ("ageSeconds", -3 * 86_400, "-3 days"),
        ("bakeSeconds", 0.25, "0.25s"),
        # ratios: a limit close to one is told from one, and a large one has no exponent
        ("objectiveRatio", 0.8, "0.8"),
        ("objectiveRatio", 0.999, "0.999"),
        ("objectiveRatio", 0.9999, "0.9999"),
        ("objectiveRatio", 0.99999, "0.99999"),
        ("selectionRatio", 2 / 3, "0.666667"),
        ("growthRatio", 1234.5, "1234.5"),
        ("growthRatio", 1, "1"),
        ("growthRatio", 0.1 + 0.2, "0.3"),
        ("selectionRatio", 0.99998765432, "0.999988"),
        # percent, milliseconds
        ("weightPercent", 5, "5%"),
        ("weightPercent", 12.5, "12.5%"),
        ("weightPercent", 99.999, "99.999%"),
        ("thresholdMs", 300, "300 ms"),
        ("thresholdMs", 12_345, "12345 ms"),
        ("thresholdMs", 0.5, "0.5 ms"),
        # no unit
        ("version", "2.4.0", "2.4.0"),
        ("count", 3, "3"),
        ("count", 99_999, "99999"),
        ("count", 1_234_567, "1 234 567"),
        ("count", -1_234_567, "-1 234 567"),
        ("cost", 0.021, "0.021"),
        ("cost", 900.0, "900"),
        ("stated", True, "yes"),
        ("statedRatio", False, "no"),
        # a name that only has the unit in its middle
        ("bytesRead", 2048, "2048"),
        ("msPerCall", 3, "3"),
        # several
        ("names", ["a", "b"], "a, b"),
        ("names", [], "none"),
        ("names", {}, "none"),
        ("stepSeconds", [60, 3600], "1m, 1h"),
        ("limits", {"b": 1, "aSeconds": 60}, "aSeconds: 1m, b: 1"),
        ("nested", [["a", "b"], ["c"]], "a, b, c"),
    ],
)
def test_units(name: str, value: Any, text: str) -> None:
    assert render(name, value) == text
    assert fill(f"<{{{name}}}>", {name: value}) == f"<{text}>"


def test_a_detail_that_is_text_has_no_unit() -> None:
    assert render("sizeBytes", "many") == "many"


def test_names() -> None:
    assert names("{a} and {bSeconds}, {a}; not {A}, {a b}, {}, {a.b}, {{c}}") == {"a", "bSeconds", "c"}
    assert names("`slos: [{name: latency, objective: 0.95}]`") == set()


def test_a_sentence_that_asks_for_what_nobody_gave_is_left_out() -> None:
    assert fill("It is {b}. Write `{a}`. Or {c}.", {"a": 1}) == "Write `1`."
    assert fill("Write `a: b. C`, or {b}.", {}) == ""
    assert fill("{a} is {b}", {"a": 1}) == ""
    assert fill("Nothing is asked for.", {}) == "Nothing is asked for."


@pytest.mark.parametrize(
    ("name", "value", "said", "typed"),
    [
        ("bakeSeconds", 1800, "30m", "30m"),
        ("windowSeconds", 30 * 86_400, "30 days", "30d"),
        ("windowSeconds", 5400, "1h30m", "1h30m"),
        ("windowSeconds", 0, "0s", "0s"),
        ("sizeBytes", 44_040_192, "42 MiB", "44040192"),
        ("weightPercent", 12.5, "12.5%", "12.5"),
        ("minimumRatio", 0.999, "0.999", "0.999"),
        ("thresholdMs", 300, "300 ms", "300"),
        ("count", 1_234_567, "1 234 567", "1234567"),
        ("automatic", True, "yes", "true"),
        ("labels", ["a", "b"], "a, b", "a, b"),
        ("labels", [], "none", ""),
        ("limits", {"aSeconds": 60}, "aSeconds: 1m", "aSeconds: 1m"),
        ("version", "2.4.0", "2.4.0", "2.4.0"),
    ],
)
def test_between_backticks_a_value_is_written_as_it_is_typed(name: str, value: Any, said: str, typed: str) -> None:
    assert fill(f"{{{name}}} `key: {{{name}}}` {{{name}}}", {name: value}) == f"{said} `key: {typed}` {said}"
    assert fill(f"`{{{name}}}", {name: value}) == f"`{said}"  # a lone backtick marks no code


def test_what_is_typed_is_read_back_as_the_same_duration() -> None:
    for value in (0, 1, 59, 3600, 86_400, 100_000, 604_800, 31_536_000):
        assert seconds(fill("`{aSeconds}`", {"aSeconds": value}).strip("`")) == value


@pytest.mark.parametrize("hostile", ["{b}", "{a}", "{a.__class__}", "%s", "$b", r"\1", r"\g<0>", "{0}", "{{b}}"])
def test_what_is_filled_in_is_not_read_again(hostile: str) -> None:
    assert fill("<{a}> {b}", {"a": hostile, "b": "secret"}) == f"<{hostile}> secret"
    assert fill("{a}", {"a": [hostile]}) == hostile
    assert fill("{a}", {"a": {hostile: 1}}) == f"{hostile}: 1"


@pytest.mark.parametrize("text", ["{a.b}", "{a[0]}", "{a!r}", "{a:>10}", "{ a }", "{}", "{A}", "{1}", "{a", "a}"])
def test_only_plain_names_are_read(text: str) -> None:
    assert fill(text, {"a": "x", "A": "x", "1": "x", "": "x"}) == text


@pytest.mark.parametrize("value", ["x" * 5000, ["x"] * 5000, {str(key): key for key in range(5000)}, 10**400])
def test_a_long_value_is_cut(value: Any) -> None:
    text = fill("{a}", {"a": value})
    assert len(text) == 300
    assert text.endswith("…")


def test_a_value_that_just_fits() -> None:
    assert fill("{a}{a}", {"a": "x" * 300}) == "x" * 600


@pytest.mark.parametrize("name", ["aBytes", "aSeconds", "aRatio", "aPercent", "aMs"])
@pytest.mark.parametrize("value", [10**400, -(10**400), 1e300, 10**18])
def test_a_number_without_bounds_is_no_crash(name: str, value: Any) -> None:
    assert 0 < len(render(name, value)) <= 400
