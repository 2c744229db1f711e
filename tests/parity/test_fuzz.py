"""Policies written at random answer alike on both engines: with a seed that stays, and with one of the day."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import pytest

from changegate.rego.normal import machine
from changegate.rego.normal.coding import references
from changegate.rego.normal.evaluation import CONTEXT
from changegate.rego.normal.machine import Machine
from changegate.rego.normal.values import UNDEFINED, inside
from support.opa_server import binary
from support.policy_fuzzer import compared, embedded, library, programs

if TYPE_CHECKING:
    from changegate.rego.normal.tree import TreePlace

COUNT = 60


def opa() -> str:
    command = binary()
    if command is None:
        pytest.skip("there is no `opa` on the PATH: `.ci/run` builds one, where Go is installed")
    return command


def assert_alike(seed: int) -> None:
    found = compared(opa(), programs(seed, COUNT), embedded)
    shown = [
        f"seed {seed}\n{program.text}\ninput: {document}\nOPA:  {theirs}\nours: {ours}"
        for program, document, theirs, ours in found.different
    ]
    assert shown == []
    assert found.equal > COUNT


def test_a_seed_that_stays() -> None:
    assert_alike(30)


def test_a_fresh_seed() -> None:
    assert_alike(int(os.environ.get("CHANGEGATE_FUZZ_SEED", time.time())))


def test_the_programs_are_such_that_they_find_what_the_library_answers_otherwise() -> None:
    """The two kinds that were passes in silence are among it: heads with variables, and imports from above."""
    found = compared(opa(), programs(30, COUNT), library).different
    assert len(found) > 5
    texts = [program.text for program, *_ in found]
    assert any("] contains" in text for text in texts)
    assert any("import data." in text for text in texts)


# The mends of the two silent faults, taken out of the machine one by one


def test_it_finds_a_head_with_a_variable_that_nothing_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its mend `by[x] contains n` is undefined where it should be `{}`."""
    whole = Machine._object
    monkeypatch.setattr(Machine, "_object", lambda *given: whole(*given) or UNDEFINED)
    found = compared(opa(), programs(30, COUNT), embedded).different
    assert found
    assert all("] contains" in program.text or "] := " in program.text for program, *_ in found)


def test_it_finds_a_package_that_is_asked_for_from_below(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its mend a reference evaluates the whole package above, and what is asked in it finds nothing there."""
    value = Machine.value

    def unless_busy(self: Machine, context: Any, node: TreePlace) -> Any:
        return UNDEFINED if context.cache.get(node) is machine._BUSY else value(self, context, node)

    def from_above(self: Machine, node: TreePlace, keys: list[Any]) -> Any:
        above, rest = _package_above(self, node)

        def reached(env: list[Any]) -> Any:
            found = self.value(env[CONTEXT], above)
            for key in (*rest, *(key(env) for key in keys)):
                found = inside(found, key)
            return found

        return reached

    monkeypatch.setattr(Machine, "value", unless_busy)
    monkeypatch.setattr(references, "_from_node", from_above)
    with pytest.raises(AssertionError, match=r"'data', 'p\d+'"):  # a rule by itself is not what it is beside others
        compared(opa(), programs(30, COUNT), embedded)


def _package_above(of: Machine, node: TreePlace) -> tuple[TreePlace, tuple[str, ...]]:
    """The outermost package below the root of the program on the way to a place, and the rest of the way."""
    above = of.root
    for name in node.path[:2]:
        above = above.children[name]
    return above, node.path[2:]
