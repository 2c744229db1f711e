"""Reads the record of a decision: what was asked and answered, and the policies that did it.

What is read is somebody's data, and maybe an older version's: what a record has to have is asked for, and what it has
beyond that is not looked at. A record of which a part is not what its digest says, or whose policies are not those
that its verdict names, is refused.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.errors import ReportError
from changegate.records import NamedTuple
from changegate.rego.bundle import Bundle, Module, shipped
from changegate.report.json_reader import read_report
from changegate.verdict import DecidingPolicies

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from changegate.report.json_reader import Recorded

LARGEST_RECORD = 512 * 2**20
"""Bytes of a record; one of ten thousand releases has a quarter of that."""
_HINT = "give it what `changegate check -o record=FILE` wrote, unchanged"
_KEEP = "keep records instead, which hold the policies: `changegate check -o record=FILE`"


class Record(NamedTuple):
    """A decision, with all that it was come to by."""

    verdict: Recorded
    policies: DecidingPolicies | None
    """None where nothing could be asked."""


def load_record(path: Path) -> Record:
    """Read a record, or the JSON report of a verdict.

    Args:
        path: The file.

    Raises:
        ReportError: It cannot be read, is no record, was changed, or lacks the policies that decided.
    """
    try:
        if path.stat().st_size > LARGEST_RECORD:
            raise ReportError(f"the record is larger than {LARGEST_RECORD} bytes", hint=_HINT, file=str(path))
        data = path.read_bytes()
    except OSError as error:
        hint = "name a file that `changegate check -o record=FILE` wrote"
        raise ReportError(f"the record cannot be read: {error.strerror}", hint=hint, file=str(path)) from error
    return parse_record(data, str(path))


def parse_record(data: bytes, name: str) -> Record:
    """Read the bytes of a record, or of the JSON report of a verdict.

    Args:
        data: All of it.
        name: What it is called in a message.

    Raises:
        ReportError: It is no record, was changed, or lacks the policies that decided.
    """
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ReportError(f"the record is no JSON: {error}", hint=_HINT, file=name) from None
    try:
        return read_record(raw)
    except ReportError as error:
        raise ReportError(error.message, hint=error.hint, file=name) from None


def read_record(raw: Any) -> Record:
    """Read a parsed record, or a parsed JSON report.

    Raises:
        ReportError: It is no record, was changed, or lacks the policies that decided.
    """
    if not isinstance(raw, dict) or raw.get("kind") != "Record":
        return _of_report(read_report(raw))
    if type(raw.get("schemaVersion")) is not int or raw["schemaVersion"] != 1:
        raise ReportError("this is no record of a version that is known (1)", hint=_HINT)
    try:
        verdict, policies = read_report(raw["verdict"]), _policies(raw["policies"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"this is no record: {type(error).__name__}: {error}", hint=_HINT) from None
    if policies is not None:
        _check_named(verdict, policies)
    return Record(verdict, policies)


def _policies(raw: Any) -> DecidingPolicies | None:
    if raw is None:
        return None
    return DecidingPolicies(_bundle(raw["ours"]), None if raw["own"] is None else _bundle(raw["own"]))


def _bundle(raw: Mapping[str, Any]) -> Bundle:
    read = Bundle(tuple(Module(str(one["name"]), str(one["text"])) for one in raw["modules"]), dict(raw["data"]))
    if read.digest != raw["digest"]:
        raise ReportError("the policies in the record were changed", hint=_HINT)
    return shipped() if read.digest == shipped().digest else read


def _check_named(verdict: Recorded, found: DecidingPolicies) -> None:
    """Refuse policies that are others than those which the verdict says it was come to by."""
    named = verdict.context["policyDigest"]
    if named and named != found.digest:
        raise ReportError("the policies in the record are not those that its verdict names", hint=_HINT)


def _of_report(verdict: Recorded) -> Record:
    """A verdict alone: only the policies that this changegate ships can be those that it names."""
    asked = any(one.questions for one in verdict.subjects)
    if not asked:
        return Record(verdict, None)
    if verdict.context["policyDigest"] != shipped().digest:
        version = verdict.context["toolVersion"]
        message = (
            f"this verdict of changegate {version} names policies that are neither in it nor shipped with this one"
        )
        raise ReportError(message, hint=_KEEP)
    return Record(verdict, DecidingPolicies(shipped()))
