"""The rule catalogue, read from the policies' METADATA.

At start only ids are found, by a scan of the texts; a rule's METADATA is parsed when a finding or an explanation needs
it. `Catalogue.check` parses all of it: tests do that for the shipped policies.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.names import Severity
from changegate.policy.answers import SAID_PASSED, outcome_of, read_required_approvals, read_risk
from changegate.records import NamedTuple
from changegate.resources import DOCS
from changegate.verdict import PASSED, Decision, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.names import KeyPath
    from changegate.rego.bundle import Bundle, Module
    from changegate.verdict import Outcome, Subject

_PACKAGE = re.compile(r"^package\s+([A-Za-z0-9_.]+)\s*$", re.MULTILINE)
_HEAD = re.compile(r'outcome\["(?<![^\n].{9})([^"\n]+)"\]\s*:=')
# NOTE: that it begins a line is looked at behind its first letters, which are searched for as a text; `^` would be
# tried at every letter of the policies.
_ID = re.compile(r"[a-z][a-z0-9-]*/[a-z][a-z0-9-]*")
_METADATA = "# METADATA"
_COMMENTS = re.compile(r"(?:(?:#[^\n]*)?\n)*+")
_SEVERITY = re.compile(r"\n#   severity: (error|warning)$", re.MULTILINE)
_AWAITS = re.compile(r"\n#   awaitsApproval: true$", re.MULTILINE)
_FORM = f"{DOCS}/rules.md shows the form"
NO_OWN = "no own policies are known here: name a repository with -C, or a folder with --policy"
"""The hint where a rule `own/…` is asked for and there is none."""


class Rule(NamedTuple):
    """What a rule says of itself."""

    id: str
    kind: SubjectKind
    file: str
    """The policy's file, below the bundle's root."""
    line: int
    """1-based: the line of the rule's head."""
    home: KeyPath
    """The block of the manifest that the check is about: where it stands that a rule could not tell."""
    metadata: Mapping[str, Any]
    """The METADATA block as YAML."""

    @property
    def check(self) -> str:
        """The family: the part of the id before the slash."""
        return self.id.partition("/")[0]

    @property
    def is_own(self) -> bool:
        """Whether it is a rule of the repository's own policies."""
        return self.id.startswith("own/") and self.id.count("/") == 2

    @property
    def custom(self) -> Mapping[str, Any]:
        """The `custom` part of the METADATA."""
        custom: Mapping[str, Any] = self.metadata.get("custom") or {}
        return custom

    @property
    def title(self) -> str:
        """What holds when the rule passes."""
        return str(self.metadata.get("title", self.id))

    @property
    def description(self) -> str:
        """Why it is asked."""
        return str(self.metadata.get("description", ""))

    @property
    def severity(self) -> Severity:
        """An error may close the gate; what says nothing is an error."""
        return Severity(self.custom.get("severity", "error"))

    @property
    def message(self) -> str:
        """The template of what is wrong."""
        return str(self.custom.get("message", self.title))

    @property
    def remediation(self) -> str:
        """The template of what to do."""
        return str(self.custom.get("remediation", ""))

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings it compares with, dotted."""
        return tuple(map(str, self.custom.get("settings", ())))

    @property
    def references(self) -> tuple[str, ...]:
        """Clauses, papers, pages."""
        found = map(str, self.custom.get("references", ()))
        return tuple(one if self.is_own else re.sub(r"^docs(?=/)", DOCS, one) for one in found)

    @property
    def optional(self) -> tuple[str, ...]:
        """Input keys without which it may still pass."""
        return tuple(map(str, self.custom.get("optional", ())))

    @property
    def example(self) -> Mapping[str, str]:
        """`bad` fires it, `good` passes."""
        example: Mapping[str, str] = self.custom.get("example") or {}
        return example

    @property
    def awaits_approval(self) -> bool:
        """Whether it fails only because people still have to approve."""
        return self.custom.get("awaitsApproval") is True


class _Entry(NamedTuple):
    module: Module
    kind: SubjectKind
    home: KeyPath
    start: int


class Catalogue:
    """The rules of a bundle."""

    def __init__(self, entries: Mapping[str, _Entry]) -> None:
        """Take what a scan found; use `Catalogue.of`."""
        self._entries = entries
        self._rules: dict[str, Rule] = {}
        self._meant: dict[str, tuple[Severity, bool]] = {}
        self._shipped = {
            kind: tuple(rule for rule, entry in entries.items() if entry.kind is kind) for kind in SubjectKind
        }
        self._by_kind = self._shipped
        self._asked = {kind: frozenset(rules) for kind, rules in self._shipped.items()}

    @classmethod
    def of(cls, bundle: Bundle) -> Catalogue:
        """Scan a bundle for rules.

        Raises:
            PolicyError: An id is malformed, does not fit its package, or is used twice.
        """
        entries: dict[str, _Entry] = {}
        about = _about(bundle.modules)
        for module in bundle.modules:
            for rule, entry in _scan(module, about):
                if rule in entries:
                    raise _refused(module, entry.start, f"the rule {rule} exists twice", "give it another id")
                entries[rule] = entry
        return cls(dict(sorted(entries.items())))

    def joined(self, own: Iterable[Rule]) -> Catalogue:
        """The same rules, and those of own policies after them, which another engine answers for.

        Args:
            own: Their ids begin with `own/`, as none of ours does.
        """
        known = {rule.id: rule for rule in own}
        joint = Catalogue(self._entries)
        joint._rules = known
        joint._meant = {rule.id: (rule.severity, rule.awaits_approval) for rule in known.values()}
        joint._by_kind = {
            kind: (*ours, *(rule.id for rule in known.values() if rule.kind is kind))
            for kind, ours in self._shipped.items()
        }
        return joint

    def __iter__(self) -> Iterator[str]:
        """All ids: ours sorted, then those of own policies."""
        yield from self._entries
        yield from (rule for rule in self._rules if rule not in self._entries)

    def __contains__(self, rule: str) -> bool:
        """Whether a rule of that id exists."""
        return rule in self._entries or rule in self._rules

    def rules_of(self, kind: SubjectKind) -> tuple[str, ...]:
        """The ids of the rules about one kind of subject, sorted."""
        return self._by_kind[kind]

    def rule(self, rule: str) -> Rule:
        """What a rule says of itself.

        Raises:
            PolicyError: There is no such rule, or its METADATA cannot be read.
        """
        known = self._rules.get(rule)
        if known is None:
            if rule not in self._entries:
                raise PolicyError(f"there is no rule {rule!r}", hint=self._near(rule))
            known = self._rules[rule] = _read(rule, self._entries[rule])
        return known

    def meant(self, rule: str) -> tuple[Severity, bool]:
        """How a rule is meant: its severity, and whether it only awaits approval.

        Asked of every rule of every release, so it is read from the lines of the METADATA, which are not parsed for it.
        """
        known = self._meant.get(rule)
        if known is None:
            entry = self._entries[rule]
            text, block = entry.module.text, _block(entry)
            severity = _SEVERITY.search(text, *block)
            if severity is None:
                raise _refused(entry.module, entry.start, f"the METADATA of {rule} has no `custom.severity`", _FORM)
            known = self._meant[rule] = (Severity(severity[1]), _AWAITS.search(text, *block) is not None)
        return known

    def _near(self, rule: str) -> str:
        from difflib import get_close_matches

        is_own = rule.startswith("own/")
        known = [one for one in self if one.startswith("own/") == is_own]
        if is_own and not known:
            return NO_OWN
        found = get_close_matches(rule, known, n=3, cutoff=0.5)
        return f"did you mean {', '.join(found)}?" if found else "`changegate rules` lists them"

    def decode(self, raw: Mapping[str, Any], subject: Subject) -> Decision:
        """Read an engine's answer, strictly: every rule of ours of the subject's kind, and no other.

        Raises:
            PolicyError: The answer is not what a decision has to be.
        """
        outcomes = raw.get("outcomes") if isinstance(raw, dict) else None
        wanted = self._shipped[subject.kind]
        if not isinstance(outcomes, dict):
            raise PolicyError("the decision has no outcomes", hint="main.rego has to answer `outcomes`")
        if outcomes.keys() != self._asked[subject.kind]:
            raise self._wrong_rules(set(wanted) - outcomes.keys(), outcomes.keys() - set(wanted))
        decoded = {
            rule: PASSED if outcomes[rule] == SAID_PASSED else self._outcome(rule, outcomes[rule]) for rule in wanted
        }
        tier, reasons = read_risk(raw.get("risk"))
        return Decision(subject, decoded, tier, reasons, read_required_approvals(raw.get("requiredApprovals")))

    def _wrong_rules(self, missing: set[str], extra: set[str]) -> PolicyError:
        if missing:
            rule = min(missing)
            entry = self._entries[rule]
            message = f"the rule {rule} has no outcome ({len(missing)} without one)"
            return _refused(entry.module, entry.start, message, "its chain needs a last `else := lib.failed(…)`")
        hint = "give it METADATA and a head of the form `outcome[…]`"
        return PolicyError(f"the outcome {min(extra)!r} is of no rule in the catalogue", hint=hint)

    def _outcome(self, rule: str, raw: Any) -> Outcome:
        outcome = outcome_of(raw)
        if outcome is not None:
            return outcome
        entry = self._entries[rule]
        shown = str(raw)[:120]
        raise _refused(
            entry.module, entry.start, f"the rule {rule} answered nonsense: {shown}", "use the words of lib.rego"
        )

    def check(self) -> None:
        """Parse all METADATA.

        Raises:
            PolicyError: A block is missing, not YAML, or lacks what a finding needs.
        """
        for rule in self._entries:
            self.rule(rule)


_About = tuple[SubjectKind, "KeyPath"]


def _about(modules: Iterable[Module]) -> dict[str, _About]:
    """What packages are about: what a package says of itself in one file counts in all its files."""
    found: dict[str, _About] = {}
    for module in modules:
        package = _PACKAGE.search(module.text)
        above = module.text[: package.start()] if package else ""
        if package and _METADATA in above:
            found.setdefault(package[1], (_subject(above, module), _home(above)))
    return found


def _scan(module: Module, about: Mapping[str, _About]) -> Iterator[tuple[str, _Entry]]:
    heads = list(_HEAD.finditer(module.text))
    if not heads:
        return
    found = _PACKAGE.search(module.text)
    package = found[1] if found else ""
    check = package.rpartition(".")[2]
    kind, home = about.get(package, (SubjectKind.RELEASE, _home("")))
    for head in heads:
        rule = head[1]
        if not _ID.fullmatch(rule) or rule.partition("/")[0] != check:
            raise _refused(module, head.start(), f"the rule id {rule!r} is malformed", f"write `{check}/<kebab-name>`")
        yield rule, _Entry(module, kind, home, head.start())


def _subject(head: str, module: Module) -> SubjectKind:
    match = re.search(r"^#\s+subject:\s*(\S+)\s*$", head, re.MULTILINE)
    try:
        return SubjectKind(match[1]) if match else SubjectKind.RELEASE
    except ValueError:
        hint = f"write one of {', '.join(SubjectKind)}"
        raise _refused(module, len(head), f"a package is about no {match[1] if match else ''!r}", hint) from None


def _home(head: str) -> KeyPath:
    match = re.search(r"^#\s+path:\s*\[([a-zA-Z, ]*)\]\s*$", head, re.MULTILINE)
    return tuple(part.strip() for part in match[1].split(",")) if match else ("metadata", "name")


def _read(rule: str, entry: _Entry) -> Rule:
    """Parse the METADATA above a rule's head."""
    from changegate.manifest.libyaml import yaml

    text = entry.module.text
    lines = text[slice(*_block(entry))].splitlines()
    if not any(line.strip() for line in lines):
        raise _refused(
            entry.module, entry.start, f"the rule {rule} has no METADATA", "put a METADATA block above its head"
        )
    try:
        metadata = yaml.load("\n".join(line[2:] for line in lines), yaml.CSafeLoader)
    except yaml.YAMLError:
        raise _refused(
            entry.module, entry.start, f"the METADATA of {rule} is not YAML", "quote texts with `: `"
        ) from None
    problem = _problem(metadata)
    if problem:
        raise _refused(entry.module, entry.start, f"the METADATA of {rule} {problem}", _FORM)
    line = text.count("\n", 0, entry.start) + 1
    return Rule(rule, entry.kind, entry.module.name, line, entry.home, metadata)


def _block(entry: _Entry) -> tuple[int, int]:
    """Where the METADATA above a rule's head begins and ends, without its first line; empty where there is none."""
    text, end = entry.module.text, entry.start
    start = text.rfind(_METADATA, 0, end)
    start = end if start < 0 else start + len(_METADATA)
    return (start, end) if _COMMENTS.fullmatch(text, start, end) else (end, end)


def _problem(metadata: Any) -> str:
    if not isinstance(metadata, dict) or not isinstance(metadata.get("title"), str):
        return "has no title"
    custom = metadata.get("custom")
    if not isinstance(custom, dict):
        return "has no `custom`"
    missing = [key for key in ("severity", "message", "remediation") if not isinstance(custom.get(key), str)]
    if missing:
        return f"has no `custom.{missing[0]}`"
    return "" if custom["severity"] in {"error", "warning"} else "has a severity that is neither error nor warning"


def _refused(module: Module, offset: int, message: str, hint: str) -> PolicyError:
    return PolicyError(message, hint=hint, file=module.name, line=module.text.count("\n", 0, offset) + 1)
