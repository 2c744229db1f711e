"""Own policies in an engine of their own: what stops one names it, and the others' answers are not lost."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from changegate.errors import EngineError, PolicyError
from changegate.own_policies import isolated as apart
from changegate.own_policies.isolated import Apart, discovered
from changegate.rego.bundle import Bundle, Module, library
from changegate.rego.engines import EngineOptions, open_host
from changegate.worker import Limits, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.rego.engines import Host

ONE = Module("one.rego", 'package one\n\ndeny contains "x" if input.a\n')
TWO = Module("two.rego", 'package two\n\ndeny contains "y" if input.a\n')
SLOW = Module(
    "slow.rego",
    "package slow\n\nnumbers_of_it := numbers.range(1, 3000)\n\ndeny contains 1 if {\n\tsome a in numbers_of_it\n"
    "\tsome b in numbers_of_it\n\tsome c in numbers_of_it\n\t[a, b, c] == [input.a, 0, 0]\n}\n",
)
BOTH = ["data.one.deny", "data.two.deny"]


@pytest.fixture
def host() -> Iterator[Host]:
    with closing(open_host(EngineOptions())) as opened:
        yield opened


def load(host: Host, *modules: Module, seconds: float = 20) -> Apart:
    return Apart(host, Bundle((*modules, *library(modules)), limits=Limits(seconds, 1 << 30)))


def kill(engine: Apart) -> None:
    """End the process that an engine is in, as the system does that has no more memory."""
    worker = engine._engine._worker  # type: ignore[attr-defined]
    assert isinstance(worker, Worker)
    os.kill(worker._pid, signal.SIGKILL)


def test_an_engine_that_is_gone_is_made_again_for_each_package(host: Host) -> None:
    engine = load(host, ONE, TWO)
    kill(engine)
    assert engine.query(BOTH, {"a": 1}) == {"data.one.deny": ["x"], "data.two.deny": ["y"]}


def test_where_there_is_one_package_only_it_is_the_one(host: Host) -> None:
    engine = load(host, ONE)
    kill(engine)
    with pytest.raises(EngineError, match="the policy package one: it was ended by SIGKILL") as caught:
        engine.query(BOTH[:1], {"a": 1})
    assert caught.value.place == "one.rego"
    assert "policies.limits" in caught.value.hint


def test_the_one_that_is_slow_is_named(host: Host) -> None:
    engine = load(host, ONE, SLOW, TWO, seconds=2)
    with pytest.raises(EngineError, match="the policy package slow: it took more than 2 seconds") as caught:
        engine.query([*BOTH, "data.slow.deny"], {"a": -1})
    assert caught.value.place == "slow.rego"


def test_a_fork_has_an_engine_of_its_own(host: Host) -> None:
    engine = load(host, ONE)
    engine.query(BOTH[:1], {"a": 1})
    with closing(Worker(lambda: lambda _request: repr(engine.query(BOTH[:1], {"a": 1})).encode())) as fork:
        assert fork.call(b"") == b"{'data.one.deny': ['x']}"
    assert engine.query(BOTH[:1], {}) == {"data.one.deny": []}


def test_our_words_are_there_for_those_who_ask(host: Host) -> None:
    module = Module("a.rego", "package a\n\nimport data.changegate.lib\n\none := lib.passed if input.a\n")
    assert load(host, module).query(["data.a.one"], {"a": 1}) == {"data.a.one": {"outcome": "passed"}}
    assert library([ONE, TWO]) == ()


def test_rules_are_found_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(20, 1 << 30)
    assert [rule.id for one in discovered([ONE, TWO], limits) for rule in one.rules] == ["own/one/deny", "own/two/deny"]
    with pytest.raises(PolicyError) as caught:
        discovered([ONE, Module("bad.rego", "package bad\n\ndeny contains")], limits)
    assert caught.value.place == "bad.rego:3"
    found = apart.discover

    def dies(modules: list[Module]) -> object:
        if any(module is TWO for module in modules):
            os.kill(os.getpid(), signal.SIGSEGV)
        return found(modules)

    monkeypatch.setattr(apart, "discover", dies)
    with pytest.raises(EngineError, match="cannot be parsed: it was ended by SIGSEGV") as caught:
        discovered([ONE, TWO], limits)
    assert caught.value.place == "two.rego"
