"""Writes policies at random, in the forms that people use, and holds the embedded engine's answers against OPA's.

Programs have several modules, in packages above and below each other, imports of all kinds, partial rules, functions,
`else`, `default`, `with`, `some`, `every`, comprehensions in each other, sets, objects, and numbers at the edges. A
rule refers only to rules that were written before it, so that nothing is recursive. Many programs are given to OPA at
once.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import time
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from changegate.errors import PolicyError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.normal.program import NormalProgram
from changegate.rego.normal.values import UNDEFINED, from_plain, to_json
from changegate.rego.syntax.ast import parse_modules
from changegate.rego.syntax.refuse import plain_refusals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

INPUTS: tuple[Any, ...] = (
    {
        **{"a": 1, "b": "x", "list": [1, 2, 3], "names": ["x", "yy", ""], "obj": {"p": 1, "q": {"r": [2]}}, "t": True},
        **{"f": False, "n": None, "rows": [{"k": "x", "v": 1}, {"k": "y"}, {"k": "x", "v": 2.5}], "big": 2**53 + 1},
    },
    {"a": 0, "list": [], "names": [], "obj": {}, "rows": []},
    {},
    {"a": 2.5, "b": "", "list": [3, 3, -1, 0.5], "obj": {"x": "x"}, "rows": [{"k": None, "v": False}], "f": 0},
)
"""Rules fire on some, and not on others."""
_PATHS = ("a", "a.b", "a.b.c", "d", "d.a")
_WORDS = ("x", "y", "p", "k")


class Written(NamedTuple):
    """One program."""

    root: str
    """The first part of all its packages."""
    modules: tuple[Module, ...]

    @property
    def text(self) -> str:
        """All of it, to be shown."""
        return "\n".join(f"# {module.name}\n{module.text}" for module in self.modules)


class _Rule(NamedTuple):
    package: str
    name: str
    kind: str
    """`value`, `set`, `object`, `deep`, or `function`."""


class Writer:
    """Writes one program."""

    def __init__(self, chance: Random, root: str) -> None:
        """Take the chance that it is written with."""
        self.chance = chance
        self.root = root
        self.rules: list[_Rule] = []
        self.package = ""
        self.aliases: dict[str, str] = {}
        self.count = 0

    def written(self) -> Written:
        """A program of one to four modules."""
        modules = []
        packages = self.chance.sample(_PATHS, self.chance.randint(1, 4))
        if self.chance.random() < 0.3:
            packages.append(self.chance.choice(packages))  # two modules of one package
        for number, package in enumerate(packages):
            modules.append(Module(f"{self.root}/m{number}.rego", self._module(package)))
        self.chance.shuffle(modules)
        return Written(self.root, tuple(modules))

    def _module(self, package: str) -> str:
        self.package, self.aliases = f"{self.root}.{package}", {}
        parts = [f"package {self.package}", ""]
        others = sorted({rule.package for rule in self.rules} | {self.package.rpartition(".")[0]})
        for other in others:
            if other.count(".") and self.chance.random() < 0.6:
                alias = f"i{len(self.aliases)}"
                plain = other.rpartition(".")[2]
                if self.chance.random() < 0.5 and plain not in self.aliases:
                    parts.append(f"import data.{other}")
                    self.aliases[plain] = other
                else:
                    parts.append(f"import data.{other} as {alias}")
                    self.aliases[alias] = other
        for _ in range(self.chance.randint(1, 4)):
            parts += ["", self._rule()]
        return "\n".join(parts) + "\n"

    def _fresh(self, word: str) -> str:
        self.count += 1
        return f"{word}{self.count}"

    # Rules

    def _rule(self) -> str:
        name = self._fresh("r")
        kind = self.chance.choice(("value", "value", "set", "set", "object", "object", "deep", "function"))
        text = getattr(self, f"_{kind}")(name)
        self.rules.append(_Rule(self.package, name, kind))
        return str(text)

    def _value(self, name: str) -> str:
        body, known = self._body([])
        lines = [f"{name} := {self._term(known)} if {{\n{body}\n}}"]
        if self.chance.random() < 0.4:
            body, known = self._body([])
            lines = [f"{lines[0]} else := {self._term(known)} if {{\n{body}\n}}"]
        if self.chance.random() < 0.3:
            lines.insert(0, f"default {name} := {self._scalar()}\n")
        return "\n".join(lines)

    def _set(self, name: str) -> str:
        made = []
        for _ in range(self.chance.randint(1, 2)):
            body, known = self._body([])
            made.append(f"{name} contains {self._term(known)} if {{\n{body}\n}}")
        return "\n\n".join(made)

    def _object(self, name: str) -> str:
        body, known = self._body([], several=True)
        key = self.chance.choice(known) if known else '"z"'
        shape = self.chance.choice((f"{name}[{key}] contains {self._term(known)}", f"{name}[{key}] := {key}"))
        more = ""
        if self.chance.random() < 0.3 and "contains" in shape:
            more = f"\n\n{name}.z contains {self._scalar()} if {self._condition([])}"
        return f"{shape} if {{\n{body}\n}}{more}"

    def _deep(self, name: str) -> str:
        body, known = self._body([], several=True)
        key = self.chance.choice(known) if known else '"z"'
        shapes = (f"{name}.a[{key}] := {key}", f"{name}[{key}].b := {key}", f"{name}.a[{key}] contains {key}")
        shapes += (f"{name}.a.b := {self._scalar()}", f"{name}[{key}][{key}] := {key}")
        return f"{self.chance.choice(shapes)} if {{\n{body}\n}}"

    def _function(self, name: str) -> str:
        made = []
        for _ in range(self.chance.randint(1, 2)):
            parameter = self._fresh("v")
            head = self.chance.choice((parameter, parameter, self._scalar()))
            body, known = self._body([parameter] if head == parameter else [])
            made.append(f"{name}({head}) := {self._term(known)} if {{\n{body}\n}}")
        if self.chance.random() < 0.3:
            made.insert(0, f"default {name}(_) := {self._scalar()}")
        return "\n\n".join(made)

    # Bodies

    def _body(self, known: list[str], *, several: bool = False, depth: int = 0) -> tuple[str, list[str]]:
        known = list(known)
        lines = [
            self._statement(known, depth, binds=several and number == 0)
            for number in range(self.chance.randint(1, 4 - depth))
        ]
        return "\n".join(f"\t{line}" for line in lines), known

    def _statement(self, known: list[str], depth: int, *, binds: bool) -> str:
        pick = self.chance.random()
        if binds or pick < 0.35:
            return self._binding(known, depth)
        if pick < 0.55:
            return self._condition(known)
        if pick < 0.7:
            return f"not {self._condition(known)}"
        if pick < 0.8 and depth < 2:
            name = self._fresh("e")
            body, _ = self._body([*known, name], depth=depth + 1)
            return f"every {name} in {self._collection(known, depth)} {{\n{name} == {name}\n{body}\n}}"
        if pick < 0.9:
            target = self.chance.choice(("input.a", "input", "input.list", "input.obj.p"))
            return f"{self._condition(known)} with {target} as {self._scalar()}"
        return self._term(known)

    def _binding(self, known: list[str], depth: int) -> str:
        name = self._fresh("x")
        pick = self.chance.random()
        if pick < 0.35:
            line = f"some {name} in {self._collection(known, depth)}"
        elif pick < 0.5:
            key = self._fresh("k")
            line = f"some {key}, {name} in {self._collection(known, depth)}"
            known.append(key)
        elif pick < 0.6:
            line = f"walk(input.obj, [_, {name}])"
        elif pick < 0.7:
            line = f"{name} = input.list[_]"
        else:
            line = f"{name} := {self._term(known, depth)}"
        known.append(name)
        return line

    def _condition(self, known: list[str]) -> str:
        one, other = self._term(known), self._term(known)
        functions = [rule for rule in self.rules if rule.kind == "function"]
        if functions and self.chance.random() < 0.2:
            return f"{self._named(self.chance.choice(functions))}({one})"
        forms = (f"{one} == {other}", f"{one} != {other}", f"{one} > {other}", f"{one} in {self._collection(known, 2)}")
        return self.chance.choice((*forms, one, f"is_string({one})", f"count({self._collection(known, 2)}) > 1"))

    # Terms

    def _scalar(self) -> str:
        return self.chance.choice(
            ('"x"', '"yy"', '""', "0", "1", "2", "-1", "0.5", "1e3", "9007199254740993", "true", "false", "null")
        )

    def _term(self, known: Sequence[str], depth: int = 0) -> str:
        pick = self.chance.random()
        if known and pick < 0.4:
            return self.chance.choice(known)
        if pick < 0.55:
            return self.chance.choice(
                ("input.a", "input.b", "input.f", "input.missing", "input.obj.q.r", "input.rows[0]")
            )
        if pick < 0.7 and self.rules:
            return self._reference(known)
        if pick < 0.8 and depth < 2:
            return self._made(known, depth)
        if pick < 0.9:
            one = self._term(known, depth + 1) if depth < 2 else self._scalar()
            calls = (f'object.get(input, "a", {one})', f'sprintf("%v", [{one}])', f"[{one}]", f'{{"k": {one}}}')
            return self.chance.choice((*calls, f"{{{one}}}", f"type_name({one})", f"input.list[{one}]"))
        return self._scalar()

    def _made(self, known: Sequence[str], depth: int) -> str:
        body, inner = self._body(list(known), several=True, depth=depth + 1)
        one = self._term(inner, 2)
        key = f'sprintf("%v", [{one}])'
        return self.chance.choice((f"[{one} | {body}]", f"{{{one} | {body}}}", f"{{{key}: {key} | {body}}}"))

    def _reference(self, known: Sequence[str]) -> str:
        rules = [rule for rule in self.rules if rule.kind != "function"]
        if not rules:
            return self._scalar()
        rule = self.chance.choice(rules)
        whole = self._named(rule)
        pick = self.chance.random()
        if pick < 0.5 or rule.kind == "value":
            return whole
        if pick < 0.7 and known:
            return f"{whole}[{self.chance.choice(known)}]"
        return self.chance.choice((f"count({whole})", f"{whole}[_]", f"{whole}.a", f"{whole}.z", whole))

    def _named(self, rule: _Rule) -> str:
        if rule.package == self.package and self.chance.random() < 0.6:
            return rule.name
        options = [f"data.{rule.package}.{rule.name}"]
        for alias, package in self.aliases.items():
            if rule.package == package:
                options += [f"{alias}.{rule.name}"] * 2
            elif rule.package.startswith(f"{package}."):
                options.append(f"{alias}.{rule.package[len(package) + 1 :]}.{rule.name}")
        return self.chance.choice(options)

    def _collection(self, known: Sequence[str], depth: int) -> str:
        pick = self.chance.random()
        if known and pick < 0.15:
            return self.chance.choice(known)
        if pick < 0.3 and any(rule.kind != "function" for rule in self.rules):
            return self._reference(())
        if pick < 0.4 and depth < 2:
            return self._made(known, depth)
        return self.chance.choice(("input.list", "input.names", "input.obj", "input.rows", "[1, 2]", '{"x", "y"}'))


def programs(seed: int, count: int) -> list[Written]:
    """So many programs; the same for the same seed."""
    chance = Random(seed)
    return [Writer(chance, f"p{number}").written() for number in range(count)]


# What the engines make of them


class Outcome(NamedTuple):
    """What came of a batch."""

    equal: int
    """Answers that are the same: one for each program, input and package."""
    errors: int
    """Programs that both, or ours alone, do not evaluate."""
    refused: int
    """Programs that OPA does not load."""
    different: tuple[tuple[Written, Any, str, str], ...]
    """Program, input, OPA's answer, ours."""


