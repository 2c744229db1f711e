"""Every builtin and every form on both engines: what is not refused is equal, or an error of the embedded engine."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from changegate.errors import OTHER_ENGINE
from changegate.rego.syntax.builtins import ALLOWED, CLOCK, ONLY_OPA, REACHES_OUT
from support.engine_pairs import (
    Case,
    asked_of_embedded,
    asked_of_opa,
    builtin_cases,
    form_cases,
    groups,
    on_embedded,
    on_opa,
    refusal,
    verdict,
)
from support.opa_server import OpaError, OpaServer, binary, opa_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError

BUILTINS = groups("builtins")
FORMS = groups("forms")

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 1.5, -1.5, 2.5, -0.5, 0.1, 1e-7, 1e21, 2**53 + 1, 2**63, 12345678901234567890123),
    *("", " ", "a", "A", "abc", "é", "e\u0301", "😀a", "İ", "ΑΣ", "ßǆﬁ", "\u00a0x\u0085", "\t\n\u000b", "a\u0000b"),
    *("\u2028\u200b\ufeff\u007f\u0001", "1", "10", "1.10", " 1", "10Ki", "100m", "v1.0.0", "1.0.0", "%s", "%d", "{a}"),
    *(
        [],
        {},
        [1, "a", None],
        ["a", "b"],
        ["b", "A", "é"],
        [3, 1, 2],
        [[1], [2]],
        [True],
        [0.5, 1e-9],
        ["a", ["b"]],
        [{}],
    ),
    *({"a": 1}, {"a": {"b": [1]}}, {"é": "x", "a": "y"}, [{"a": 1}], [["😀"]]),
)
"""What each argument of a builtin that policies may call is replaced by."""
_ENDLESS = frozenset({"numbers.range", "numbers.range_step", "bits.lsh"})
"""Builtins that OPA calculates for ever with huge numbers; evaluation is bounded in time."""
FEWEST_CASES = 5


@pytest.fixture(scope="module")
def opa() -> Iterator[OpaServer]:
    command = binary()
    if command is None:
        pytest.skip("there is no `opa` on the PATH: `.ci/run` builds one, where Go is installed")
    with opa_server(command) as server:
        yield server


def wrong(server: OpaServer, case: Case) -> str | None:
    """How a case behaves otherwise than it says; nothing where it does not."""
    found = refusal(case)
    if found is not None or case.expect == "refused":
        told = found.message if found else "nothing"
        right = case.expect == "refused" and found is not None and case.says == told and found.hint
        return None if right else f"{case.told!r} is refused: {told!r}, not {case.says!r}"
    ours, theirs = on_embedded(case), on_opa(server, case)
    behaves = verdict(theirs, ours)
    return None if behaves == case.expect else f"{case.told!r}: {behaves}: OPA {theirs}, embedded {ours}"


def assert_as_told(server: OpaServer, cases: Iterator[Case]) -> None:
    assert [problem for case in cases if (problem := wrong(server, case))] == []


@pytest.mark.parametrize("form", FORMS)
def test_a_form(opa: OpaServer, form: str) -> None:
    assert_as_told(opa, form_cases(form, FORMS[form]))


@pytest.mark.parametrize("builtin", BUILTINS)
def test_a_builtin(opa: OpaServer, builtin: str) -> None:
    assert_as_told(opa, builtin_cases(builtin, BUILTINS[builtin]))


def _swept() -> list[str]:
    """The builtins that policies may call with arguments of any kind, from the input."""
    given = {name: first.get("args", first) if isinstance(first, dict) else first for name, first in _first().items()}
    return [
        name
        for name in sorted(ALLOWED)
        if name in given and refusal(next(builtin_cases(name, {"args": [given[name]]}))) is None
    ]


def _first() -> dict[str, Any]:
    return {name: content["args"][0] for name, content in BUILTINS.items() if content.get("args")}


@pytest.mark.parametrize("builtin", _swept())
def test_every_kind_of_argument(opa: OpaServer, builtin: str) -> None:
    from changegate.rego.engines.embedded import Embedded

    typical = _first()[builtin]
    case = next(builtin_cases(builtin, {"args": [typical]}))
    opa.load(case.modules, {})
    engine = Embedded(case.bundle)
    problems = []
    for at in range(len(typical)):
        for value in VALUES:
            if builtin in _ENDLESS and isinstance(value, (int, float)) and abs(value) > 1000:
                continue
            document = {"args": [*typical[:at], _as_given(value), *typical[at + 1 :]]}
            ours = asked_of_embedded(engine, case.query, document)
            theirs = asked_of_opa(opa, case.query, document)
            if verdict(theirs, ours) == "different":
                problems.append((document, theirs, ours))
    assert problems == []


def _as_given(value: Any) -> Any:
    """A whole number is an integer in an input document."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def test_no_case_is_allowed_to_differ() -> None:
    cases = [case for name, content in FORMS.items() for case in form_cases(name, content)]
    cases += [case for name, content in BUILTINS.items() for case in builtin_cases(name, content)]
    assert {case.expect for case in cases} == {"same", "refused", "engine-error"}
    assert {case.without for case in cases if case.expect == "refused"} >= {"different", "crash"}


