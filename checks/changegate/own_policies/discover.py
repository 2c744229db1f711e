"""Finds the rules of own policies in their syntax trees, and refuses what could only be misunderstood.

Two forms are known. Ours: `outcome["kebab-name"] := …`. Conftest's: `deny`, `violation`, `warn`, also with a name
behind, as in `deny_root`; a partial set (`contains`), or one value. Source: conftest 0.71, `policy/engine.go`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.own_policies import metadata
from changegate.records import NamedTuple
from changegate.rego.syntax.ast import (
    Node,
    ParsedModule,
    dotted,
    name_of,
    parse_modules,
    parts_of,
    reference,
    references,
)
from changegate.rego.syntax.refuse import declared, resolve
from changegate.resources import DOCS
from changegate.verdict import SubjectKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from changegate.names import KeyPath
    from changegate.own_policies.metadata import Metadata
    from changegate.rego.bundle import Module

_CONFTEST = re.compile(r"(deny|violation|warn)(_[a-zA-Z0-9]+)*")
_MEANT = re.compile(r"(deny|violation|warn|outcome)(_|$)", re.IGNORECASE)
_BARE = ("deny", "violation", "warn")
_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NAMED = re.compile(r'[^"\\\x00-\x1f\x7f]+')
"""A part of a package's name, which may stand in brackets."""
_HOME = ("metadata", "name")


class Found(NamedTuple):
    """One rule."""

    id: str
    """`own/<package>/<rule>`; what is no letter, digit or `_` of a package's name is `_` there."""
    package: str
    """Without `data.`, as policies refer to it: `a.b`, or `a["b c"].d`."""
    name: str
    """`has-prefix` of `outcome["has-prefix"]`; `deny_root` of a rule in conftest's form."""
    is_conftest: bool
    kind: SubjectKind
    file: str
    line: int
    home: KeyPath
    """Where it stands that a rule could not tell, and what says no place."""
    metadata: dict[str, Any]
    """As the catalogue reads it: title, description, custom."""


class Discovered(NamedTuple):
    """The rules of a module, and what it is made of."""

    module: str
    package: str
    rules: tuple[Found, ...]
    names: tuple[str, ...]
    """Of all its rules and functions, by which one may see whether data masks one."""
    has_exceptions: bool
    uses: tuple[tuple[tuple[str, ...], int], ...]
    """What it reads below `data`, by static reference, each with its line."""


def discover(modules: Sequence[Module], tell: Callable[[str], None] = lambda _file: None) -> tuple[Discovered, ...]:
    """Find all rules.

    Args:
        modules: The policies.
        tell: Told of each module before it is parsed, so that one that ends the process can be named.

    Raises:
        PolicyError: A module does not parse, or has a rule in a form that could only be misunderstood.
    """
    found = []
    for module in modules:
        tell(module.name)
        found.append(_module(module, _parse(module)))
    return _with_packages(found)


def _parse(module: Module) -> ParsedModule:
    from changegate.rego.bundle import Bundle

    return parse_modules(Bundle((module,)))[0]


class _Seen(NamedTuple):
    module: Module
    parsed: ParsedModule
    package: str
    about: Metadata


def _module(module: Module, parsed: ParsedModule) -> _Seen:
    package = dotted(parsed.package[1:])
    rows = module.text.split("\n")
    line = next((number for number, row in enumerate(rows, 1) if re.match(r"\s*package\b", row)), 1)
    if not all(_NAMED.fullmatch(part) for part in parsed.package[1:]):
        hint = "name it without quotes and backslashes in its parts"
        raise PolicyError(f"the package {package!r} has no plain name", hint=hint, file=module.name, line=line)
    return _Seen(module, parsed, package, metadata.above(module, line))


def _with_packages(seen: list[_Seen]) -> tuple[Discovered, ...]:
    """Rules by module; what a package says of itself counts in all its modules."""
    about: dict[str, Metadata] = {}
    for one in seen:
        if one.about.value:
            about.setdefault(one.package, one.about)
    nothing = metadata.Metadata(1, {})
    first: dict[str, Found] = {}
    found = []
    for one in seen:
        rules = tuple(_rules(one._replace(about=about.get(one.package, nothing)), first))
        names = tuple(sorted({name_of(rule) for rule in one.parsed.rules}))
        uses = tuple(dict(_uses(one.parsed)).items())
        found.append(Discovered(one.module.name, one.package, rules, names, "exception" in names, uses))
    return tuple(found)


def _rules(seen: _Seen, first: dict[str, Found]) -> Iterator[Found]:
    heads: dict[str, list[int]] = {}
    for rule in seen.parsed.rules:
        name = name_of(rule)
        _check_name(seen, rule, name)
        if name == "outcome":
            yield _once(_ours(seen, rule), first)
        elif _CONFTEST.fullmatch(name) and not _is_function(rule):
            _check_head(seen, rule, name)
            heads.setdefault(name, []).append(_line(rule))
    for name, lines in heads.items():
        found = _conftest(seen, name, lines)
        if first.setdefault(found.id, found) is found:
            yield found
        elif not first[found.id].is_conftest or first[found.id].package != found.package:
            raise _twice(found, first[found.id])


def _check_name(seen: _Seen, rule: Node, name: str) -> None:
    """Refuse what was meant for a rule and would never be asked, without a word: `Deny`, `deny_`, `deny(msg) := …`."""
    if _is_function(rule):
        if name in _BARE:
            hint = f"write `{name} contains msg if {{ … }}`; a helper needs another name"
            raise _refused(seen, _line(rule), f"{name} is a function, which is never asked", hint)
    elif _MEANT.match(name) and name != "outcome" and not _CONFTEST.fullmatch(name):
        hint = "write `deny`, `deny_name`, `warn`, `violation` or `outcome`, in lower case; a helper needs another name"
        raise _refused(seen, _line(rule), f"{name} is not the name of a rule that is asked", hint)


