"""Counts how OPA's own conformance cases for Rego v1 come out on the embedded engine.

    python benchmarks/conformance.py FOLDER [--show KIND] [--only PART]

FOLDER is `v1/test/cases/testdata/v1` of a clone of OPA, or of its module in Go's cache. Each case is one of

- equal: the same answer, or an error where one is expected;
- refused: an error when it is loaded, where OPA answers;
- error: an error when it is evaluated, where OPA answers;
- different: another answer, or an answer where an error is expected.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from changegate.errors import ChangegateError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.normal.engine import Normal
from changegate.rego.normal.program import NormalProgram
from changegate.rego.normal.values import UNDEFINED, from_plain
from changegate.rego.syntax.ast import parse_modules

if TYPE_CHECKING:
    from collections.abc import Iterator

_ASKED = re.compile(r"\s*(data(?:\.[A-Za-z_][A-Za-z0-9_]*)+)\s*=\s*(\w+)\s*")
_UNDEFINED = object()


def cases(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every case with the name of its file."""
    loader: Any = type("Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})
    loader.yaml_implicit_resolvers = {
        letter: [(tag, form) for tag, form in found if not (tag.endswith(":bool") and letter in "yYnNoO")]
        for letter, found in loader.yaml_implicit_resolvers.items()
    }
    for path in sorted(folder.rglob("*.yaml")):
        document = yaml.load(path.read_text("utf-8"), loader)
        for case in (document or {}).get("cases") or ():
            yield str(path.relative_to(folder)), case


def outcome(case: dict[str, Any]) -> tuple[str, str]:
    """What kind a case is, and what there is to say of it."""
    fails = bool(case.get("want_error") or case.get("want_error_code"))
    asked = _ASKED.fullmatch(case.get("query", ""))
    modules = [Module(f"m{number}.rego", text) for number, text in enumerate(case.get("modules") or ())]
    if asked is None:
        return "not asked", "the query is no reference"
    try:
        engine = Normal(Bundle(tuple(modules), case.get("data") or {}), strict=_is_strict(case))
    except ChangegateError as error:
        return ("equal" if fails else "refused"), f"{error.message} ({error.place})"
    return _answered(case, engine, asked, fails=fails)


def _answered(case: dict[str, Any], engine: Normal, asked: re.Match[str], *, fails: bool) -> tuple[str, str]:
    try:
        value = engine.answers((asked[1],), _input(case)).get(asked[1], _UNDEFINED)
    except ChangegateError as error:
        return ("equal" if fails else "error"), f"{error.message} ({error.place})"
    except Exception as error:  # noqa: BLE001  (each is one to be looked at)
        return "crash", repr(error)
    if fails:
        return "different", f"an error is expected: {case.get('want_error')}"
    wanted = _wanted(case, asked[2])
    same = value is wanted or (value is not _UNDEFINED and wanted is not _UNDEFINED and _same(value, wanted))
    return ("equal" if same else "different"), f"{_shown(value)} and not {_shown(wanted)}"


def _is_strict(case: dict[str, Any]) -> bool:
    return bool(case.get("strict_error"))


def _input(case: dict[str, Any]) -> Any:
    if "input_term" in case:
        module = Module("input.rego", f"package given\n\nx := {case['input_term']}\n")
        return NormalProgram(parse_modules(Bundle((module,))), {}).ask(("given", "x"))[0]
    return from_plain(case["input"]) if "input" in case else UNDEFINED


def _wanted(case: dict[str, Any], name: str) -> Any:
    results = case.get("want_result")
    if results:
        return results[0].get(name)
    return _UNDEFINED


def _shown(value: Any) -> str:
    return "undefined" if value is _UNDEFINED else json.dumps(value, sort_keys=True, default=str)[:300]


def _same(one: Any, other: Any) -> bool:
    return _plain(one) == _plain(other)


def _plain(value: Any) -> Any:
    """Sets arrive as arrays in some order."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((_plain(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True, default=str))
    return ("bool", value) if isinstance(value, bool) else value


def main() -> int:
    """Count, and show what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", default="", help="say why, for each case of a kind")
    parser.add_argument("--only", default="", help="only files in whose name this is found")
    wanted = parser.parse_args()
    counted: Counter[str] = Counter()
    for file, case in cases(wanted.folder):
        if wanted.only in file:
            kind, why = outcome(case)
            counted[kind] += 1
            if kind == wanted.show:
                sys.stdout.write(f"{file} {case.get('note')}: {why}\n")
    for kind, number in counted.most_common():
        sys.stdout.write(f"{kind:10} {number}\n")
    return 1 if counted["different"] or counted["crash"] else 0


if __name__ == "__main__":
    sys.exit(main())
