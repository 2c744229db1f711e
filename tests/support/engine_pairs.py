"""Cases for two engines: what is in `tests/parity/cases`, and how each engine answers one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from changegate.errors import ChangegateError, PolicyError
from changegate.numbers import plain_numbers
from changegate.rego.bundle import Bundle, Module
from changegate.rego.engines.embedded import Embedded
from changegate.rego.syntax.refuse import refuse
from support.opa_server import OpaError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.opa_server import OpaServer

CASES = Path(__file__).parents[1] / "parity" / "cases"
REFERENCE = "data.own.x"
INPUT = {
    **{"a": 1, "b": 1, "key": "p", "half": 1.5, "list": [1, 2, 3], "obj": {"p": 1, "q": 2}},
    **{"nested": [{"b": [1, 2]}, {"c": 1}, {"b": [3]}], "flags": {"no": False, "yes": True, "nil": None}},
    **{"null_": None, "if": 7, "contains": 8},
}
"""What the policies of `forms` look at, unless they bring their own."""


class Answer(NamedTuple):
    """What an engine says: `value`, `undefined` or `error`."""

    kind: str
    value: Any = None


class Case(NamedTuple):
    """One policy that both engines are given."""

    group: str
    """The builtin or the form that it is of."""
    told: str
    """The part that the case is about, as text."""
    modules: dict[str, str]
    input: Any
    data: dict[str, Any]
    query: str
    expect: str
    """`same`, `refused` or `engine-error`."""
    says: str
    """A part of the refusal."""
    without: str
    """What the engines would do if it were not refused."""

    @property
    def bundle(self) -> Bundle:
        return Bundle(tuple(Module(name, text) for name, text in self.modules.items()), self.data)


def groups(kind: str) -> dict[str, Any]:
    """Every builtin (`builtins`) or form (`forms`) with what its files say."""
    found: dict[str, Any] = {}
    for path in sorted((CASES / kind).glob("*.yaml")):
        for name, content in yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)).items():
            assert name not in found, f"{name} has two groups"
            found[name] = content
    return found


def form_cases(name: str, content: list[Any]) -> Iterator[Case]:
    for one in content:
        yield _case(name, {"policy": one} if isinstance(one, str) else one, INPUT)


def builtin_cases(name: str, content: dict[str, Any]) -> Iterator[Case]:
    """The cases of a builtin: `args` come through the input, `calls` are expressions, `policies` whole rules."""
    for one in content.get("args", ()):
        given = one if isinstance(one, dict) else {"args": one}
        call = f"{name}({', '.join(f'input.args[{at}]' for at in range(len(given['args'])))})"
        yield _case(name, {**given, "policy": f"x := {call}", "told": f"{name}{_shown(given['args'])}"}, given)
    for one in content.get("calls", ()):
        given = {"call": one} if isinstance(one, str) else one
        yield _case(
            name, {**given, "policy": f"x := {given['call']}", "told": given["call"]}, content.get("input", INPUT)
        )
    for one in content.get("policies", ()):
        yield _case(name, {"policy": one} if isinstance(one, str) else one, content.get("input", INPUT))


def _shown(args: list[Any]) -> str:
    return "(" + ", ".join(json.dumps(arg, ensure_ascii=False) for arg in args) + ")"


def _case(group: str, one: dict[str, Any], document: Any) -> Case:
    texts = one.get("modules") or [f"package own\n\n{_repeated(one)}"]
    modules = {f"own{number or ''}.rego": f"{text}\n" for number, text in enumerate(texts)}
    told = one.get("told") or one.get("policy") or "\n\n".join(texts)
    given = one.get("input", document)
    rest = (one.get("data") or {}, one.get("query", REFERENCE))
    return Case(
        group, told, modules, given, *rest, one.get("expect", "same"), one.get("says", ""), one.get("without", "")
    )


def _repeated(one: dict[str, Any]) -> str:
    """The policy; one about long lines says how often something stands in it."""
    return str(one["policy"]).replace("@list@", ", ".join("1" for _ in range(one.get("repeat", 0))))


def on_opa(server: OpaServer, case: Case) -> Answer:
    try:
        server.load(case.modules, case.data)
    except OpaError as error:
        return Answer("error", str(error))
    return asked_of_opa(server, case.query, case.input)


def asked_of_opa(server: OpaServer, query: str, document: Any) -> Answer:
    try:
        answer = server.value(query, plain_numbers(document))  # as the gate gives it to both
    except OpaError as error:
        return Answer("error", str(error))
    return Answer("value", plain(answer["result"])) if "result" in answer else Answer("undefined")


def on_embedded(case: Case) -> Answer:
    try:
        return asked_of_embedded(Embedded(case.bundle), case.query, case.input)
    except PolicyError as error:
        return Answer("error", error.message)


def asked_of_embedded(engine: Embedded, query: str, document: Any) -> Answer:
    try:
        answer = engine.query((query,), document)
    except ChangegateError as error:
        return Answer("error", error.message)
    return Answer("value", plain(answer[query])) if query in answer else Answer("undefined")


def refusal(case: Case) -> PolicyError | None:
    """Why a case is refused before an engine is given it."""
    try:
        refuse(case.bundle)
    except PolicyError as error:
        return error
    return None


def plain(value: Any) -> str:
    """A JSON value as text; a number that is an integer is one, however it was written."""
    return json.dumps(_whole(value), sort_keys=True)


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    return value


def verdict(opa: Answer, embedded: Answer) -> str:
    """How the pair behaves."""
    if embedded.kind == "error":
        return "same" if opa.kind == "error" else "engine-error"
    return "same" if opa == embedded else "different"
