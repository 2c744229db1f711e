"""Our policies as a program decide as the interpreter does: on what the Rego tests give them, at every tier.

`tests/parity` compares whole decisions with a real OPA; there the program is what the embedded engine runs.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from typing import Any

import pytest

from changegate.rego.bundle import Bundle, Module, shipped
from changegate.rego.program.lower import lowered
from support import recorded

UNDEFINED, ERROR = "<undefined>", "an error"
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
def lowered_for(tier: str) -> list[tuple[str, str]]:
    return [(module.name, module.text) for module in lowered(policies(tier).modules)]


def machine(tier: str, value: str) -> Any:
    import regorus

    made = regorus.Rvm()
    made.load_program(regorus.Program.compile_from_modules("{}", lowered_for(tier), [value]))
    made.set_data_json("{}")
    return made


def interpreter(tier: str) -> Any:
    """The interpreter with our policies and a package that asks all values at once: what they share is decided once."""
    import regorus

    made = regorus.Engine()
    for module in policies(tier).modules:
        made.add_policy(module.name, module.text)
    made.add_policy("all.rego", "\n".join(["package all", *(f"v{at} := {value}" for at, value in enumerate(VALUES))]))
    return made


def interpreted(made: Any, document: str) -> list[Any]:
    """What the interpreter answers to each value; an error where a builtin was given a value of a wrong type."""
    made.set_input_json(document)
    try:
        answers = asked(made, "data.all")
    except RuntimeError:  # one of them: each is asked for itself
        return [one(made, value) for value in VALUES]
    return [answers.get(f"v{at}", UNDEFINED) for at in range(len(VALUES))]


def one(made: Any, value: str) -> Any:
    try:
        return asked(made, value)
    except RuntimeError:
        return ERROR


def asked(made: Any, query: str) -> Any:
    answer = json.loads(made.eval_query_as_json(query))
    return answer["result"][0]["expressions"][0]["value"] if answer.get("result") else UNDEFINED


@pytest.mark.parametrize("tier", TIERS)
def test_on_what_the_rego_tests_give(tier: str) -> None:
    made, machines = interpreter(tier), [machine(tier, value) for value in VALUES]
    compared: Counter[str] = Counter()
    for document in recorded.inputs():
        for value, wanted, program in zip(VALUES, interpreted(made, document), machines, strict=True):
            if wanted == ERROR:  # one check's tests know nothing of another's types; the schema holds the gate to them
                continue
            program.set_input_json(document)
            assert json.loads(program.execute()) == wanted, (value, document)
            compared[value] += 1
    assert min(compared[value] for value in VALUES) > 500
