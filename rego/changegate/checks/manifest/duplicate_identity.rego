package changegate.checks.manifest

import data.changegate.lib

# METADATA
# title: An identity is used once
# description: Two releases of one identity would each claim to be what runs.
# custom:
#   severity: error
#   message: "Another release has the identity {identity} too: {others}."
#   remediation: "Give one of them another name, environment or variant; or delete it."
#   settings: []
#   references: ["docs/manifest.md"]
#   example:
#     bad: 'metadata: {name: fraud-detector, owner: payments-ml}  # in two files'
#     good: 'metadata: {name: fraud-detector, variant: challenger, owner: payments-ml}  # in the second'
outcome["manifest/duplicate-identity"] := result if result := empty(input.facts.manifest.duplicates, duplicates)

else := lib.failed_at({"file": ".changegate"}, {})

duplicates contains violation if {
	some one in input.facts.manifest.duplicates
	details := {"identity": one.identity, "others": one.others}
	violation := lib.beside(lib.finding_at(one.at, details), object.get(one, "related", []))
}
