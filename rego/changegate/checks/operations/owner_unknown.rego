package changegate.checks.operations

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The owner is a known team
# description: A model without an owner is mended by nobody, and approved by nobody who answers for it. Teams are read at the base, so that a change cannot make up its own owner.
# custom:
#   severity: error
#   message: "The release has no known owner: {reason}."
#   remediation: "Write a team of .changegate/teams.yaml as `owner`. A new team is added in a pull request before this one."
#   settings: [operations.ownerFrom]
#   optional: [input.settings.operations.ownerFrom]
#   references: ["SR 26-2: every model in the inventory has an owner", "ISO/IEC 42001:2023, A.3.2: roles and responsibilities"]
#   example:
#     bad: "owner: some-team"
#     good: "owner: payments-ml"
outcome["operations/owner-unknown"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.ownerFrom in risk.beyond
}

else := lib.unknown(input.evidence.operations.owner.reason) if input.evidence.operations.owner.status == "unavailable"

else := lib.passed if input.evidence.operations.owner.status == "present"

else := result if {
	teams := {"message": "the teams and roles", "at": {"file": ".changegate/teams.yaml", "revision": "base", "path": []}}
	violation := lib.finding(["metadata", "owner"], {"reason": input.evidence.operations.owner.reason})
	result := {"outcome": "failed", "violations": {lib.beside(violation, [teams])}}
}

else := lib.failed(["metadata", "owner"], {})
