"""The record of a decision: the whole verdict, and the texts of the policies that came to it.

`changegate replay` decides again from it alone, years later, whatever policies that changegate ships. Described by
`schemas/record.schema.json`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.escape import json_text
from changegate.report.parts import by_key, in_order, items, members
from changegate.report.verdict_json import verdict_text

if TYPE_CHECKING:
    from changegate.rego.bundle import Bundle
    from changegate.report.reporter import ReportOptions
    from changegate.verdict import Verdict

SCHEMA = "https://changegate.dev/schemas/record.schema.json"
SCHEMA_VERSION = 1
"""Raised when a reader of the present version could misread the next."""


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the record as one JSON object, a line for each policy; options change nothing."""
    del options
    about = [("$schema", in_order(SCHEMA)), ("schemaVersion", in_order(SCHEMA_VERSION)), ("kind", '"Record"')]
    return members([*about, ("verdict", verdict_text(verdict)), ("policies", _policies(verdict))], between=",\n") + "\n"


def _policies(verdict: Verdict) -> str:
    if verdict.policies is None:
        return "null"
    own = verdict.policies.own
    both = (("ours", _bundle(verdict.policies.ours)), ("own", "null" if own is None else _bundle(own)))
    return json_text(members(both, between=",\n"))


def _bundle(bundle: Bundle) -> str:
    modules = (in_order({"name": one.name, "text": one.text}) for one in bundle.modules)
    return members([
        ("digest", in_order(bundle.digest)),
        ("data", by_key(bundle.data)),
        ("modules", items(modules, between=",\n ")),
    ])  # fmt: skip