@cache
def capabilities() -> dict[str, Any]:
    command = binary()
    if command is None:
        pytest.skip("there is no `opa` on the PATH: `.ci/run` builds one, where Go is installed")
    shown = subprocess.run([command, "capabilities", "--current"], capture_output=True, check=True, timeout=60)
    found: dict[str, Any] = json.loads(shown.stdout)
    return found


def test_every_builtin_of_opa_has_cases() -> None:
    assert set(BUILTINS) == {one["name"] for one in capabilities()["builtins"]}


def test_every_feature_of_opa_has_cases() -> None:
    """Its keywords are imports, each feature is a form."""
    imports = " ".join(next(iter(case.modules.values())) for case in form_cases("imports", FORMS["imports"]))
    assert [word for word in capabilities()["future_keywords"] if f"future.keywords.{word}" not in imports] == []
    shown_by = {
        "keywords_in_refs": "keywords in references",
        "template_strings": "template strings",
        "rego_v1": "imports",
        "rego_v2": "imports",
        "rego_v2_import": "imports",
    }
    assert set(capabilities()["features"]) == set(shown_by)
    assert set(shown_by.values()) <= set(FORMS)


@pytest.mark.parametrize("builtin", sorted(ALLOWED))
def test_a_builtin_on_the_list_has_enough_cases(builtin: str) -> None:
    cases = list(builtin_cases(builtin, BUILTINS[builtin]))
    kept = [case for case in cases if case.expect != "refused"]
    assert len(cases) >= FEWEST_CASES or builtin in _swept()
    assert kept, "none of its cases is allowed"


OPERATORS = frozenset(
    {
        *("and", "or", "set_diff", "plus", "minus", "mul", "div", "rem", "assign"),
        *("eq", "equal", "neq", "lt", "lte", "gt", "gte"),
        *("internal.member_2", "internal.member_3", "internal.print", "internal.template_string", "internal.test_case"),
    }
)
"""Builtins with a sign of their own, which the cases use."""


@pytest.mark.parametrize("builtin", sorted(set(BUILTINS) - set(ALLOWED) - OPERATORS))
def test_a_builtin_that_is_not_on_the_list_is_refused(builtin: str) -> None:
    assert [case.told for case in builtin_cases(builtin, BUILTINS[builtin]) if refusal(case) is None] == []


DEPRECATED = {"all", "any", "net.cidr_overlap", "re_match", "set_diff"}


def test_every_builtin_of_opa_is_known_to_be_pure_or_to_reach_out() -> None:
    told = capabilities()["builtins"]
    names = {one["name"] for one in told if "infix" not in one and not one["name"].startswith("internal.")}
    names -= {name for name in names if name in DEPRECATED or name.startswith("cast_")}
    assert {one["name"] for one in told if one.get("nondeterministic")} <= REACHES_OUT.keys() | {CLOCK}
    assert names == (ALLOWED | ONLY_OPA | REACHES_OUT.keys()) & names
    assert ONLY_OPA | REACHES_OUT.keys() <= names
    assert not ALLOWED & (ONLY_OPA | REACHES_OUT.keys())


def refused_cases() -> Iterator[tuple[Case, PolicyError]]:
    for name, content in FORMS.items():
        yield from ((case, found) for case in form_cases(name, content) if (found := refusal(case)) is not None)
    for name, content in BUILTINS.items():
        yield from (
            (case, found) for case in list(builtin_cases(name, content))[:1] if (found := refusal(case)) is not None
        )


def test_a_refusal_names_opa_as_a_way_out_only_where_opa_takes_it(opa: OpaServer) -> None:
    wrongly, named = [], 0
    for case, found in refused_cases():
        if OTHER_ENGINE in found.hint:
            named += 1
            try:
                opa.load(case.modules, case.data)
            except OpaError as error:
                wrongly.append((case.told, found.message, str(error)))
    assert wrongly == []
    assert named > 40


def test_the_page_is_up_to_date() -> None:
    path = Path(__file__).with_name("page.py")
    made = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True, timeout=60)
    page = Path(__file__).parents[2] / "docs" / "engine-differences.md"
    assert page.read_text("utf-8") == made.stdout, "run `make docs`"
