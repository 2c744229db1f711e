"""What a change is: which releases it touches, where they come from, what they depend on, what it hides.

What is found is collected like all evidence: a section is one module here and one line in a registry.
"""

from __future__ import annotations

RELEASE = {"lineage": "changegate.change.lineage"}
"""Section of a release's facts -> the module whose `collect` makes it. What it says is there is `input.previous`."""

RETIREMENT = {"retirement": "changegate.change.retirement"}
"""The same for a retirement."""

CHANGE_SET = {
    "manifest": "changegate.change.troubles",
    "control": "changegate.change.control_files",
    "owners": "changegate.change.owned",
    "dependencies": "changegate.change.dependencies",
    "approvals": "changegate.change.approvals",
}
"""Section of the change set's input document -> the module whose `collect` makes it."""
