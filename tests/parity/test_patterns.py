"""Regular expressions that a policy may have match alike on both engines: random ones, from the pieces people write."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from changegate.rego.normal.builtins.patterns import pattern as read
from changegate.rego.normal.builtins.registry import BuiltinFault
from support.engine_pairs import Case, on_embedded, on_opa
from support.opa_server import binary, opa_server

PIECES = (
    *"abzAZ09-_.^$|é😀/,:@ ",
    *(
        "[a-z]",
        "[^a]",
        "[a-z0-9-]",
        "[-a]",
        "[é-ü]",
        "[.]",
        "[*+?]",
        r"[\]]",
        r"[^\-x]",
        r"[ \t\n]",
        "[A-Za-z_][A-Za-z0-9_]*",
    ),
    *(r"\.", r"\-", r"\/", r"\$", r"\(", r"\n", r"\t", "(", ")", "(?:", "(?P<n>", "(?i)", "(?s)", "(?m)"),
    *(
        r"\d",
        r"\w",
        r"\s",
        r"\D",
        r"\W",
        r"\S",
        r"\b",
        r"\B",
        "[[:alpha:]]",
        "[[:^digit:]]",
        r"[\w.]",
        r"\pL",
        r"\PN",
        r"\x41",
        r"\A",
        r"\z",
    ),
    *("*", "+", "?", "*?", "+?", "{2}", "{1,3}", "{0,2}?", "{2,}", "{0}"),
)
TEXTS = (
    "",
    "a",
    "b",
    "aab",
    "abz",
    "A",
    "Z",
    "09",
    "-",
    "_",
    ".",
    "$",
    "|",
    "é",
    "😀",
    "a b",
    "a/b",
    "a\nb",
    "\n",
    "n",
)
MORE_TEXTS = ("aaaa", "model-1", "x.y", "(a)", "K", "\u212a", "\u017f", "s", "É")
PATTERNS, IN_ONE_POLICY = 400, 50


def allowed(seed: int) -> list[str]:
    chance, found = Random(seed), set()
    while len(found) < PATTERNS:
        pattern = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 7)))
        if _is_sure(pattern):
            found.add(pattern)
    return sorted(found)


def _is_sure(written: str) -> bool:
    try:
        return not read(written).is_nullable_loop
    except BuiltinFault:
        return False


def policy(patterns: list[str]) -> Case:
    calls = "[regex.match(`{0}`, s), regex.find_n(`{0}`, s, -1), regex.replace(s, `{0}`, `<$0>`)]"
    rows = "".join(f"\t[{calls.format(pattern)} | some s in input],\n" for pattern in patterns)
    text = f"package own\n\nx := [\n{rows}]\n"
    texts: Any = [*TEXTS, *MORE_TEXTS]
    return Case("regex", text, {"own.rego": text}, texts, {}, "data.own.x", "same", "", "")


@pytest.mark.parametrize("seed", [1, 2])
def test_random_patterns(seed: int) -> None:
    command = binary()
    if command is None:
        pytest.skip("there is no `opa` on the PATH: `.ci/run` builds one, where Go is installed")
    patterns = allowed(seed)
    with opa_server(command) as server:
        for at in range(0, len(patterns), IN_ONE_POLICY):
            some = patterns[at : at + IN_ONE_POLICY]
            ours, theirs = on_embedded(policy(some)), on_opa(server, policy(some))
            assert (ours.kind, theirs.kind) == ("value", "value"), (ours, theirs)
            answers = zip(some, json.loads(ours.value), json.loads(theirs.value), strict=True)
            assert [pattern for pattern, one, other in answers if one != other] == []


@pytest.mark.parametrize("pattern", ["(?=a)", "a{1001}", "a{2,1}", "a**", "*a", "(?x) a", "(a", "a)", "[", r"\8"])
def test_patterns_that_go_does_not_read(pattern: str) -> None:
    command = binary()
    if command is None:
        pytest.skip("there is no `opa` on the PATH: `.ci/run` builds one, where Go is installed")
    text = f"package own\n\np := `{pattern}`\n\nx := regex.is_valid(p)\n\ny := regex.match(p, `a`)\n"
    with opa_server(command) as server:
        for name in ("x", "y"):
            case = Case("regex", text, {"own.rego": text}, {}, {}, f"data.own.{name}", "same", "", "")
            assert on_embedded(case).kind == on_opa(server, case).kind
