# METADATA
# title: Risk
# description: What is claimed about risk, whether the facts bear it out, and what the model is for.
# custom:
#   subject: release
#   path: [spec, risk]
package changegate.checks.risk

import data.changegate.risk

tier_path := ["spec", "risk", "tier"]

use_path := ["spec", "intendedUse"]

# METADATA
# description: Who has to approve a claim about risk that falls, beside whom the tier asks for.
required := [{"role": role, "count": 1, "approvedBy": approved, "candidates": candidates} |
	count(input.facts.lineage.fallen) > 0
	not input.settings.risk.loweredFrom in risk.beyond
	role := input.settings.risk.loweredRole
	approved := object.get(input.facts.approvals.roles, [role, "approvedBy"], [])
	candidates := object.get(input.facts.approvals.roles, [role, "candidates"], [])
]
