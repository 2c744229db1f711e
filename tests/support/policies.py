"""Small bundles of policies: a decision with one check, `own`, that a test fills."""

from __future__ import annotations

from changegate.rego.bundle import Bundle, Module

MAIN_FILE, OWN_FILE = "changegate/main.rego", "changegate/checks/own/own.rego"

MAIN = """\
package changegate.main

decision := {
	"outcomes": outcomes,
	"risk": {"tier": "low", "reasons": []},
	"requiredApprovals": [],
}

outcomes[id] := outcome if {
	input.subject.kind == "release"
	some id, outcome in data.changegate.checks.own.outcome
}
"""

PACKAGE = """\
# METADATA
# title: A check of one's own
# custom:
#   subject: release
#   path: [spec, version]
package changegate.checks.own
"""

METADATA = """\
# METADATA
# title: It holds
# custom:
#   severity: error
#   message: "{what} does not hold."
#   remediation: Write it.
"""

HOLDS = """\
outcome["own/holds"] := {"outcome": "passed"} if input.release

else := {"outcome": "failed", "violations": violations}

violations := [{"path": ["spec"], "details": {}}]
"""


def bundle(own: str = f"{METADATA}{HOLDS}", *more: Module, package: str = PACKAGE, main: str = MAIN) -> Bundle:
    """A bundle that answers a decision, with these rules in its one check."""
    return Bundle((Module(OWN_FILE, f"{package}\n{own}"), Module(MAIN_FILE, main), *more))


def line_of(text: str, part: str) -> int:
    """The 1-based line of a text that has a part; the only one."""
    (line,) = (number for number, row in enumerate(text.split("\n"), 1) if part in row)
    return line