def _once(found: Found, first: dict[str, Found]) -> Found:
    if first.setdefault(found.id, found) is not found:
        raise _twice(found, first[found.id])
    return found


def _twice(found: Found, before: Found) -> PolicyError:
    message = f"the rule {found.id} exists already, at {before.file}:{before.line}"
    return PolicyError(message, hint="give it another name", file=found.file, line=found.line)


def _uses(parsed: ParsedModule) -> Iterator[tuple[tuple[str, ...], int]]:
    for rule in parsed.rules:
        local = set(declared(rule.body))
        for found in references(rule.body):
            written = reference(found) or ("",)
            if written[0] in local or (written[0] != "data" and written[0] not in parsed.imports):
                continue
            path = resolve(parsed, written)
            if path[:1] == ("data",) and len(path) > 1:
                (body,) = found.values()
                yield path[1:], int(body["span"]["line"])


def _is_function(rule: Node) -> bool:
    return "Func" in rule.body.get("head", {}) or bool(rule.body.get("args"))


def _line(rule: Node) -> int:
    span = rule.body["refr"] if "refr" in rule.body else next(iter(rule.body["head"].values()))["refr"]
    (body,) = span.values()
    return int(body["span"]["line"])


def _ours(seen: _Seen, rule: Node) -> Found:
    """A rule in our form; its METADATA has to say what ours has to say."""
    name, line = _outcome_name(rule), _line(rule)
    if name is None or not _KEBAB.fullmatch(name):
        hint = 'write `outcome["kebab-name"] := …`, with the name as a text in the head'
        raise _refused(seen, line, "the outcome has no plain name", hint)
    block = metadata.above(seen.module, line)
    _check_metadata(seen, name, block)
    return _found(seen, name, line, _subject(seen), metadata.clean(block))


def _outcome_name(rule: Node) -> str | None:
    head = rule.body.get("head", {}).get("Compr")
    if head is None or not {"RefBrack", "RefDot"} & head["refr"].keys():
        return None
    path = reference(head["refr"]) or ()
    return path[1] if len(path) == 2 else None


def _check_metadata(seen: _Seen, name: str, block: Metadata) -> None:
    missing = "" if isinstance(block.value.get("title"), str) else "title"
    for key in ("severity", "message", "remediation"):
        if not missing and not isinstance(block.custom.get(key), str):
            missing = f"custom.{key}"
    if missing:
        hint = f"write `{missing.rpartition('.')[2]}: …` above its head; {DOCS}/own-policies.md shows it"
        raise _refused(seen, block.line, f"the METADATA of {name} has no `{missing}`", hint)
    if block.custom["severity"] not in ("error", "warning"):
        said = block.custom["severity"]
        raise _refused(seen, block.line, f"a rule is no {said!r}", "write `severity: error` or `severity: warning`")


def _subject(seen: _Seen) -> SubjectKind:
    about = seen.about
    said = about.custom.get("subject", SubjectKind.RELEASE.value)
    if said not in [kind.value for kind in SubjectKind]:
        hint = f"write one of {', '.join(SubjectKind)}"
        raise _refused(seen, about.line, f"a package is about no {said!r}", hint)
    return SubjectKind(said)


def _check_head(seen: _Seen, rule: Node, name: str) -> None:
    """Refuse `deny[msg] if …`, an object in Rego v1, and `deny.name …`: conftest refuses or ignores them."""
    body = rule.body if "refr" in rule.body else next(iter(rule.body["head"].values()))
    if "Var" not in body["refr"]:
        hint = f"write `{name} contains msg if {{ … }}`"
        raise _refused(seen, _line(rule), f"the head of {name} has brackets or dots, so it is no set", hint)


def _conftest(seen: _Seen, name: str, lines: list[int]) -> Found:
    """A rule in conftest's form; needs no METADATA, and has sensible words without."""
    if _subject(seen) is not SubjectKind.RELEASE:
        hint = 'write `outcome["kebab-name"] := …` for other subjects'
        raise _refused(seen, lines[0], f"{name} is asked of releases only", hint)
    blocks = [block for block in (metadata.above(seen.module, line) for line in lines) if block.value]
    whole = [block for block in blocks if block.is_of_document]
    chosen = whole[0] if whole else blocks[0] if len(lines) == 1 and blocks else metadata.Metadata(lines[0], {})
    told = metadata.clean(chosen)
    told.setdefault("title", nothing_found(name, seen.package))
    custom = told["custom"]
    custom.setdefault("severity", "warning" if name.startswith("warn") else "error")
    custom.setdefault("message", "{msg}")
    place = f"{seen.module.name}, line {lines[0]}"
    custom.setdefault("remediation", f"Mend what it names; the rule stands in {place}.")
    return _found(seen, name, lines[0], SubjectKind.RELEASE, told)._replace(is_conftest=True)


def nothing_found(name: str, package: str) -> str:
    """The title of a rule whose author wrote none."""
    return f"{name} of {package} finds nothing"


def _found(seen: _Seen, name: str, line: int, kind: SubjectKind, told: dict[str, Any]) -> Found:
    path = metadata.clean(seen.about)["custom"].get("path")
    home = tuple(path) if path else _HOME
    plain = ".".join(re.sub(r"[^A-Za-z0-9_]", "_", part) for part in parts_of(seen.package))
    return Found(f"own/{plain}/{name}", seen.package, name, False, kind, seen.module.name, line, home, told)


def _refused(seen: _Seen, line: int, message: str, hint: str) -> PolicyError:
    return PolicyError(message, hint=hint, file=seen.module.name, line=line)
