"""The input documents that the Rego tests give to rules, recorded while the tests run on the interpreter."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from changegate.rego.bundle import Module
from changegate.rego.syntax.ast import tree, walk
from changegate.resources import REGO

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEST = re.compile(r"^(test_[a-z0-9_]+)\b", re.MULTILINE)


@cache
def inputs() -> tuple[str, ...]:
    """Every input document of the Rego tests, as JSON text, without repetitions."""
    import regorus

    found: dict[str, None] = {}

    def record(document: Any) -> bool:
        found[json.dumps(document, sort_keys=True)] = None
        return True

    engine = regorus.Engine()
    engine.add_extension("record", 1, record)
    files = sorted(REGO.rglob("*.rego"))
    for path in files:
        module = Module(path.relative_to(REGO).as_posix(), path.read_text("utf-8"))
        engine.add_policy(module.name, recording(module) if path.name.endswith("_test.rego") else module.text)
    for path in files:
        if path.name.endswith("_test.rego"):
            text = path.read_text("utf-8")
            package = re.search(r"^package ([a-z0-9_.]+)$", text, re.MULTILINE)
            assert package is not None
            for test in set(_TEST.findall(text)):
                assert engine.eval_rule(f"data.{package[1]}.{test}") is True, (path.name, test)
    return tuple(found)


def recording(module: Module) -> str:
    """A module of tests that says what input it gives before it gives it."""
    source = module.text.encode()
    spots = dict(_spots(tree(module)["rules"], source))
    parts, last = [], 0
    for at in sorted(spots):
        parts += [source[last:at], spots[at]]
        last = at
    return b"".join([*parts, source[last:]]).decode()


def _spots(rules: Any, source: bytes) -> Iterator[tuple[int, bytes]]:
    """What is put where: before each statement with an input, that input; braces around a body without any."""
    nodes = [node.body for node in walk(rules)]
    bodies = [body["query"] for node in nodes for body in node.get("bodies", ())]
    for query in [*bodies, *(node["query"] for node in nodes if "query" in node)]:
        for statement in query["stmts"]:
            given = [one["as"] for one in statement.get("with_mods") or () if _is_input(one["refr"])]
            for one in given:
                ((_, body),) = one.items()
                said = b"record(%s); " % source[body["span"]["start"] : body["span"]["end"]]
                bare = query in bodies and source[query["span"]["start"]] != ord("{")
                yield statement["span"]["start"], b"{ " + said if bare else said
                yield query["span"]["end"], b" }" if bare else b""


def _is_input(reference: Any) -> bool:
    return bool(reference.get("Var", {}).get("value") == "input")
