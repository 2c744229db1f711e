# METADATA
# title: Lineage
# description: What a release follows on. Under a new name, or by a return that is none, a release would be compared with nothing.
# custom:
#   subject: release
#   path: [metadata, name]
package changegate.checks.lineage

import data.changegate.risk

version_path := ["spec", "version"]

# METADATA
# description: Who has to approve what is declared no more, beside whom the tier asks for.
required := [{"role": role, "count": 1, "approvedBy": approved, "candidates": candidates} |
	count(missed) > 0
	not input.settings.lineage.droppedFrom in risk.beyond
	role := input.settings.lineage.droppedRole
	approved := object.get(input.facts.approvals.roles, [role, "approvedBy"], [])
	candidates := object.get(input.facts.approvals.roles, [role, "candidates"], [])
]
