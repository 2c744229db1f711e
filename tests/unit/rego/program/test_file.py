"""The program's file: what it was made of, and when it is not used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from changegate.errors import PolicyError
from changegate.rego.bundle import Bundle, Module, shipped
from changegate.rego.engines.compiled import Compiled, engine_for
from changegate.rego.engines.embedded import Embedded
from changegate.rego.engines.engine import DECISION
from changegate.rego.program import file as program_file
from changegate.rego.program.file import FILE, load_program, make_program
from support import program

if TYPE_CHECKING:
    from pathlib import Path

RELEASE = {"subject": {"kind": "release"}}


def test_the_program_that_is_installed_is_of_these_policies() -> None:
    assert FILE.read_bytes() == program.content(), "make it anew: python -m changegate.rego.program"
    assert isinstance(engine_for(shipped()), Compiled)


def test_a_program_is_the_same_bytes_each_time() -> None:
    assert make_program(shipped()) == program.content()


def test_a_program_of_other_policies_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "program"
    file.write_bytes(program.content())
    assert load_program(shipped(), file) is not None
    one, *others = shipped().modules
    edited = Bundle((one._replace(text=f"{one.text}\n# edited\n"), *others), shipped=True)
    assert load_program(edited, file) is None


def test_a_program_for_another_engine_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "program"
    file.write_bytes(program.content())
    monkeypatch.setattr(program_file, "engine_version", lambda: "gordon_to_regorus-9.0.0.dist-info")
    assert load_program(shipped(), file) is None


def test_a_program_is_not_used_where_the_engine_has_no_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_file, "engine_version", lambda: "")
    file = tmp_path / "program"
    file.write_bytes(make_program(shipped()))
    assert load_program(shipped(), file) is None


@pytest.mark.parametrize("keep", [0, 20, 150, 5000, -1], ids=lambda keep: f"{keep} bytes")
def test_a_damaged_program_is_not_used(keep: int, tmp_path: Path) -> None:
    file = tmp_path / "program"
    file.write_bytes(program.content()[:keep])
    assert load_program(shipped(), file) is None


def test_without_a_program_the_policies_are_interpreted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_program, "__defaults__", (tmp_path / "nothing",))
    engine = engine_for(shipped())
    assert isinstance(engine, Embedded)
    assert engine.decide(RELEASE) == Compiled(shipped(), program.made()).decide(RELEASE)


def test_the_interpreter_answers_what_is_not_the_decision() -> None:
    engine = Compiled(shipped(), program.made())
    tier = "data.changegate.risk.tier"
    assert engine.query((tier,), RELEASE) == {tier: "critical"}
    assert engine.query((DECISION, tier), RELEASE) == Embedded(shipped()).query((DECISION, tier), RELEASE)


def test_the_interpreter_answers_what_is_too_large_for_the_machine() -> None:
    items = [{"risePercent": 1, "weightPercent": 1, "bakeSeconds": 1, "full": False}] * 5000
    document = {**RELEASE, "facts": {"rollout": {"plan": "present", "gradual": True, "steps": items}}}
    engine = Compiled(shipped(), program.made())
    assert engine.run(json.dumps(document)) is None
    assert engine.decide(document) == Embedded(shipped()).decide(document)
    assert engine.run(json.dumps(RELEASE)) is not None


def test_a_form_that_is_not_known_is_refused_with_its_line() -> None:
    text = 'package changegate.main\n\ndecision := sprintf("%d", [1 + 1])\n'
    with pytest.raises(PolicyError) as caught:
        make_program(Bundle((Module("changegate/main.rego", text),)))
    assert caught.value.place == "changegate/main.rego:3"
