"""Policies written at random answer alike on both engines: with a seed that stays, and with one of the day."""

from __future__ import annotations

import os
import time

import pytest

from support.opa_server import binary
from support.policy_fuzzer import compared, embedded, library, programs

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
