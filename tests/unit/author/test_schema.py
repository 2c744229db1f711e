"""The schema for OPA's type checker: the real `opa check` finds misspelt names with it, and nothing else."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from changegate.author.schema import opa_schema
from changegate.resources import REGO, SCHEMAS
from support.samples import samples
from support.tools import opa

if TYPE_CHECKING:
    from pathlib import Path

_POLICY = """# METADATA
# scope: package
# schemas:
#   - input: schema.input
package acme

deny contains "no" if {
	CONDITION
}
"""


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    folder = tmp_path / "schemas"
    folder.mkdir()
    (folder / "input.json").write_text(json.dumps(opa_schema()))
    return folder


def check(folder: Path, schemas: Path, condition: str, policy: str = _POLICY) -> subprocess.CompletedProcess[str]:
    (folder / "acme.rego").write_text(policy.replace("CONDITION", condition))
    command = [opa(), "check", "--strict", "--schema", schemas, folder / "acme.rego"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


RIGHT = (
    'input.release.spec.risk.tier == "high"',
    'input.release.metadata.labels["team/cost"] == "x"',
    "some step in input.release.spec.rollout.steps; step.weight > 3",
    'input.release.spec.rollout.notApplicable == "batch"',
    'input.release.spec.evaluation.evidence[0].digest == "x"',
    'input.previous.release.spec.version == "1"',
    "some step in input.facts.rollout.steps; step.bakeSeconds < 60",
    'input.evidence.rollout.traffic.status == "unavailable"',
    "input.settings.rollout.minimumBakeSeconds.high > 3",
    'some change in input.changes; change.path[0] == "spec"; change.after == 3',
    'input.subject.identity.name == "x"',
    "input.context.now > 3",
)
MISSPELT = {
    "input.release.spec.riskk.tier": "riskk",
    "input.release.spec.risk.teir": "teir",
    "input.release.metadata.owners": "owners",
    "input.release.spec.rollout.steps[0].wieght": "wieght",
    "input.previous.release.spec.verzion": "verzion",
    "input.facts.rolout.steps": "rolout",
    "input.facts.rollout.steps[_].bakeSecond": "bakeSecond",
    "input.evidence.rollout.trafic": "trafic",
    "input.evidence.rollout.traffic.state": "state",
    "input.settings.rollout.minimumBake": "minimumBake",
    "input.settings.rollouts": "rollouts",
    "input.subject.identity.nam": "nam",
    "input.changes[0].paths": "paths",
}
WRONG_TYPES = (
    "input.release.spec.risk.tier == 3",
    "input.settings.rollout.minimumBakeSeconds.high == `x`",
    "startswith(input.context.now, `x`)",
)


@pytest.mark.parametrize("condition", RIGHT)
def test_right_names_pass(tmp_path: Path, schemas: Path, condition: str) -> None:
    done = check(tmp_path, schemas, condition)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("condition", MISSPELT)
def test_misspelt_names_are_found(tmp_path: Path, schemas: Path, condition: str) -> None:
    done = check(tmp_path, schemas, condition)
    assert done.returncode != 0
    assert f"acme.rego:8: rego_type_error: undefined ref: {condition}" in done.stderr
    assert f'have: "{MISSPELT[condition]}"' in done.stderr


@pytest.mark.parametrize("condition", WRONG_TYPES)
def test_wrong_types_are_found(tmp_path: Path, schemas: Path, condition: str) -> None:
    done = check(tmp_path, schemas, condition)
    assert (done.returncode != 0, "rego_type_error" in done.stderr) == (True, True), done.stderr


def test_one_schema_for_every_policy_without_annotations(tmp_path: Path, schemas: Path) -> None:
    plain = 'package acme\n\ndeny contains "no" if {\n\tCONDITION\n}\n'
    assert check(tmp_path, schemas / "input.json", RIGHT[0], plain).returncode == 0
    assert 'have: "riskk"' in check(tmp_path, schemas / "input.json", "input.release.spec.riskk", plain).stderr


def test_our_own_rules_name_only_what_is_there(schemas: Path) -> None:
    """`lib_test.rego` has inputs of its own, which stand for no document."""
    command = [
        opa(),
        "check",
        "--strict",
        "--schema",
        schemas / "input.json",
        "--ignore",
        "lib_test.rego",
        REGO / "changegate",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


def test_it_needs_no_other_file_and_no_network() -> None:
    text = json.dumps(opa_schema())
    assert '"$ref"' not in text
    jsonschema.Draft7Validator.check_schema(opa_schema())


def test_every_document_that_the_gate_makes_has_only_names_that_it_lists() -> None:
    """Closed at every object, and without null, it would still accept them: nothing that may be there is left out."""
    validator = jsonschema.Draft7Validator(closed(opa_schema()))
    for name, document in samples().items():
        faults = [
            f"{list(fault.path)}: {fault.message[:200]}" for fault in validator.iter_errors(without_null(document))
        ]
        assert faults == [], name


def test_the_thresholds_are_all_there() -> None:
    listed = opa_schema()["properties"]["settings"]["properties"]
    assert listed.keys() == {path.stem for path in (SCHEMAS / "settings").glob("*.json")}
    # NOTE: `own` is for policies of a user's own, whose names nobody knows: open to OPA, too.
    assert {name for name, section in listed.items() if not section.get("properties")} == {"own"}


def closed(schema: Any) -> Any:
    """As OPA reads it: an object with listed properties has no others."""
    if isinstance(schema, dict):
        inner = {key: closed(value) for key, value in schema.items()}
        return {**inner, "additionalProperties": False} if isinstance(schema.get("properties"), dict) else inner
    return [closed(one) for one in schema] if isinstance(schema, list) else schema


def without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_null(one) for key, one in value.items() if one is not None}
    return [without_null(one) for one in value] if isinstance(value, list) else value
