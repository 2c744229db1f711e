"""Shows why a rule fired or did not: its chain, branch by branch, with what each line met.

Every line is asked by itself, on the embedded engine, with the values of the lines before it, and with the rule's own
words. What the whole rule comes to is asked as well, so that a trace which does not add up is seen to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.author.operands import Place, told
from changegate.author.probe import Prober, Stop, stop, values
from changegate.author.source import Branch, SourceFile, definitions, sources
from changegate.errors import PolicyError
from changegate.records import NamedTuple
from changegate.rego.syntax.ast import Node, dotted, name_of, reference, references
from changegate.rego.syntax.refuse import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.rego.bundle import Bundle
    from changegate.rego.syntax.ast import Tree

HELD, STOPPED, UNDEFINED, NOT_REACHED = "held", "stopped", "undefined", "not reached"
STOPS = "stops here"


class Reading(NamedTuple):
    """What a branch reads of the input."""

    path: str
    """As it stands: `input.facts.rollout.steps`."""
    is_missing: bool
    value: Any = None
    """What it is, where one value could be told."""

    @property
    def is_setting(self) -> bool:
        """Whether it is a threshold."""
        return self.path.startswith("input.settings.")


class Helper(NamedTuple):
    """A rule that a branch names, one level down."""

    name: str
    place: str
    """`file:line` of its first definition."""
    is_missing: bool
    value: Any = None
    lines: tuple[str, ...] = ()
    """Of each of its bodies, whether it holds, or where it stops."""
    readings: tuple[Reading, ...] = ()
    """The settings that it reads."""


class TraceStep(NamedTuple):
    """One branch of a chain."""

    file: str
    line: int
    """1-based."""
    status: str
    """`held`, `stopped`, `undefined` (it holds, and its value has none) or `not reached`."""
    value_text: str
    """The value as it is written."""
    value: Any = None
    """What it comes to, where the branch held."""
    statements: tuple[tuple[int, str, str], ...] = ()
    """Line, text, and what is to be said of it: `holds`, `stops here` or `not reached`."""
    met: tuple[str, ...] = ()
    """What the statement that stops met."""
    readings: tuple[Reading, ...] = ()
    helpers: tuple[Helper, ...] = ()


class Trace(NamedTuple):
    """A rule on one input document."""

    rule: str
    chains: tuple[tuple[TraceStep, ...], ...]
    """One for each definition of the rule: ours have one, conftest's may have several."""
    is_defined: bool
    """Whether the rule as a whole has a value."""
    value: Any = None
    error: str = ""
    """Why the rule as a whole could not be evaluated: the engine's words."""


class Traced(NamedTuple):
    """A rule that is traced: `data.<package>.<name>`, and of `outcome["<key>"]` the key."""

    package: str
    name: str
    key: str = ""


def trace(bundle: Bundle, rule: Traced, document: Mapping[str, Any], shown: str) -> Trace:
    """Trace a rule.

    Args:
        bundle: The policies that it is of.
        rule: Which.
        document: Its input.
        shown: What the rule is called.

    Raises:
        PolicyError: There is no such rule in the bundle.
    """
    every = sources(bundle)
    found = [(source, node) for source in every.values() for node in _defined(source, rule)]
    if not found:
        raise PolicyError(f"there is no rule {shown!r} in these policies", hint="`changegate rules` lists them")
    prober = Prober(bundle, document)
    tracer = _Tracer(prober, every, stops=bundle.shipped)
    chains = tuple(tuple(tracer.chain(source, node)) for source, node in found)
    whole = f"data.{rule.package}.{rule.name}" + (f"[{_quoted(rule.key)}]" if rule.key else "")
    (answer,) = prober.ask(found[0][0], [values((), whole)])
    value = answer.value[0] if answer.value else None
    return Trace(shown, chains, bool(answer.value), value, answer.error)


def _quoted(key: str) -> str:
    import json

    return json.dumps(key)


def _defined(source: SourceFile, rule: Traced) -> Iterator[Node]:
    if source.package != rule.package:
        return
    for node in definitions(source, rule.name):
        head = next(iter(node.body.get("head", {}).values()), None)
        path = reference(head["refr"]) if head is not None else ()
        if not rule.key or path == (rule.name, rule.key):
            yield node


