"""Holds what public policies answer on the embedded engine against OPA: their own tests, and documents beside them.

    python benchmarks/public_answers.py CLONES WORK [--engine opa] [--seconds N]

WORK is what `public_policies.py` laid out. Each folder's tests are run by `opa test`, and each folder is asked for all
that it answers about documents of its repository, and mutations of them, by `opa eval`. Needs `opa` on the PATH. What
differs is shown, and makes the exit code 1. Policies that ask for the time are left out: it is another one for OPA.

With `--engine opa`, and for tests that call conftest's builtins, the tests are run as `changegate policy test` runs
them; beside the latter by `conftest verify`, in copies with the files that they read. Then documents are not asked for.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from itertools import chain
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import yaml

from changegate.author.folder import read_policies
from changegate.author.run import Wanted, test
from changegate.errors import ChangegateError, PolicyError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.engines import EngineOptions
from changegate.rego.normal.evaluation import Run
from changegate.rego.normal.program import NormalProgram
from changegate.rego.normal.values import TRUE, UNDEFINED, from_json, to_json
from changegate.rego.syntax.ast import parse_modules
from public_policies import is_test, places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DOCUMENTS = 3
"""Of one folder; as many again are mutations."""
_LARGEST = 60_000


def _program(place: Path, files: Iterable[Path], data: dict[str, Any]) -> NormalProgram | None:
    """The modules of a folder; nothing where they are refused."""
    modules = tuple(Module(str(file.relative_to(place)), file.read_text("utf-8")) for file in files)
    if any("time.now_ns" in module.text for module in modules):
        return None
    try:
        made = NormalProgram(parse_modules(Bundle(modules)), data)
        made.check()
    except PolicyError:
        return None
    return made


def _told(*command: str) -> Any:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return None


# Tests


def tests(place: Path) -> Iterator[tuple[str, str]]:
    """How each test of a folder comes out, and which it is."""
    files = sorted(place.rglob("*.rego"))
    own = place / (place / ".folder").read_text("utf-8")
    beside = [str(file) for file in files if file.parent != own and not is_test(file.name)]
    results = _told("opa", "test", "-f", "json", str(own), *beside)
    program = _program(place, files, _data(own))
    if not isinstance(results, list) or program is None:
        return
    for one in results:
        if "#" in one["name"] or one["name"].startswith("todo_"):
            continue
        wanted = not one.get("fail") and not one.get("error")
        try:
            holds = _holds(program.ask((*one["package"].split(".")[1:], one["name"]), UNDEFINED, Run()))
        except PolicyError:
            holds = False
        yield "test equal" if holds == wanted else "test different", f"{place}: {one['package']}.{one['name']}"


def _holds(value: Any) -> bool:
    """Whether a test holds; one with cases in its head, as `test_all[name]`, is an object."""
    return value is TRUE or (isinstance(value, dict) and bool(value) and all(one is TRUE for one in value.values()))


def _data(folder: Path) -> dict[str, Any]:
    """The documents of a folder, laid over each other as `opa test` does."""
    found: dict[str, Any] = {}
    for document in _documents(folder.iterdir(), 1 << 20):
        found = _laid(found, document)
    return found


def _laid(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    both = {key: _laid(one[key], value) for key, value in other.items() if _are_objects(one.get(key), value)}
    return {**one, **other, **both}


def _are_objects(*values: Any) -> bool:
    return all(isinstance(value, dict) for value in values)


# Tests as `changegate policy test` runs them

_CONFTEST = re.compile(r"\bparse_(?:config|config_file|combined_config_files)\(")
_CONFIGS = {".json", ".toml", ".yaml", ".yml"}


def reads_configurations(place: Path) -> bool:
    """Whether tests of a folder call conftest's builtins, which `opa test` does not know."""
    return any(_CONFTEST.search(file.read_text("utf-8")) for file in place.rglob("*.rego"))


def tests_by_command(clones: Path, place: Path, engine: str) -> Iterator[tuple[str, str]]:
    """How each test of a folder comes out with `policy test`, beside `opa test` or `conftest verify`."""
    with TemporaryDirectory() as made:
        copy = Path(made) / "folder"
        shutil.copytree(place, copy)
        folder = (place / ".folder").read_text("utf-8")
        is_conftests = reads_configurations(place)
        if is_conftests:
            _bring(clones / place.parent.name / folder, copy / folder)
        files = sorted(file.relative_to(copy) for file in copy.rglob("*.rego"))
        given = (Path(folder), *(file for file in files if str(file.parent) != folder and not is_test(file.name)))
        failing = _failing_in_conftest(copy, given) if is_conftests else _failing_in_opa(copy, given)
        if failing is None:
            return
        try:
            report = test(read_policies(given, copy), EngineOptions(engine), Wanted())
        except ChangegateError as error:
            if "there are no tests" not in error.message:
                yield "tests not run", f"{place}: {error.message} ({error.place})"
            return
        for one in report.results:
            if one.status != "skipped":
                same = (one.status != "passed") == (one.case.reference in failing)
                yield "test equal" if same else "test different", f"{place}: {one.case.reference}: {one.message}"


