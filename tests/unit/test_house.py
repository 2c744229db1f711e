"""The house: which room may import from which. Read from the sources, lazy imports and registries included."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from importlib import import_module
from importlib.metadata import packages_distributions
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import changegate

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(changegate.__file__).parent

FLOORS = (
    ("__main__",),
    ("cli",),
    ("fixtures",),
    ("gate",),
    ("judging",),
    ("audit", "author"),
    ("change",),
    ("mend",),
    ("evidence",),
    ("own_policies",),
    ("rollout",),
    ("publish",),
    ("approvals",),
    ("request",),
    ("diff",),
    ("settle",),
    ("policy",),
    ("report",),
    ("manifest",),
    ("workspace",),
    ("verdict",),
    ("rego",),
    ("names",),
    ("parallel", "signing", "stages", "worker"),
    ("crash",),
    ("files", "net"),
    ("tokens",),
    ("measured",),
    ("errors", "escape", "figures", "numbers", "progress", "records", "resources"),
)
"""From the top down; a room imports from rooms on lower floors only."""

NEVER = {
    "workspace": {"change", "evidence", "policy"},
    "rego": {"manifest", "policy", "verdict", "names", "change", "evidence", "rollout", "own_policies"},
    "manifest": {"verdict"},
    "diff": {"verdict"},
    "report": {"judging"},
    "evidence": {"settle"},
}
"""What a room must know nothing of, whichever floor it is on."""

REGISTRIES = {
    "reports": ("changegate.report.registry", "REPORTS"),
    "renderers": ("changegate.rollout", "RENDERERS"),
    "evidence": ("changegate.evidence", "RELEASE"),
    "change": ("changegate.change", "CHANGE_SET"),
    "sources of models": ("changegate.mend.sources", "SOURCES"),
    "evaluation formats": ("changegate.evidence.readers", "EVALUATION"),
    "fairness formats": ("changegate.evidence.readers", "FAIRNESS"),
    "contract formats": ("changegate.evidence.readers", "CONTRACTS"),
    "attestation formats": ("changegate.evidence.readers", "ATTESTATIONS"),
    "scanners": ("changegate.evidence.scanners", "SCANNERS"),
    "reports on tests": ("changegate.author.output", "REPORTS"),
    "engines": ("changegate.rego.engines", "HOSTS"),
}
"""Whose members know nothing of each other."""


class Import(NamedTuple):
    source: str
    target: str
    line: int
    is_for_types: bool


@cache
def modules() -> dict[str, Path]:
    """Every module of the package, with its file."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports() -> tuple[Import, ...]:
    return tuple(one for module in modules() for one in _imports(module) if one.target != module)


