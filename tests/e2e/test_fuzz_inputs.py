"""Faulty inputs at random, a few in each run: no internal error, a sentence where nothing is decided, never a pass.

`benchmarks/fuzz_inputs.py` tries many. What it found is here by its smallest input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from changegate.verdict import Gate
from support.faulty import APPROVALS, CONFIG, EVENT, MANIFESTS, Input, inputs
from support.faulty_bench import Bench, complaint

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(tmp_path_factory.mktemp("fuzz"))
        patch.setenv("XDG_STATE_HOME", str(made.state))
        yield made


def test_without_a_fault_the_gate_is_open(bench: Bench) -> None:
    answer = bench.ask(Input({}, {}, {}, everything=True))
    assert (answer.verdict.gate, answer.trace) == (Gate.OPEN, "")


@settings(max_examples=60)
@given(inputs())
def test_whatever_is_in_the_files(bench: Bench, given: Input) -> None:
    assert not complaint(given, bench.ask(given))


@settings(max_examples=10)
@given(inputs())
def test_the_same_input_is_answered_alike(bench: Bench, given: Input) -> None:
    assert bench.ask(given).reports == bench.ask(given).reports


FOUND: dict[str, Input] = {
    "an event without a target": Input({}, {}, {EVENT: b'{"pull_request": {"base": {}}}'}, everything=False),
    "no configuration but a list": Input({CONFIG: b"[]\n"}, {}, {}, everything=False),
    "approvals that are none": Input({}, {MANIFESTS[0]: b""}, {APPROVALS: b"[" * 100_000}, everything=False),
}
"""What went wrong once, by the smallest input that showed it."""


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_once(bench: Bench, name: str) -> None:
    assert not complaint(FOUND[name], bench.ask(FOUND[name]))


def test_a_fault_would_be_found(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("changegate.judging.judge.semantic", broken)
    given = Input({}, {MANIFESTS[0]: b"# changed\n" + bench.base[MANIFESTS[0]]}, {}, everything=False)
    assert "ZeroDivisionError" in complaint(given, bench.ask(given))