def _bring(source: Path, target: Path) -> None:
    """Copy the files that tests read, which are in folders below their own."""
    for file in source.rglob("*"):
        if file.suffix in _CONFIGS and file.is_file() and not file.is_symlink():
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, place)


def _failing_in_opa(folder: Path, given: Iterable[Path]) -> set[str] | None:
    told = _told("opa", "test", "-f", "json", *(str(folder / one) for one in given))
    if not isinstance(told, list):
        return None
    return {f"{one['package']}.{one['name']}" for one in told if one.get("fail") or one.get("error")}


def _failing_in_conftest(folder: Path, given: Iterable[Path]) -> set[str] | None:
    policies = (part for one in given for part in ("--policy", str(folder / one)))
    told = _told("conftest", "verify", "-o", "json", *policies)
    return {one["msg"] for part in told for one in part.get("failures", ())} if isinstance(told, list) else None


# Documents


def _documents(files: Iterable[Path], largest: int = _LARGEST) -> Iterator[dict[str, Any]]:
    for file in files:
        if file.suffix not in {".json", ".yaml", ".yml"} or not file.is_file() or file.stat().st_size > largest:
            continue
        try:
            text = file.read_text("utf-8")
            read = json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)
            found = json.loads(json.dumps(read, allow_nan=False))
        except (ValueError, TypeError, yaml.YAMLError):
            continue
        if isinstance(found, dict):
            yield found


def _mutated(document: dict[str, Any], chance: Random) -> dict[str, Any]:
    """A document with a key taken out or made something else, some levels down."""
    made: dict[str, Any] = json.loads(json.dumps(document))
    node: Any = made
    while isinstance(node, (dict, list)) and node:
        key = chance.choice(sorted(node) if isinstance(node, dict) else range(len(node)))
        if isinstance(node, dict) and chance.random() < 0.4:
            node[key] = chance.choice([None, 0, "x", [], {}, True])
            break
        node = node[key]
    return made


def answers(clones: Path, place: Path) -> Iterator[tuple[str, str]]:
    """How each document comes out, and where."""
    files = [file for file in sorted(place.rglob("*.rego")) if not is_test(file.name)]
    program = _program(place, files, {})
    if program is None:
        return
    chance = Random(str(place))
    paths = sorted((clones / place.parent.name).rglob("*"))
    chance.shuffle(paths)
    documents = [one for one, _ in zip(_documents(paths), range(DOCUMENTS), strict=False)]
    for document in [{}, *documents, *(_mutated(one, chance) for one in documents)]:
        yield _compared(program, files, document), f"{place}: {json.dumps(document)[:200]}"


def _compared(program: NormalProgram, files: Iterable[Path], document: dict[str, Any]) -> str:
    loaded = (part for file in files for part in ("-d", str(file)))
    command = ["opa", "eval", "-f", "json", "--stdin-input", *loaded, "data"]
    done = subprocess.run(command, input=json.dumps(document), capture_output=True, text=True, check=False, timeout=300)
    told = json.loads(done.stdout)
    try:
        ours = json.loads(to_json(program.ask((), from_json(json.dumps(document)), Run())))
    except PolicyError:
        return "answer equal" if "errors" in told else "answer an error of ours"
    if "errors" in told:
        return "answer different"
    ours.pop("system", None)  # OPA does not show this package as a part of the whole
    return "answer equal" if ours == told["result"][0]["expressions"][0]["value"] else "answer different"


def main() -> int:
    """Compare, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clones", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--engine", choices=["embedded", "opa"], default="embedded")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop then")
    wanted = parser.parse_args()
    counted: Counter[str] = Counter()
    until = time.monotonic() + wanted.seconds
    for place in places(wanted.work):
        if time.monotonic() > until:
            break
        if wanted.engine == "opa" or reads_configurations(place):
            found = tests_by_command(wanted.clones, place, wanted.engine)
        else:
            found = chain(tests(place), answers(wanted.clones, place))
        for kind, where in found:
            counted[kind] += 1
            if kind.endswith(("different", "not run")):
                sys.stdout.write(f"{kind}: {where}\n")
    for kind, number in counted.most_common():
        sys.stdout.write(f"{number:6} {kind}\n")
    return int(any(kind.endswith("different") for kind in counted))


if __name__ == "__main__":
    sys.exit(main())
