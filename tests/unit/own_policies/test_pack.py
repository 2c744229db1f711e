"""What is packed beside our own policies: it fits them, and is never a part of what decides."""

from __future__ import annotations

import json
import re
from typing import Any

from changegate.own_policies.gatekeeper import template
from changegate.own_policies.pack import adaptors, catalogue, packed_shipped
from changegate.own_policies.tarball import members
from changegate.policy.catalogue import Catalogue
from changegate.rego.bundle import Bundle, Module, shipped
from changegate.rego.engines import EngineOptions, open_host
from changegate.rego.syntax.ast import name_of, parse_modules
from changegate.rego.syntax.lint import lint
from changegate.rego.syntax.refuse import refuse
from support.samples import samples


def everything() -> Bundle:
    files = members(packed_shipped(), "x")
    return Bundle(tuple(Module(path, text.decode()) for path, text in files.items() if path.endswith(".rego")))


def test_what_decides_is_packed_as_it_is_and_the_rest_is_never_loaded() -> None:
    packed = {module.name: module.text for module in everything().modules}
    deciding = {module.name: module.text for module in shipped().modules}
    beside = {module.name for module in adaptors()}
    assert beside == {"main.rego", *(f"changegate/{name}.rego" for name in ("conftest", "findings", "gatekeeper"))}
    assert packed.keys() - deciding.keys() == beside | {"changegate/catalogue.rego"}
    assert deciding.items() <= packed.items()


def test_the_adaptors_are_as_portable_as_the_rules() -> None:
    assert lint(Bundle((*adaptors(), catalogue(shipped())))) == []
    refuse(everything())


def test_only_adaptors_have_names_that_conftest_asks_for() -> None:
    """A function of such a name is an error to `conftest --all-namespaces`, and a rule of another form a pass."""
    asked = re.compile(r"(deny|violation|warn|exception)(_[a-zA-Z0-9]+)*")
    found = {
        (module.package[1:], name_of(rule))
        for module in parse_modules(everything())
        for rule in module.rules
        if asked.fullmatch(name_of(rule))
    }
    adaptors = {"conftest": {"deny", "warn"}, "gatekeeper": {"violation"}}
    wanted = {(("changegate", name), rule) for name, rules in adaptors.items() for rule in rules}
    assert found == {(("main",), "deny"), *wanted}


def test_the_catalogue_says_what_the_rules_say() -> None:
    known = Catalogue.of(shipped())
    value: dict[str, Any] = answer("data.changegate.catalogue.rules", {})
    assert value.keys() == set(known)
    for name, said in value.items():
        rule = known.rule(name)
        assert (said["title"], said["severity"], said["subject"]) == (rule.title, rule.severity, rule.kind)
        assert said["awaitsApproval"] is rule.awaits_approval


def test_the_adaptors_find_the_same_on_the_embedded_engine() -> None:
    document = samples()["fraud-overnight-update-0"]
    denied = answer("data.changegate.conftest.deny", document)
    assert {one["rule"] for one in denied} == {"evaluation/regressed", "rollout/bake-too-short"}


def answer(reference: str, document: dict[str, Any]) -> Any:
    host = open_host(EngineOptions())
    try:
        return host.load(everything()).query((reference,), document)[reference]
    finally:
        host.close()


def test_the_template_for_gatekeeper_refers_to_nothing_outside_its_libraries() -> None:
    """Gatekeeper leaves a reference behind that is within a call: only imports may name other packages."""
    import yaml

    made = yaml.safe_load(template())
    (target,) = made["spec"]["targets"]
    source = target["code"][0]["source"]
    lines = [line.strip() for text in (source["rego"], *source["libs"]) for line in text.splitlines()]
    assert [line for line in lines if "data." in line and not line.startswith("import data.lib.changegate.")] == []
    assert all(text.startswith("package lib.changegate") for text in (source["rego"], *source["libs"]))
    kept = json.dumps(made, separators=(",", ":"), ensure_ascii=False).encode()
    assert len(kept) < 1024 * 1024, "an API server takes objects of 1.5 MiB"
    assert json.dumps(made) == json.dumps(yaml.safe_load(template()))
