"""No policy reads a clock: on an OPA a function with the recorded time of the run stands in its place."""

from __future__ import annotations

import pytest

from changegate.errors import PolicyError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.engines.opa.order import pieces
from changegate.rego.syntax.refuse import refuse

NOW = 1793362800000000000
ROOT = "changegate_run_1"
NS = f"data.{ROOT}_now.ns"


def bundle(*texts: str, now: int | None = NOW) -> Bundle:
    files = (Module(f"own{at}.rego", f"package own\n\n{text}\n") for at, text in enumerate(texts))
    return Bundle(tuple(files), now=now)


def moved(*texts: str) -> list[str]:
    return [piece.text.removeprefix(f"package {ROOT}.own\n\n").rstrip("\n") for piece in pieces(bundle(*texts), ROOT)]


def test_each_call_is_the_time_and_lines_stay() -> None:
    text = "# é\n\nx := [time.now_ns(), time.now_ns(\n)]\n\ny := input.now_ns"
    refuse(bundle(text), embedded=False)
    own, clock = moved(text)
    assert own == f"# é\n\nx := [{NS}(0), {NS}(0\n)]\n\ny := input.now_ns"
    assert clock == f"package {ROOT}_now\n\nns(_) := {NOW}"


def test_what_with_puts_in_its_place_is_put_in_the_place_of_that() -> None:
    text = "x if y == 5 with time.now_ns as 5\n\ny := time.now_ns()\n\nz if time.now_ns(n)"
    refuse(bundle(text), embedded=False)
    assert moved(text)[0] == f"x if y == 5 with {NS} as 5\n\ny := {NS}(0)\n\nz if {NS}(0, n)"


@pytest.mark.parametrize(
    "texts",
    [
        ("import data.lib.time\n\nx := time.now_ns()",),
        ("x := time.now_ns(1)\n", "time.now_ns(y) := y"),
        ("x if { some time in input.times; time.now_ns == 1 }",),
        ('x := "time.now_ns()" # time.now_ns()',),
    ],
    ids=["import", "rule of another file", "variable", "text"],
)
def test_what_is_only_called_like_it_stays(texts: tuple[str, ...]) -> None:
    assert not any("_now.ns" in text for text in moved(*texts))
    refuse(bundle(*texts, now=None), embedded=False)


def test_without_a_recorded_time_it_is_refused() -> None:
    with pytest.raises(PolicyError, match="its clock") as caught:
        refuse(bundle("x := time.now_ns()", now=None), embedded=False)
    assert caught.value.place == "own0.rego:3"
