"""Looks through the METADATA of policies that somebody is writing: what a finding needs, and what is misspelt."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from changegate.own_policies.metadata import block_above
from changegate.policy.template import names
from changegate.records import NamedTuple
from changegate.rego.bundle import is_test
from changegate.rego.syntax.annotation import load_annotation
from changegate.rego.syntax.ast import name_of, reference, walk
from changegate.resources import DOCS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from changegate.author.problem import Problem
    from changegate.author.source import SourceFile
    from changegate.own_policies.metadata import Block
    from changegate.rego.syntax.ast import Node

CUSTOM = (
    *("severity", "message", "remediation", "settings", "optional", "references", "example", "awaitsApproval"),
    *("subject", "path"),
)
"""What changegate reads in `custom`; the last two above a package."""
_KEYS = (
    *("scope", "title", "description", "related_resources", "authors", "organizations", "schemas", "entrypoint"),
    *("custom", "compile"),
)
"""What OPA knows in an annotation."""
CONFTEST = re.compile(r"(deny|violation|warn)(_[a-zA-Z0-9]+)*")
"""The names of conftest's rules."""
_RULE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class MetadataBlock(NamedTuple):
    """A METADATA block."""

    line: int
    """1-based: of `# METADATA`."""
    value: Any
    """What it says, as plain YAML."""
    problem: str = ""
    """Why it cannot be read."""


class Told(NamedTuple):
    """A rule with what it says of itself."""

    source: SourceFile
    node: Node
    id: str
    """Of `outcome["…"]` what stands in the brackets; of a conftest rule its name."""
    is_ours: bool
    """Whether it is written as changegate's own are: `outcome["…"] := …`."""
    block: MetadataBlock | None


def lint(source: SourceFile, every: Sequence[SourceFile]) -> Iterator[Problem]:
    """Find what is wrong with the METADATA of a module, and rules without a test.

    Args:
        source: The module.
        every: All modules, with the tests.
    """
    from changegate.author.problem import ERROR, WARNING, Problem

    rules = list(_rules(source))
    package = _package_line(source)
    above = _block(source, package)
    if above is not None:
        yield from _block_problems(source, above, package)
        yield from _subject(source, above)
    for told in rules:
        line = told.node.line
        if told.is_ours and not _RULE.fullmatch(told.id):
            message = f"the rule id {told.id!r} is malformed"
            yield Problem(source.file, line, ERROR, message, "write small letters, digits and `-`: `no-friday`")
        if told.block is not None:
            yield from _block_problems(source, told.block, line)
        if told.is_ours:
            yield from _complete(told, every)
        if not _is_tested(told, every):
            hint = f"write a test for it in {source.file.removesuffix('.rego')}_test.rego"
            yield Problem(source.file, line, WARNING, f"no test mentions the rule {told.id}", hint)
    yield from _twice(rules, every)


def _rules(source: SourceFile) -> Iterator[Told]:
    """The rules that the gate would ask, once each."""
    seen = set()
    for node in source.parsed.rules:
        head = next(iter(node.body.get("head", {}).values()), None)
        if head is None or "Func" in node.body["head"]:
            continue
        path = reference(head["refr"]) or ()
        if len(path) == 2 and path[0] == "outcome":
            yield Told(source, node, path[1], is_ours=True, block=_block(source, node.line))
        elif CONFTEST.fullmatch(name_of(node)) and name_of(node) not in seen:
            seen.add(name_of(node))
            yield Told(source, node, name_of(node), is_ours=False, block=_block(source, node.line))


def _package_line(source: SourceFile) -> int:
    return next((number for number, text in enumerate(source.lines, 1) if re.match(r"package\b", text)), 1)


def _block(source: SourceFile, line: int) -> MetadataBlock | None:
    """The METADATA above a line, as the gate finds it."""
    block = block_above(source.lines, line)
    return None if block is None else _parsed(block)


def _parsed(block: Block) -> MetadataBlock:
    import yaml

    try:
        return MetadataBlock(block.line, load_annotation(block.text))
    except yaml.MarkedYAMLError as error:
        offset = error.problem_mark.line if error.problem_mark else 0
        return MetadataBlock(block.line + 1 + offset, None, f"the METADATA is not YAML: {error.problem}")
    except (yaml.YAMLError, ValueError):
        return MetadataBlock(block.line, None, "the METADATA is not YAML, is nested deeply, or has an alias")


def _block_problems(source: SourceFile, block: MetadataBlock, line: int) -> Iterator[Problem]:
    """What is wrong with any METADATA, whatever it is about."""
    from changegate.author.problem import ERROR, WARNING, Problem

    if block.problem:
        yield Problem(source.file, block.line, ERROR, block.problem, "quote texts with `: ` in them")
        return
    if not isinstance(block.value, dict) or not isinstance(block.value.get("custom", {}), dict):
        yield Problem(source.file, block.line, ERROR, "the METADATA is no mapping", "write `# title: …` below it")
        return
    custom = block.value.get("custom", {})
    yield from _misspelt(source, block, block.value, _KEYS, "METADATA")
    yield from _misspelt(source, block, custom, CUSTOM, "`custom`")
    for key in ("title", "description"):
        if not isinstance(block.value.get(key, ""), str):
            yield Problem(source.file, _line(source, block, key, line), ERROR, f"{key} is no text", "quote it")
    if custom.get("severity", "error") not in ("error", "warning"):
        message = f"the severity {custom['severity']!r} is neither error nor warning"
        hint = "write one of the two; what conftest's rules say else is not read"
        yield Problem(source.file, _line(source, block, "severity", line), WARNING, message, hint)
    yield from _settings(source, block, line)