_ERROR = "error"
_BROKEN = "OPA says that this is a fault of its own"


def compared(command: str, written: Sequence[Written], evaluate: Any) -> Outcome:
    """Give programs to OPA, all at once, and to ours, one by one.

    Args:
        command: The `opa` binary.
        written: The programs.
        evaluate: Answers the whole of a program's packages on an input as JSON, `undefined`, or raises PolicyError.
    """
    with TemporaryDirectory() as place:
        kept, refused = _loaded(command, Path(place), written)
        equal, errors, different = 0, 0, []
        pending = [(program, document) for program in reversed(kept) for document in reversed(INPUTS)]
        while pending:
            for program, document, theirs in _answers(command, Path(place), kept, pending):
                ours = _ours(evaluate, program, document)
                if ours == theirs:
                    equal += 1
                elif ours == _ERROR or theirs == _BROKEN:
                    errors += 1
                else:
                    different.append((program, document, theirs, ours))
    return Outcome(equal, errors, refused, tuple(different))


def _answers(
    command: str, place: Path, kept: Sequence[Written], pending: list[tuple[Written, Any]]
) -> Iterator[tuple[Written, Any, str]]:
    """What OPA answers of what is left, the last first, until it breaks down over a program, which is told too."""
    with _server(command, place, kept) as server:
        while pending:
            program, document = pending.pop()
            try:
                yield program, document, _asked(server, program.root, document)
            except ConnectionError:
                yield program, document, _BROKEN
                return


