"""The embedded engine in a process of its own: the same answers, and errors with a place where it dies."""

from __future__ import annotations

import os
import signal
from contextlib import closing

import pytest

from changegate.errors import EngineError, PolicyError
from changegate.rego.bundle import Bundle, Module, shipped
from changegate.rego.engines import EngineOptions, forked, open_host
from changegate.rego.engines.embedded import Embedded
from changegate.rego.engines.forked import Forked
from changegate.worker import Limits
from support.policies import bundle

RELEASE = {"subject": {"kind": "release"}, "release": {"spec": {"version": "1"}}}

pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


def policy(text: str) -> Bundle:
    return Bundle((Module("acme/naming.rego", f"package acme.naming\n\n{text}\n"),))


@pytest.mark.parametrize("text", ["plain", "Grüße ✓", "\udcff", "line\nbreak", "\u2028"])
def test_it_answers_what_the_engine_answers(text: str) -> None:
    ours = bundle()
    document = {**RELEASE, "text": text, "number": 2**60 + 1}
    echo = policy("told := input.text\n\nnumber := input.number\n\nsilent := 1 if input.nothing")
    wanted = ("data.acme.naming.told", "data.acme.naming.number", "data.acme.naming.silent")
    with closing(open_host(EngineOptions())) as host:
        assert host.load(ours).decide(document) == Embedded(ours).decide(document)
        assert host.load(echo).query(wanted, document) == {wanted[0]: text, wanted[1]: 2**60 + 1}


def test_a_host_loads_ours_once() -> None:
    with closing(open_host(EngineOptions())) as host:
        assert host.load(shipped()) is host.load(shipped())


def test_what_does_not_load_is_told_with_its_place() -> None:
    with closing(open_host(EngineOptions())) as host, pytest.raises(PolicyError) as caught:
        host.load(policy("deny contains 1 if {"))
    assert caught.value.file == "acme/naming.rego"
    assert caught.value.line


def test_an_error_of_a_policy_has_its_place() -> None:
    with closing(open_host(EngineOptions())) as host:
        engine = host.load(policy("deny contains 1 if count(input.number) > 0"))
        with pytest.raises(PolicyError) as caught:
            engine.query(("data.acme.naming.deny",), {"number": 5})
        assert caught.value.place == "acme/naming.rego:3"
        assert engine.query(("data.acme.naming.deny",), {"number": [5]}) == {"data.acme.naming.deny": [1]}


RUNAWAY = (
    "deny contains x if {\n\tsome a in numbers.range(1, 3000)\n\tsome b in numbers.range(1, 3000)\n\tx := [a, b]\n}"
)


@pytest.mark.parametrize(
    ("limits", "said"), [(Limits(seconds=0.5), "seconds"), (Limits(seconds=60, bytes=1 << 26), "memory")]
)
def test_a_policy_that_needs_too_much_is_stopped_and_named(
    monkeypatch: pytest.MonkeyPatch, limits: Limits, said: str
) -> None:
    monkeypatch.setattr(forked, "OWN", limits)
    with closing(open_host(EngineOptions())) as host:
        engine = host.load(policy(RUNAWAY))
        with pytest.raises(EngineError, match=said) as caught:
            engine.query(("data.acme.naming.deny",), {})
    assert caught.value.file == "acme/naming.rego"
    assert "data.acme.naming.deny" in caught.value.message
    assert "mend the policy" in caught.value.hint


def test_a_crash_decides_nothing() -> None:
    engine = Forked(bundle(), Limits())
    assert engine.decide(RELEASE)
    os.kill(engine._worker._pid, signal.SIGSEGV)
    with pytest.raises(EngineError, match="SIGSEGV") as caught:
        engine.decide(RELEASE)
    assert caught.value.file == "changegate/main.rego"
    engine.close()


def test_a_fork_of_the_process_answers_by_itself() -> None:
    engine = Forked(bundle(), Limits())
    fork = os.fork()
    if not fork:
        os._exit(engine.decide(RELEASE)["outcomes"]["own/holds"]["outcome"] == "passed")
    _, status = os.waitpid(fork, 0)
    assert os.waitstatus_to_exitcode(status) == 1
    assert engine.decide(RELEASE)["outcomes"]["own/holds"]["outcome"] == "passed"
    engine.close()


def test_whole_numbers_are_written_down_alike() -> None:
    """OPA keeps the text of a number, the embedded engine does not: `1.0` is given to neither."""
    with closing(open_host(EngineOptions())) as host:
        told = host.load(policy('told := sprintf("%v", [input.number])'))
        assert told.query(("data.acme.naming.told",), {"number": 10.0}) == {"data.acme.naming.told": "10"}
