"""Keeps the record of a decision in a folder, with a statement on it beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.report import ReportOptions, load_reporter
from changegate.report.write import write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from changegate.verdict import Verdict

KEY = "CHANGEGATE_RECORD_KEY"
"""The variable that names the file of the private key; no option, so that it stands where secrets stand."""
RECORD, STATEMENT = ".record.json", ".intoto.json"


def keep_record(verdict: Verdict, folder: Path, environ: Mapping[str, str], root: Path | None) -> None:
    """Write the record and the statement; a second decision on the same tree goes beside the first.

    Args:
        verdict: What was decided.
        folder: Where records are kept; it is made.
        environ: Where the key is named.
        root: The checkout, in which no part of the folder may be a link; None where there is none.

    Raises:
        ConfigurationError: The key cannot be used.
        UsageError: The key lies in the checkout.
        ReportError: It may not or cannot be written there.
    """
    from changegate.audit.statement import signed_statement, statement_of

    record = load_reporter("record").render(verdict, ReportOptions()).encode("utf-8", "backslashreplace")
    statement = statement_of(verdict, record)
    if environ.get(KEY):
        statement = signed_statement(statement, _key(environ[KEY], root))
    name = _name(verdict)
    write_atomic(folder / f"{name}{RECORD}", record, root=root)
    write_atomic(folder / f"{name}{STATEMENT}", statement + b"\n", root=root)


def _name(verdict: Verdict) -> str:
    """By tree and time, so that nothing that was decided is written over; in folders that stay small."""
    tree = verdict.context.head_tree or "no-tree"
    return f"{tree[:2]}/{tree}-{verdict.context.now}-{verdict.gate.value}"


def _key(named: str, root: Path | None) -> Any:
    from pathlib import Path

    from changegate.files import outside
    from changegate.signing.dsse import load_private_key

    return load_private_key(outside(Path(named), root))