def _loaded(command: str, place: Path, written: Sequence[Written]) -> tuple[list[Written], int]:
    """Lay out the programs that OPA loads."""
    for program in written:
        for module in program.modules:
            (place / module.name).parent.mkdir(exist_ok=True)
            (place / module.name).write_text(module.text)
    bad: set[str] = set()
    while True:
        kept = [program for program in written if program.root not in bad]
        folders = [str(place / program.root) for program in kept]
        done = subprocess.run(
            [command, "check", "-f", "json", "-m", "100000", *folders], capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return kept, len(bad)
        found = _at_fault(done.stderr or done.stdout)
        if not found - bad:
            found = {program.root for program in kept if _crashes(command, place / program.root)}
        assert found - bad, done.stderr[:2000]
        bad |= found


def _at_fault(told: str) -> set[str]:
    """The programs that OPA's errors are about; none where it broke down itself."""
    try:
        errors = json.loads(told)["errors"]
    except ValueError:
        return set()
    return {Path(one["location"]["file"]).parent.name for one in errors if one.get("location", {}).get("file")}


def _crashes(command: str, folder: Path) -> bool:
    done = subprocess.run([command, "check", "-f", "json", str(folder)], capture_output=True, check=False)
    return done.returncode != 0


class _Socket(http.client.HTTPConnection):
    """A connection to a server that listens on a path."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=60)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self._path)


def _listens(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as tried:
            tried.connect(str(path))
    except OSError:
        return False
    return True


@contextmanager
def _server(command: str, place: Path, kept: Iterable[Written]) -> Iterator[_Socket]:
    """An OPA that has the programs, and no network."""
    folders = [str(place / program.root) for program in kept]
    path = place / "socket"
    path.unlink(missing_ok=True)  # an OPA that broke down leaves it behind
    started = subprocess.Popen(
        [command, "run", "--server", "--log-level", "error", "--addr", f"unix://{path}", *folders],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while not _listens(path) and started.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        with closing(_Socket(path)) as connection:
            yield connection
    finally:
        started.kill()
        started.wait()


def _asked(server: _Socket, root: str, document: Any) -> str:
    """OPA's answer, or that it cannot evaluate the program."""
    body = json.dumps({"input": document})
    server.request("POST", f"/v1/data/{root}", body=body, headers={"Content-Type": "application/json"})
    text = server.getresponse().read()
    if b"eval_internal_error" in text:
        return _BROKEN
    answer = json.loads(text)
    return plain(answer["result"]) if "result" in answer else _ERROR


def _ours(evaluate: Any, program: Written, document: Any) -> str:
    try:
        return str(evaluate(program, document))
    except PolicyError:
        return _ERROR


_programs: dict[int, NormalProgram] = {}


def embedded(program: Written, document: Any) -> str:
    """The embedded engine's answer: all packages together, which has to be what each rule is by itself."""
    loaded = _programs.get(id(program))
    if loaded is None:
        bundle = Bundle(program.modules)
        modules = parse_modules(bundle)
        for refusal in plain_refusals(bundle, modules):
            raise refusal
        loaded = NormalProgram(modules, {})
        loaded.check()
        _programs.clear()
        _programs[id(program)] = loaded
    given = from_plain(document)
    whole = loaded.ask((program.root,), given)
    for compiled in loaded.machine.compiled:
        if compiled.rule.kind != "function":
            alone = loaded.ask(compiled.rule.path[1:], given)
            beside = whole
            for part in compiled.rule.path[2:]:
                beside = beside.get(part, UNDEFINED) if hasattr(beside, "get") else UNDEFINED
            assert alone == beside or alone is beside, (compiled.rule.path, alone, beside)
    return plain(json.loads(to_json(whole)))


def library(program: Written, document: Any) -> str:
    """What the embedded library itself answers, without the normal form: to show that the programs find its faults."""
    import regorus

    engine = regorus.Engine()
    try:
        for module in program.modules:
            engine.add_policy(module.name, module.text)
        engine.set_input_json(json.dumps(document))
        rows = json.loads(engine.eval_query_as_json(f"data.{program.root}")).get("result")
    except Exception as error:  # noqa: BLE001  (the library raises its own bare exceptions)
        raise PolicyError(str(error)[:200], hint="") from None
    return plain(rows[0]["expressions"][0]["value"]) if rows else "undefined"


def plain(value: Any) -> str:
    """A JSON value as text; sets are arrays, and a number that is an integer is one."""
    return json.dumps(_whole(value), sort_keys=True)


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    return value


__all__ = ["INPUTS", "Outcome", "Written", "compared", "embedded", "library", "programs"]
