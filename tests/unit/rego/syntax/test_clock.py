"""No policy reads a clock: on an OPA the time of the run stands in its place, or the policy is refused."""

from __future__ import annotations

import pytest

from changegate.errors import PolicyError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.syntax.clock import with_the_time
from changegate.rego.syntax.refuse import refuse

NOW = 1793362800000000000


def bundle(text: str, now: int | None = NOW) -> Bundle:
    return Bundle((Module("own.rego", f"package own\n\n{text}\n"),), now=now)


def test_each_call_is_the_time_and_lines_stay() -> None:
    text = "# é\n\nx := [time.now_ns(), time.now_ns(\n)]\n\ny := input.now_ns"
    (module,) = with_the_time(bundle(text)).modules
    assert module.text == f"package own\n\n# é\n\nx := [{NOW}, {NOW}\n]\n\ny := input.now_ns\n"
    refuse(bundle(text), embedded=False)


def test_without_a_recorded_time_nothing_is_put_in_its_place() -> None:
    given = bundle("x := time.now_ns()", now=None)
    assert with_the_time(given) is given
    with pytest.raises(PolicyError, match="its clock") as caught:
        refuse(given, embedded=False)
    assert caught.value.place == "own.rego:3"


def test_a_clock_that_with_replaces_cannot_be_on_an_opa() -> None:
    with pytest.raises(PolicyError, match="its clock"):
        refuse(bundle("x if y == 5 with time.now_ns as 5\n\ny := time.now_ns()"), embedded=False)