def _imports(module: str) -> Iterator[Import]:
    tree = ast.parse(modules()[module].read_text("utf-8"))
    guarded = [
        node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    for_types = {id(node) for branch in guarded for node in ast.walk(branch)}
    for node in ast.walk(tree):
        for target in _targets(node):
            yield Import(module, target, node.lineno, id(node) in for_types)


def _targets(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (name.name for name in node.names if name.name in modules())
    elif isinstance(node, ast.ImportFrom) and node.module in modules():
        for name in node.names:
            whole = f"{node.module}.{name.name}"
            yield whole if whole in modules() else str(node.module)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):  # a registry names modules by texts
        name = node.value.partition(":")[0]
        if name in modules() and name.count(".") > 1:
            yield name


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def _told(one: Import) -> str:
    return f"{one.source}:{one.line} imports {one.target}"


def test_every_room_has_its_floor() -> None:
    rooms = {room(module) for module in modules()} - {""}
    stated = [name for floor in FLOORS for name in floor]
    assert rooms == set(stated)
    assert len(stated) == len(set(stated))


def test_a_room_imports_only_from_rooms_below_it() -> None:
    floor_of = {name: number for number, floor in enumerate(FLOORS) for name in floor}
    up = [
        _told(one)
        for one in imports()
        if "" not in (room(one.source), room(one.target))
        and room(one.source) != room(one.target)
        and floor_of[room(one.target)] <= floor_of[room(one.source)]
    ]
    assert up == []


@pytest.mark.parametrize("name", sorted(NEVER))
def test_what_a_room_must_not_know(name: str) -> None:
    assert [_told(one) for one in imports() if room(one.source) == name and room(one.target) in NEVER[name]] == []


def test_no_circle_is_left_when_the_program_runs() -> None:
    assert circles(one for one in imports() if not one.is_for_types) == []


def test_a_circle_that_is_there_for_types_stays_in_one_room() -> None:
    assert [circle for circle in circles(imports()) if len({room(module) for module in circle}) > 1] == []


@pytest.mark.parametrize("name", sorted(REGISTRIES))
def test_members_of_a_registry_do_not_know_each_other(name: str) -> None:
    module, attribute = REGISTRIES[name]
    members = [text.partition(":")[0] for text in getattr(import_module(module), attribute).values()]
    known = {(one.source, one.target) for one in imports()}
    for first, second in combinations(members, 2):
        assert not known & {(first, second), (second, first)}


STARTS_PROGRAMS = {
    "signing.ssh_keygen",
    "workspace.git",
    "rego.engines.opa.binary",
    "rego.engines.opa.server",
    "fixtures",
}
"""The only modules that start another program, each by a list of arguments; pyproject.toml says so."""


def test_who_starts_programs() -> None:
    found = set()
    for module, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and re.match(
                r"subprocess\.(run|Popen|call|check_)|os\.(system|popen|exec|spawn|posix_spawn)", ast.unparse(node.func)
            ):
                found.add(module.removeprefix("changegate."))
                assert "shell" not in {word.arg for word in node.keywords}, module
    assert found == STARTS_PROGRAMS


def test_every_dependency_is_imported() -> None:
    """By the package itself; what tests alone need is an extra."""
    project = tomllib.loads((PACKAGE.parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    of_package = _imported(PACKAGE)
    extras = project["optional-dependencies"]
    for name in (*project["dependencies"], *extras["opa"], *extras["signatures"]):
        assert _modules_of(name) & of_package, f"{name}: nobody imports it"
    tools = {"mypy", "pytest", "pytest-xdist", "ruff", "changegate[keyless]", "changegate[opa]"}
    of_tests = _imported(PACKAGE.parents[1] / "tests") | _imported(PACKAGE.parents[1] / "benchmarks")
    for name in (re.split(r"[<>=]", stated)[0] for stated in extras["test"]):
        assert name in tools or name.startswith("types-") or _modules_of(name) & of_tests, f"{name}: no test imports it"


def _imported(folder: Path) -> set[str]:
    nodes = [node for path in folder.rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    names = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    named = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    calls = (node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"))
    texts = {str(word.value) for call in calls for word in call.args if isinstance(word, ast.Constant)}
    return {name.partition(".")[0] for name in names | named | texts}


def _modules_of(requirement: str) -> set[str]:
    """What a distribution can be imported as."""
    wanted = re.sub(r"[-_.]+", "-", re.split(r"[<>=\[]", requirement)[0]).lower()
    found = packages_distributions().items()
    return {module for module, names in found if wanted in {re.sub(r"[-_.]+", "-", name).lower() for name in names}}


def circles(edges: Iterator[Import] | tuple[Import, ...]) -> list[list[str]]:
    """The sets of modules that import each other, however indirectly."""
    reached: dict[str, set[str]] = {module: set() for module in modules()}
    for one in edges:
        reached[one.source].add(one.target)
    for middle, beyond in reached.items():
        for targets in reached.values():
            if middle in targets:
                targets.update(beyond)
    together = {tuple(sorted(x for x in reached[module] if module in reached[x])) for module in reached}
    return [list(circle) for circle in sorted(together) if len(circle) > 1]


def test_the_search_for_circles_finds_one() -> None:
    names = list(modules())[:3]
    ring = tuple(Import(a, b, 1, False) for a, b in zip(names, [*names[1:], names[0]], strict=True))
    assert circles(ring) == [sorted(names)]


def test_no_two_classes_have_one_name() -> None:
    found: dict[str, list[str]] = {}
    for module, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(module)
    assert {name: where for name, where in found.items() if len(where) > 1} == {}
