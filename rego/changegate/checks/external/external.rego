# METADATA
# title: External models
# description: |
#   A model that somebody else trained has no training run here. What stands in for it: who published it, under which licence,
#   which version of it was obtained, and who looked at it.
# custom:
#   subject: release
#   path: [spec, provenance, external]
package changegate.checks.external

import data.changegate.risk

block_path := ["spec", "provenance", "external"]

none_taken := "the release takes over no model of somebody else's"

# METADATA
# description: Who has to approve that a model is taken over, beside whom the tier asks for.
required := [{"role": role, "count": 1, "approvedBy": approved, "candidates": candidates} |
	input.facts.external.status == "stated"
	not input.settings.external.externalFrom in risk.beyond
	not as_before
	role := input.settings.external.externalRole
	approved := object.get(input.facts.approvals.roles, [role, "approvedBy"], [])
	candidates := object.get(input.facts.approvals.roles, [role, "candidates"], [])
]

# METADATA
# description: Whether it is the same model, obtained in the same way, as the previous release had.
as_before if {
	input.previous.status == "present"
	input.previous.release.spec.provenance.external == input.release.spec.provenance.external
	input.previous.release.spec.artifacts == input.release.spec.artifacts
}