def _misspelt(
    source: SourceFile, block: MetadataBlock, given: dict[Any, Any], known: Iterable[str], where: str
) -> Iterator[Problem]:
    from changegate.author.problem import ERROR, WARNING, Problem

    for key in given:
        if key in known:
            continue
        near = get_close_matches(str(key), list(known), n=1, cutoff=0.7)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
        message = f"{where} has an unknown key {str(key)!r}"
        yield Problem(source.file, _line(source, block, str(key)), ERROR if near else WARNING, message, hint)


def _settings(source: SourceFile, block: MetadataBlock, line: int) -> Iterator[Problem]:
    """Settings that do not exist: `explain` could not show them."""
    from changegate.author.problem import ERROR, Problem
    from changegate.policy.settings import defaults

    named = block.value.get("custom", {}).get("settings", ())
    known = [f"{check}.{key}" for check, settings in defaults().items() for key in settings]
    for name in named if isinstance(named, list | tuple) else (named,):
        if str(name).startswith(("own.", "data.")):
            continue  # theirs
        if ".".join(str(name).split(".")[:2]) not in known:
            near = get_close_matches(str(name), known, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]}?" if near else f"{DOCS}/settings.md says where settings are listed"
            where = _line(source, block, "settings", line)
            yield Problem(source.file, where, ERROR, f"there is no setting {str(name)!r}", hint)


def _subject(source: SourceFile, block: MetadataBlock) -> Iterator[Problem]:
    from changegate.author.problem import ERROR, Problem
    from changegate.verdict import SubjectKind

    custom = block.value.get("custom") if isinstance(block.value, dict) else None
    subject = custom.get("subject", "release") if isinstance(custom, dict) else "release"
    if subject not in tuple(SubjectKind):
        message = f"a package is about no {subject!r}"
        hint = f"write one of {', '.join(SubjectKind)}"
        yield Problem(source.file, _line(source, block, "subject"), ERROR, message, hint)


def _complete(told: Told, every: Iterable[SourceFile]) -> Iterator[Problem]:
    """What a finding of a rule needs."""
    from changegate.author.problem import ERROR, WARNING, Problem

    file, line = told.source.file, told.node.line
    if told.block is None:
        hint = "put `# METADATA` above it, with title, description, custom.severity, custom.message, custom.remediation"
        yield Problem(file, line, ERROR, f"the rule {told.id} has no METADATA", hint)
        return
    if told.block.problem or not isinstance(told.block.value, dict):
        return
    custom = told.block.value.get("custom")
    custom = custom if isinstance(custom, dict) else {}
    texts = {key: told.block.value.get(key) for key in ("title", "description")}
    texts |= {f"custom.{key}": custom.get(key) for key in ("severity", "message", "remediation")}
    for key, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            level = WARNING if key == "description" else ERROR
            yield Problem(file, told.block.line, level, f"the METADATA of {told.id} has no {key}", _WHY[key])
    given = {name for source in every if not is_test(source.file) for name in _details(source)}
    for key in ("message", "remediation"):
        for name in sorted(names(str(custom.get(key, ""))) - given - {"path"}):
            message = f"the {key} of {told.id} asks for {{{name}}}, which no detail gives"
            hint = f'give it: `{{"{name}": …}}` in the details of the violation, or take it out of the text'
            yield Problem(file, _line(told.source, told.block, key), ERROR, message, hint)


_WHY = {
    "title": "say what holds when it passes",
    "description": "say why it is asked",
    "custom.severity": "write error (it closes the gate) or warning",
    "custom.message": "say what is wrong when it fails; {name} is filled with a detail of that name",
    "custom.remediation": "say what to do",
}


def _details(source: SourceFile) -> Iterator[str]:
    """The keys of the objects that a module writes."""
    for rule in source.parsed.rules:
        for node in walk(rule.body):
            if node.kind == "String":
                yield str(node.body["value"])


def _is_tested(told: Told, every: Iterable[SourceFile]) -> bool:
    """Whether a test mentions a rule, by its id or by the name that stands for it."""
    named = f"test_{told.id.replace('-', '_').replace('/', '_')}"
    for source in every:
        for rule in source.parsed.rules:
            if not (is_test(source.file) or name_of(rule).startswith("test_")):
                continue
            if name_of(rule).startswith(named) or any(_mentions(node.body, told.id) for node in walk(rule.body)):
                return True
    return False


def _mentions(body: dict[str, Any], rule: str) -> bool:
    field = body.get("field")
    name = field[1] if isinstance(field, list) else field
    return rule in (body.get("value"), name)


def _twice(rules: Iterable[Told], every: Iterable[SourceFile]) -> Iterator[Problem]:
    """Ids that are used twice, in one file or in several of one package."""
    from changegate.author.problem import ERROR, Problem

    places: dict[str, list[Told]] = {}
    for source in every:
        for told in _rules(source):
            if told.is_ours and rules and source.parsed.package == next(iter(rules)).source.parsed.package:
                places.setdefault(told.id, []).append(told)
    for told in rules:
        others = [one for one in places.get(told.id, ()) if one.node is not told.node]
        if told.is_ours and others:
            first = others[0]
            message = f"the rule {told.id} exists twice, again at {first.source.file}:{first.node.line}"
            yield Problem(told.source.file, told.node.line, ERROR, message, "give it another id")


def _line(source: SourceFile, block: MetadataBlock, key: str, otherwise: int = 0) -> int:
    """The line of a key in a block."""
    for number in range(block.line, len(source.lines)):
        if not source.lines[number].startswith("#"):
            break
        if re.match(rf"#\s+[\"']?{re.escape(key)}[\"']?\s*:", source.lines[number]):
            return number + 1
    return otherwise or block.line
