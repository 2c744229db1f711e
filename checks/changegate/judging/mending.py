"""Says of findings which values would mend them, as `changegate fix` writes them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from changegate.names import Status
from changegate.verdict import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.judging.findings import ManifestSide
    from changegate.mend.known_files import KnownFiles
    from changegate.verdict import Finding
    from changegate.workspace.tree import Tree

_LARGEST = 4 * 1024 * 1024
_LARGEST_FORM = 256 * 1024
_MOST_FORMS = 60
"""Faults of form that are tried in one run: each is held against the whole schema several times."""


class Mending:
    """Finds out for the findings of one subject what would mend them."""

    def __init__(
        self,
        asked: Mapping[str, Any],
        manifest: ManifestSide | None,
        trees: tuple[Tree, Tree | None],
        files: KnownFiles,
    ) -> None:
        """Take what is known of the subject.

        Args:
            asked: Its input document.
            manifest: Its manifest at the head, where it is a release.
            trees: The one that is judged, and the one that it lands on.
            files: The files of the first; one for all subjects of a run.
        """
        self._asked = asked
        self._manifest = manifest
        self._head, self._base = trees
        self._files = files
        self._forms: dict[str, dict[tuple[int, int], Edit]] = {}
        self._tried = 0

    def mended(self, findings: Iterable[Finding], target: str) -> Iterator[Finding]:
        """Give findings their edits.

        Args:
            findings: As they were made.
            target: The version to go back to, where it is known.
        """
        for finding in findings:
            edits = self._edits(finding, target) if finding.status is Status.FAILED else ()
            yield _told(finding._replace(edits=edits)) if edits else finding

    def _edits(self, finding: Finding, target: str) -> tuple[Edit, ...]:
        from changegate.mend.edits import edited
        from changegate.mend.fixes import FIXES, FORMS
        from changegate.mend.known_files import is_hidden

        if finding.rule in FORMS:
            edits = self._form(finding)
        elif finding.rule in FIXES and self._manifest is not None and self._manifest.revision == "head":
            edits = self._known(finding, self._manifest, target)
        else:
            return ()
        if not edits or is_hidden(edits[0].file):
            return ()
        data = self._head.read(edits[0].file, _LARGEST).data
        return edits if data is not None and edited(data, edits, edits[0].file) is not None else ()

    def _known(self, finding: Finding, manifest: ManifestSide, target: str) -> tuple[Edit, ...]:
        from changegate.mend.fixes import FIXES, Asked

        document = manifest.document
        if finding.location.file != document.file:
            path = _place_of(document.value, finding.location.file)
        else:
            path = finding.location.path
        asked = Asked(
            file=document.file,
            path=path,
            details=finding.details,
            release=document.value,
            previous=self._asked["previous"].get("release") or {},
            facts=self._asked["facts"],
            rollback_target=target,
            head=self._head,
            base=self._base,
            files=self._files,
        )
        made = (Edit(document.file, document.index, *one) for one in FIXES[finding.rule](asked))
        return tuple(one for one in made if asked.at(one.path) != one.value)

    def _form(self, finding: Finding) -> tuple[Edit, ...]:
        from changegate.mend.forms import form_edits

        file, line, column = finding.location.file, finding.location.line, finding.location.column
        if file not in self._forms and self._tried < _MOST_FORMS:
            data = self._head.read(file, _LARGEST_FORM).data
            tried = form_edits(data, file, _MOST_FORMS - self._tried) if data is not None else ((), 0)
            self._forms[file], self._tried = dict(tried[0]), self._tried + tried[1]
        edit = self._forms.get(file, {}).get((line or 0, column or 1))
        return () if edit is None else (edit,)


def _told(finding: Finding) -> Finding:
    """Say in the remedy what writes it, so that every report says so."""
    command = " ".join(("changegate fix", *(f"--accept {shlex.quote(one)}" for one in finding.accepts)))
    once = ", once somebody has looked at it" if finding.accepts else ""
    return finding._replace(remediation=f"{finding.remediation} `{command}` writes it{once}.")


def _place_of(value: Any, file: str) -> tuple[str | int, ...]:
    """Where a manifest names a file whose content a finding is about; the root where it does not."""
    return next(_places(value, file, ()), ())


def _places(value: Any, file: str, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        if value.get("path") == file:
            yield (*path, "path")
        for key, one in value.items():
            yield from _places(one, file, (*path, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _places(one, file, (*path, index))
