"""From a settled outcome to a finding: the rule's words filled in, and the place resolved to line and column.

Places are resolved here and only here, for findings only: positions cost a second pass over a file.
"""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from changegate.diff.keys import counterpart, indexed
from changegate.names import AROUND, Effect, Location, Severity, Status
from changegate.records import NamedTuple
from changegate.resources import DOCS
from changegate.tokens import masked_lines
from changegate.verdict import Finding, RelatedLocation, Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from changegate.manifest import Document
    from changegate.names import KeyPath
    from changegate.policy.catalogue import Catalogue
    from changegate.verdict import RelatedPlace, Settled, Subject
    from changegate.workspace.tree import Tree

_SHOWN = {Effect.BLOCKS, Effect.ADVISES, Effect.WAIVED, Effect.PREEXISTING}
_LONGEST, _LONGEST_OWN = 300, 2000
"""Characters of one detail in a message. Of conftest's rules all of the message is one detail."""
_WIDEST = 400
_READ_LIMIT = 4 * 1024 * 1024


class ManifestSide(NamedTuple):
    """A manifest that paths lead into, and where it was read."""

    document: Document
    revision: str = "head"
    """`head`, `base` or a commit's id."""


class Locator:
    """Finds lines and columns in files of the head, the base and earlier commits; reads and parses each file once."""

    def __init__(
        self, head: Tree, base: Tree | None, earlier: Callable[[str], Tree | None] = lambda _commit: None
    ) -> None:
        """Take the two trees.

        Args:
            head: The tree that is judged.
            base: The tree that it lands on, or None.
            earlier: Opens the tree of another commit, by its id.
        """
        self._trees = {"head": head, "base": base}
        self._earlier = earlier
        self._documents: dict[tuple[str, str], tuple[Document, ...]] = {}
        self._lines: dict[tuple[str, str], list[str]] = {}

    def in_document(self, document: Document, path: KeyPath, revision: str = "head") -> Location:
        """Locate a path in a document that is already loaded; a missing node is at its nearest existing parent."""
        position = document.locate(path)
        lines = document.lines
        source, around = _line(lines, position.line), _around(lines, position.line)
        at = position.line, position.column, position.end_column
        return Location(document.file, *at, path, revision, source, around)

    def at(self, place: dict[str, Any], *, by_name: bool = False) -> Location:
        """Locate `{file, revision, path}`, or `{file, revision, line, column}`, in any file.

        Args:
            place: The place.
            by_name: Whether a text where the file has a list names the item of that `name`.
        """
        file, revision = place["file"], place.get("revision", "head")
        path = tuple(place.get("path", ()))
        if "line" in place:
            lines, line = self._text(file, revision), place["line"]
            at = line, place.get("column"), place.get("endColumn")
            return Location(file, *at, path, revision, _line(lines, line), _around(lines, line))
        documents = self._parsed(file, revision) if "path" in place else ()
        if not documents:
            return Location(file, None, None, None, path, revision)
        document = documents[min(place.get("document", 0), len(documents) - 1)]
        return self.in_document(document, indexed(path, document.value) if by_name else path, revision)

    def has(self, place: Mapping[str, Any]) -> bool:
        """Whether there is such a file, with such a line: a policy of somebody's may name anything."""
        file, revision = place["file"], place.get("revision", "head")
        if "line" in place:
            return bool(place["line"] <= len(self._text(file, revision)))
        tree = self._tree(revision)
        return tree is not None and tree.read(file, 0).problem in {"", "too-large"}

    def manifest(self, stated: Mapping[str, Any]) -> ManifestSide | None:
        """Find a release's document again, as `input.previous` states it; None where there is none."""
        if "release" not in stated:
            return None
        base = self._trees["base"]
        revision = "base" if base is not None and base.revision == stated["revision"] else stated["revision"]
        documents = self._parsed(stated["file"], revision)
        return next((ManifestSide(one, revision) for one in documents if one.value == stated["release"]), None)

    def _tree(self, revision: str) -> Tree | None:
        if revision not in self._trees:
            self._trees[revision] = self._earlier(revision)
        return self._trees[revision]

    def _data(self, file: str, revision: str) -> bytes:
        tree = self._tree(revision)
        content = tree.read(file, _READ_LIMIT) if tree is not None else None
        return (content.data if content is not None else None) or b""

    def _text(self, file: str, revision: str) -> list[str]:
        key = (file, revision)
        if key not in self._lines:
            self._lines[key] = masked_lines(self._data(file, revision).decode("utf-8", "replace").splitlines())
        return self._lines[key]

    def _parsed(self, file: str, revision: str) -> tuple[Document, ...]:
        from changegate.manifest import parse

        key = (file, revision)
        if key not in self._documents:
            self._documents[key] = parse(self._data(file, revision), file).documents
        return self._documents[key]


def _line(lines: list[str], number: int) -> str | None:
    return lines[number - 1] if 0 < number <= len(lines) else None


def _around(lines: list[str], number: int) -> tuple[str, ...]:
    """The lines about one, for an excerpt; of a line that is too long what anybody would read."""
    if not 0 < number <= len(lines):
        return ()
    return tuple(line[:_WIDEST] for line in lines[max(0, number - 1 - AROUND) : number + AROUND])


