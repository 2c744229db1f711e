"""The mutation test: one key taken out of a good input never leaves a rule passed that reads it.

Good inputs are those of the fixtures' eight models, as the gate makes them. Which keys a rule reads is taken from its
syntax tree, helpers included; a rule's METADATA names as `optional` the keys without which it may still pass. What the
tier is made of is left out, since every rule reads the tier: a key taken out there never lowers it, by a test of its
own. Of settings by tier only those of the model's own tier are read.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures, gate
from changegate.errors import PolicyError
from changegate.policy.catalogue import Catalogue
from changegate.rego.bundle import shipped
from changegate.rego.engines.compiled import Compiled
from changegate.rego.engines.embedded import Embedded
from changegate.rego.syntax import ast
from changegate.rego.syntax.refuse import resolve
from support import program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.rego.engines import Engine
    from changegate.verdict import Verdict

Path = tuple[str, ...]
MODELS = sorted(path.parent.name for path in fixtures.FIXTURES.glob("gitops-repo/models/*/manifest.yaml"))


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    """The verdict on a pull request that touches every model, approved by everybody."""
    root = tmp_path_factory.mktemp("mutation") / "repository"
    laid_out = fixtures.lay_out(root, fixtures.touching_all(root.parent))
    return gate.check(fixtures.request(laid_out, keep_input=True), {})


def inputs(verdict: Verdict) -> dict[str, dict[str, Any]]:
    assert not verdict.failures, verdict.failures
    return {one.subject.label: dict(one.input or {}) for one in verdict.subjects}


# What a rule reads, from its syntax tree


@cache
def modules() -> tuple[ast.ParsedModule, ...]:
    return ast.parse_modules(shipped())


@cache
def definitions() -> dict[Path, list[tuple[ast.ParsedModule, ast.Node]]]:
    found: dict[Path, list[tuple[ast.ParsedModule, ast.Node]]] = {}
    for module in modules():
        for rule in module.rules:
            found.setdefault((*module.package, ast.name_of(rule)), []).append((module, rule))
    return found


def rule_node(rule: str) -> tuple[ast.ParsedModule, ast.Node]:
    """The definition of `outcome["<rule>"]`."""
    for module, node in definitions()["data", "changegate", "checks", rule.partition("/")[0], "outcome"]:
        head = node.body["head"]
        if ast.reference(head["Compr"]["refr"]) == ("outcome", rule):
            return module, node
    raise AssertionError(rule)


def read_by(rule: str) -> tuple[frozenset[Path], frozenset[str]]:
    """The references into the input that a rule makes, itself or through helpers, and every field name it uses."""
    refs: set[Path] = set()
    fields: set[str] = set()
    seen: set[int] = set()
    todo = [rule_node(rule)]
    while todo:
        module, node = todo.pop()
        if id(node.body) in seen or module.package[-1] == "risk":
            continue
        seen.add(id(node.body))
        for found in ast.references(node.body):
            path = ast.reference(found) or ()
            fields.update(path[1:])
            if path[:1] == ("input",):
                refs.add(path[1:])
            else:
                whole = resolve(module, path)
                hits = (one for name, ones in definitions().items() if whole[: len(name)] == name for one in ones)
                todo.extend(one for one in hits if ast.name_of(one[1]) != "outcome")
        fields.update(str(string.body["value"]) for string in ast.walk(node.body) if string.kind == "String")
    return frozenset(refs), frozenset(fields)


def reads(refs: frozenset[Path], fields: frozenset[str], key: Path) -> bool:
    """Whether a rule reads a key: it is on the way to a reference, or below one and named by a field of the rule."""
    return any(
        ref[: len(key)] == key or (key[: len(ref)] == ref and all(part in fields for part in key[len(ref) :]))
        for ref in refs
        if ref
    )


# Taking keys out


def keys(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every key of every mapping below a value; of a long list only the first item's."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from keys(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield from keys(value[0], (*path, 0))


def without(value: Any, path: tuple[str | int, ...]) -> Any:
    """A copy without one key; only what lies on the way is copied."""
    head, *rest = path
    copied = dict(value) if isinstance(value, dict) else list(value)
    if rest:
        copied[head] = without(copied[head], tuple(rest))  # type: ignore[index]
    else:
        del copied[head]  # type: ignore[arg-type]
    return copied


def generic(path: tuple[str | int, ...]) -> Path:
    return tuple(part for part in path if isinstance(part, str))


TIERS = {"low", "medium", "high", "critical"}
SECTIONS = ("release", "facts", "evidence", "settings", "previous", "change")
NOT_READ_HERE = ("facts", "risk"), ("settings", "risk", "floors")


@pytest.fixture(scope="module", params=["interpreted", "compiled"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Our policies as the embedded engine interprets them, and as a program."""
    return Embedded(shipped()) if request.param == "interpreted" else Compiled(shipped(), program.made())


@pytest.mark.parametrize("model", [*MODELS, "change set"])
def test_no_key_can_be_taken_out_of_a_good_input_unnoticed(model: str, verdict: Verdict, engine: Engine) -> None:
    good, catalogue = inputs(verdict)[model], Catalogue.of(shipped())
    decision = engine.decide(good)
    answers, others = decision["outcomes"], TIERS - {decision["risk"]["tier"]}
    bad = {rule: answer for rule, answer in answers.items() if answer["outcome"] in {"failed", "unknown"}}
    assert not bad
    passed = {rule: read_by(rule) for rule, answer in answers.items() if answer["outcome"] == "passed"}
    optional = {rule: {tuple(one.split(".")[1:]) for one in catalogue.rule(rule).optional} for rule in passed}
    unnoticed = []
    for path in keys({section: good[section] for section in SECTIONS if good[section] is not None}):
        key = generic(path)
        readers = [rule for rule, (refs, fields) in passed.items() if reads(refs, fields, key)]
        if not readers or others & {*key} or any(key[: len(skipped)] == skipped for skipped in NOT_READ_HERE):
            continue
        try:
            after = engine.decide(without(good, path))["outcomes"]
        except PolicyError:
            continue  # an input that the schema refuses: no decision is no pass
        unnoticed += [
            f"{rule} still passes without {'.'.join(('input', *key))}"
            for rule in readers
            if after[rule]["outcome"] == "passed" and not _is_optional(key, passed[rule][0], optional[rule])
        ]
    assert not sorted(set(unnoticed))


def _is_optional(key: Path, refs: frozenset[Path], optional: set[Path]) -> bool:
    """Whether METADATA lets a rule pass without a key: the key itself, or all that the rule reads below it."""

    def allowed(path: Path) -> bool:
        return any(path[: len(one)] == one for one in optional)

    below = [ref for ref in refs if ref[: len(key)] == key]
    return allowed(key) or (bool(below) and all(map(allowed, below)))


def test_a_key_taken_out_of_the_grounds_never_lowers_the_tier(verdict: Verdict, engine: Engine) -> None:
    rank = ["low", "medium", "high", "critical"]
    for good in inputs(verdict).values():
        if good["subject"]["kind"] != "release":
            continue
        tier = engine.decide(good)["risk"]["tier"]
        for path in keys(good["facts"]["risk"]["claims"]):
            answer = engine.decide(without(good, ("facts", "risk", "claims", *path)))
            assert rank.index(answer["risk"]["tier"]) >= rank.index(tier), path
        for missing in (("facts", "risk"), ("facts", "risk", "claims"), ("settings", "risk", "floors")):
            assert engine.decide(without(good, missing))["risk"]["tier"] == "critical", missing
