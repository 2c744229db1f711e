"""Keeps the record of a decision in a folder or in a ref of the repository, with a statement on it beside."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple
from changegate.report import ReportOptions, load_reporter
from changegate.report.write import write_atomic

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from changegate.verdict import Verdict
    from changegate.workspace.git import Git

KEY = "CHANGEGATE_RECORD_KEY"
"""The variable that names the file of the private key; no option, so that it stands where secrets stand."""
RECORD, STATEMENT = ".record.json", ".intoto.json"


PARTS = ("all", "statement")
"""What is kept: the record and the statement, or the statement alone, which names no person but those of waivers."""


class Keeping(NamedTuple):
    """Where a record is kept, and what of it."""

    place: Path
    """A folder, or a ref."""
    root: Path | None
    """The checkout, in which no part of the folder may be a link; None where there is none."""
    parts: str = "all"
    """One of `PARTS`."""
    git: Callable[[], Git] | None = None
    """Opens the repository; for a ref."""


def keep_record(verdict: Verdict, keeping: Keeping, environ: Mapping[str, str]) -> None:
    """Write the record and the statement; a second decision on the same tree goes beside the first.

    Args:
        verdict: What was decided.
        keeping: Where they go.
        environ: Where the key is named.

    Raises:
        ConfigurationError: The key cannot be used.
        UsageError: The key lies in the checkout, or records are not kept in such a ref.
        ReportError: It may not or cannot be written there.
        GitError: The ref cannot be written.
    """
    from changegate.audit.records_ref import append_records, ref_named
    from changegate.audit.statement import signed_statement, statement_of

    record = load_reporter("record").render(verdict, ReportOptions()).encode("utf-8", "backslashreplace")
    statement = statement_of(verdict, record)
    if environ.get(KEY):
        statement = signed_statement(statement, _key(environ[KEY], keeping.root))
    name = _name(verdict, record)
    files = {f"{name}{RECORD}": record} if keeping.parts == "all" else {}
    files[f"{name}{STATEMENT}"] = statement + b"\n"
    ref = ref_named(keeping.place)
    if ref and keeping.git is not None:
        about = f"{verdict.gate.value}: {verdict.context.head_tree or 'no tree'}"
        append_records(keeping.git(), ref, files, about=about, now=verdict.context.now)
        return
    for path, data in files.items():
        write_atomic(keeping.place / path, data, root=keeping.root)


def _name(verdict: Verdict, record: bytes) -> str:
    """By tree, time and content, so that nothing that was decided is written over; in folders that stay small."""
    tree = verdict.context.head_tree or "no-tree"
    return f"{tree[:2]}/{tree}-{verdict.context.now}-{verdict.gate.value}-{hashlib.sha256(record).hexdigest()[:8]}"


def _key(named: str, root: Path | None) -> Any:
    from pathlib import Path

    from changegate.files import outside
    from changegate.signing.dsse import load_private_key

    return load_private_key(outside(Path(named), root))