class _Tracer:
    def __init__(self, prober: Prober, every: Mapping[str, SourceFile], *, stops: bool) -> None:
        self._prober = prober
        self._stops = stops
        self._rules: dict[tuple[str, ...], list[tuple[SourceFile, Node]]] = {}
        for source in every.values():
            for node in source.parsed.rules:
                self._rules.setdefault((*source.parsed.package, name_of(node)), []).append((source, node))

    def chain(self, source: SourceFile, node: Node) -> Iterator[TraceStep]:
        """The branches in their order; nothing is asked of those behind the first that holds."""
        is_done = False
        for branch in source.branches(node):
            text = "true" if branch.value is None else source.text(branch.value)
            if is_done:
                yield TraceStep(source.file, branch.line, NOT_REACHED, text)
                continue
            step = self._step(source, branch, text)
            # NOTE: on ours the engine stops with an error where a rule with brackets in its head has no value.
            is_done = step.status == HELD or (self._stops and step.status == UNDEFINED and _has_key(node))
            yield step

    def _step(self, source: SourceFile, branch: Branch, text: str) -> TraceStep:
        stopped = stop(self._prober, source, branch)
        trees: list[Tree] = [one.tree for one in branch.statements]
        if stopped.at is None and branch.value is not None:
            trees.append(branch.value)
        step = TraceStep(
            source.file,
            branch.line,
            STOPPED,
            text,
            statements=tuple(_said(branch, stopped)),
            readings=tuple(self._readings(source, branch, trees)),
            helpers=tuple(self._helpers(source, trees)),
        )
        if stopped.at is not None:
            met = [stopped.error] if stopped.error else []
            place = Place(self._prober, source, branch.statements[: stopped.at], branch.statements[stopped.at])
            met += told(place)
            read = tuple(
                one for one in step.readings if one.is_setting or not any(f"{one.path} is" in it for it in met)
            )
            return step._replace(met=tuple(met), readings=read)
        (answer,) = self._prober.ask(source, [values(branch.statements, text)])
        if answer.error or not answer.value:
            return step._replace(status=UNDEFINED, met=(answer.error,) if answer.error else ())
        return step._replace(status=HELD, value=answer.value[0] if len(answer.value) == 1 else answer.value)

    def _readings(self, source: SourceFile, branch: Branch, trees: Sequence[Tree]) -> Iterator[Reading]:
        """What the branch reads of the input; of a path with a local variable in brackets what stands before it."""
        local = {name for statement in branch.statements for name in statement.declares}
        names = list(dict.fromkeys(_input(source, tree, local) for tree in _inputs(trees)))
        for name, answer in zip(names, self._prober.ask(source, [values((), one) for one in names]), strict=True):
            found = answer.value or []
            yield Reading(name, is_missing=not found, value=found[0] if found else None)

    def _helpers(self, source: SourceFile, trees: Sequence[Tree]) -> Iterator[Helper]:
        """The rules that are named, without functions: what those are given and answer is said of the statement."""
        seen = set()
        for tree in references(trees):
            path = resolve(source.parsed, reference(tree) or ())
            name = next((one for one in self._rules if path[: len(one)] == one), None)
            if name is None or name in seen or any(_is_function(node) for _, node in self._rules[name]):
                continue
            seen.add(name)
            yield self._helper(name)

    def _helper(self, name: tuple[str, ...]) -> Helper:
        found = self._rules[name]
        source, node = found[0]
        (answer,) = self._prober.ask(source, [values((), dotted(name))])
        lines = [line for one, definition in found for line in self._bodies(one, definition)]
        value = answer.value[0] if answer.value else None
        shown = dotted(name).removeprefix("data.")
        settings = tuple(reading for one, body in found for reading in self._thresholds(one, body))
        return Helper(shown, f"{source.file}:{node.line}", not answer.value, value, tuple(lines), settings)

    def _thresholds(self, source: SourceFile, node: Node) -> Iterator[Reading]:
        for branch in source.branches(node):
            trees = [one.tree for one in branch.statements] + ([branch.value] if branch.value else [])
            yield from (reading for reading in self._readings(source, branch, trees) if reading.is_setting)

    def _bodies(self, source: SourceFile, node: Node) -> Iterator[str]:
        for branch in source.branches(node):
            if branch.statements:
                stopped = stop(self._prober, source, branch)
                yield from self._body(source, branch, stopped)

    def _body(self, source: SourceFile, branch: Branch, stopped: Stop) -> Iterator[str]:
        if stopped.at is None:
            yield f"line {branch.line}: holds" + (f", with {stopped.sets} sets of values" if stopped.sets > 1 else "")
            return
        at = branch.statements[stopped.at]
        yield f"line {branch.line}: stops at line {at.line}, {' '.join(at.text.split())}"
        yield from (f"  {met}" for met in told(Place(self._prober, source, branch.statements[: stopped.at], at)))


def _said(branch: Branch, stopped: Stop) -> Iterator[tuple[int, str, str]]:
    for index, statement in enumerate(branch.statements):
        text = " ".join(statement.text.split())
        if stopped.at is None or index < stopped.at:
            word = "holds" if index not in stopped.unknown else "holds, with a later line"
        else:
            word = STOPS if index == stopped.at else "not reached"
        yield statement.line, text, word


def _is_function(node: Node) -> bool:
    return "Func" in node.body.get("head", {})


def _has_key(node: Node) -> bool:
    return len(reference(next(iter(node.body["head"].values()))["refr"]) or ()) > 1


def _inputs(trees: Sequence[Tree]) -> Iterator[Tree]:
    for tree in references(list(trees)):
        if (reference(tree) or ("",))[0] == "input" and "Var" not in tree:
            yield tree


def _input(source: SourceFile, tree: Tree, local: set[str]) -> str:
    from changegate.rego.syntax.ast import indexes, walk

    used = {str(node.body["value"]) for index in indexes(tree) for node in walk(index) if node.kind == "Var"}
    return dotted(reference(tree) or ()) if used & (local | {"_"}) else source.text(tree)