class Finder:
    """Makes the findings of one subject."""

    def __init__(
        self,
        subject: Subject,
        catalogue: Catalogue,
        locator: Locator,
        manifest: ManifestSide | None = None,
        previous: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """Take what all its findings share.

        Args:
            subject: Whose outcomes they are.
            catalogue: Where the words come from.
            locator: Resolves places.
            manifest: The manifest that paths lead into, or None for the change set.
            previous: The previous release, as `input.previous` states it; its file is opened when a finding needs it.
        """
        self._subject = subject
        self._catalogue = catalogue
        self._locator = locator
        self._manifest = manifest
        self._previous = previous

    @cached_property
    def _before(self) -> ManifestSide | None:
        return self._locator.manifest(self._previous)

    def findings(self, settled: Iterable[Settled]) -> tuple[Finding, ...]:
        """Make the findings, in a stable order: by file, line, column, rule.

        Args:
            settled: The outcomes with their effects.
        """
        followed = [item for item in settled if item.effect is not Effect.NONE]
        shown = (item for item in followed if item.effect in _SHOWN or self._is_silenced(item))
        made = [one for item in shown for one in self._of(item)]
        return tuple(_told_apart(sorted(made, key=_order)))

    def _is_silenced(self, item: Settled) -> bool:
        """Whether a rule that is meant to close the gate is switched off: nobody may have to look for that."""
        return item.effect is Effect.OFF and self._catalogue.meant(item.rule)[0] is Severity.ERROR

    def _of(self, item: Settled) -> Iterator[Finding]:
        for violation in item.outcome.violations or (Violation(self._catalogue.rule(item.rule).home),):
            yield self._finding(item, violation, self._locate(self._sound(item, violation)))

    def _sound(self, item: Settled, violation: Violation) -> Violation:
        """A violation whose place is there: of an own rule that names another, it stands where the rule is at home."""
        rule = self._catalogue.rule(item.rule)
        if violation.at is None or not rule.is_own or self._locator.has(violation.at):
            return violation
        return violation._replace(at=None, path=rule.home)

    def _locate(self, violation: Violation) -> Location:
        if violation.at is not None:
            return self._locator.at(dict(violation.at))
        if self._manifest is not None:
            return self._locator.in_document(self._manifest.document, violation.path, self._manifest.revision)
        return Location(self._subject.file)

    def _related(self, violation: Violation, own: Location) -> tuple[RelatedLocation, ...]:
        """The places beside a finding's own, each once; what is not there is left out."""
        found = ((self._locate_related(one), one.message) for one in violation.related)
        return tuple(
            dict.fromkeys(RelatedLocation(place, said) for place, said in found if place is not None and place != own)
        )

    def _locate_related(self, place: RelatedPlace) -> Location | None:
        if place.at is not None:
            return self._locator.at(dict(place.at), by_name=True) if self._locator.has(place.at) else None
        side, path = self._before if place.previous else self._manifest, place.path
        if side is None:
            return None
        now = self._manifest.document.value if self._manifest is not None else None
        path = counterpart(path, now, side.document.value) if place.previous else indexed(path, now)
        return self._locator.in_document(side.document, path, side.revision)

    @cached_property
    def rollback_target(self) -> str:
        """The version to go back to; empty where nobody can tell."""
        release = self._previous.get("release")
        now = self._manifest.document.value if self._manifest is not None else None
        return _rollback_target(release, now) if release else ""

    @cached_property
    def _known(self) -> Mapping[str, Any]:
        """What the words of every rule may name beside its details; a test holds `NAMES` against it."""
        identity, target = self._subject.identity, self.rollback_target
        known = {"docs": DOCS, "beside": self._subject.file[: self._subject.file.rfind("/") + 1]}
        known |= {"model": identity.name} if identity is not None else {}
        return {**known, "rollbackTarget": target} if target else known

    def _finding(self, item: Settled, violation: Violation, location: Location) -> Finding:
        from changegate.policy.template import fill

        rule = self._catalogue.rule(item.rule)
        failed = item.outcome.status is Status.FAILED
        longest = _LONGEST_OWN if rule.is_own else _LONGEST
        unknown = f"could not be told: {item.outcome.reason}"
        values = {**self._known, **violation.details, "path": ".".join(map(str, location.path))}
        said = fill(rule.message, values, longest=longest) or f"This does not hold: {rule.title}."
        remedy = fill(rule.remediation, values) or f"`changegate explain {rule.id}` says what is asked for."
        return Finding(
            rule=item.rule,
            status=item.outcome.status,
            effect=item.effect,
            severity=item.severity,
            subject=self._subject,
            title=rule.title,
            message=said if failed else unknown,
            remediation=remedy if failed else "",
            location=location,
            references=rule.references,
            description=rule.description,
            details=violation.details,
            awaits_approval=item.awaits_approval,
            note=item.note,
            related=self._related(violation, location),
        )


NAMES = frozenset({"path", "docs", "beside", "model", "rollbackTarget"})
"""What the words of a rule may name beside its details: the finding's path, where the documentation is, the manifest's
folder (with a slash, or empty), the model's name, and the version to go back to, where one is known."""


def _rollback_target(previous: Mapping[str, Any], now: Any) -> str:
    """The version that `rollout/rollback-target-not-previous` asks for; empty where nobody can tell."""
    before, stated = previous["spec"], now["spec"]["version"] if now else ""
    if before["version"] != stated:
        return str(before["version"])
    target = before.get("rollout", {}).get("rollback", {}).get("to", "")
    return "" if target == stated else str(target)


def _told_apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Number those that are equal but for their lines: the same unknown field in two places, and the like."""
    seen: dict[str, int] = {}
    for finding in findings:
        number = seen[finding.fingerprint] = seen.get(finding.fingerprint, -1) + 1
        yield finding._replace(ordinal=number) if number else finding


def _order(finding: Finding) -> tuple[Any, ...]:
    place = finding.location
    return (place.file, place.line or 0, place.column or 0, finding.rule, str(place.path), str(finding.details))
