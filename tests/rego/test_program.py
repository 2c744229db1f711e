"""Our policies as a program decide as the interpreter does: on what the Rego tests give them, at every tier.

`tests/parity` compares whole decisions with a real OPA; there the program is what the embedded engine runs.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest

from changegate.rego.bundle import Bundle, Module, shipped
from changegate.rego.program.lower import lowered
from support import recorded

TIERS = ("as it follows", "low", "medium", "high", "critical")
VALUES = sorted(
    [
        f"data.changegate.checks.{name}.outcome"
        for name in {module.name.split("/")[2] for module in shipped().modules if "/checks/" in module.name}
    ]
    + ["data.changegate.checks.approvals.required", "data.changegate.risk.assessment"]
)


@cache
def policies(tier: str) -> Bundle:
    """Our policies; of a release of one tier whatever its facts are, as most Rego tests have it."""

    def fixed(module: Module) -> Module:
        text = re.sub(r"^tier := .*$", f'tier := "{tier}"', module.text, count=1, flags=re.MULTILINE)
        return module._replace(text=text)

    if tier not in TIERS[1:]:
        return shipped()
    return Bundle(tuple(fixed(one) if one.name == "changegate/risk.rego" else one for one in shipped().modules))


@cache
def machine(tier: str, value: str) -> Any:
    import regorus

    modules = [(module.name, module.text) for module in lowered(policies(tier).modules)]
    made = regorus.Rvm()
    made.load_program(regorus.Program.compile_from_modules("{}", modules, [value]))
    made.set_data_json("{}")
    return made


@cache
def interpreter(tier: str) -> Any:
    import regorus

    made = regorus.Engine()
    for module in policies(tier).modules:
        made.add_policy(module.name, module.text)
    return made


def interpreted(tier: str, value: str, document: str) -> Any:
    """What the interpreter answers; an error where a builtin was given a value of a wrong type."""
    made = interpreter(tier)
    made.set_input_json(document)
    try:
        answer = json.loads(made.eval_query_as_json(value))
    except RuntimeError:
        return "an error"
    return answer["result"][0]["expressions"][0]["value"] if answer.get("result") else "<undefined>"


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("value", VALUES)
def test_on_what_the_rego_tests_give(value: str, tier: str) -> None:
    made, compared = machine(tier, value), 0
    for document in recorded.inputs():
        wanted = interpreted(tier, value, document)
        if wanted == "an error":  # one check's tests know nothing of another's types; the schema holds the gate to them
            continue
        made.set_input_json(document)
        assert json.loads(made.execute()) == wanted, document
        compared += 1
    assert compared > 500
