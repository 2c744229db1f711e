package changegate.checks.lineage

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A new name for an old release says so
# description: |
#   Without `replaces` a release under a new name is compared with nothing, so that it may be worse and promise less. The
#   demand begins at the tier of either: of the new release, or of the one that it looks like.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The release is new, and looks like {identity}: it has {shares}. It is compared with nothing, and that is not approved by the role {role}."
#   remediation: "If it is the same model under a new name, write the old name under `metadata`, as `replaces`, and delete the old manifest. Else ask one of these to review the change: {candidates}."
#   settings: [lineage.renameFrom, lineage.renameRole]
#   optional: [input.evidence.approvals, input.facts.approvals, input.facts.lineage.resembles, input.settings.lineage.renameRole]
#   references: ["SR 26-2: model inventory", "docs/manifest.md"]
#   example:
#     bad: "metadata: {name: fraud-scorer}  # in the file in which fraud-detector was"
#     good: "metadata: {name: fraud-scorer, replaces: fraud-detector}"
outcome["lineage/rename-undeclared"] := lib.passed if {
	input.settings.lineage.renameFrom in lib.tiers
	input.facts.lineage.checked == true
	input.facts.lineage.resembles == []
}

else := lib.not_applicable(lib.low_tier) if {
	count(input.facts.lineage.resembles) > 0
	every index, _ in input.facts.lineage.resembles { index in of_low_tier }
}

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.passed if {
	input.settings.lineage.renameFrom in lib.tiers
	input.facts.lineage.checked == true
	input.evidence.approvals.status == "present"
	count(input.facts.lineage.resembles) > 0
	count(input.facts.approvals.roles[input.settings.lineage.renameRole].approvedBy) > 0
}

else := {"outcome": "failed", "violations": unnamed} if count(unnamed) > 0

else := lib.failed(name_path, {})

name_path := ["metadata", "name"]

of_low_tier contains index if {
	some index, one in input.facts.lineage.resembles
	input.settings.lineage.renameFrom in risk.beyond
	input.settings.lineage.renameFrom in object.get(risk.above, one.tier, set())
}

unnamed contains violation if {
	some index, one in input.facts.lineage.resembles
	not index in of_low_tier
	details := {
		"identity": one.identity,
		"shares": one.shares,
		"role": input.settings.lineage.renameRole,
		"candidates": object.get(input.facts.approvals.roles, [input.settings.lineage.renameRole, "candidates"], []),
	}
	violation := lib.beside(lib.finding(name_path, details), object.get(one, "related", []))
}
