package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: What is deployed is there
# description: |
#   `serving.deploys` names the resources that the cluster applies, by file, kind and name. One that is not in that file is not
#   what runs. Of files that are templates, or that name other files, nobody can tell: see claims/deployment-unread.
# custom:
#   severity: error
#   message: "The {kind} {name} is not there: {reason}."
#   remediation: "Write the `path`, `kind` and `name` of a resource that is in this repository, or take the entry out of `serving.deploys`."
#   settings: [claims.contradictionsFrom]
#   optional: [input.settings.claims, input.facts.claims.deployments.place, input.facts.claims.deployments.reason, input.facts.claims.deployments.kind, input.facts.claims.deployments.name]
#   references: ["docs/manifest.md"]
#   example:
#     bad: "deploys: [{path: apps/fraud/deployment.yaml, kind: Deployment, name: frod}]  # it holds the Deployment fraud"
#     good: "deploys: [{path: apps/fraud/deployment.yaml, kind: Deployment, name: fraud}]"
outcome["claims/deployment-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := lib.not_applicable("the manifest names nothing that is deployed") if count(input.facts.claims.deployments) == 0

else := lib.passed if lib.all_good(input.facts.claims.deployments, found_deployments, has_deployments)

else := {"outcome": "failed", "violations": missing_deployments} if count(missing_deployments) > 0

else := lib.not_applicable("not every file could be read: see claims/deployment-unread") if {
	lib.all_good(input.facts.claims.deployments, known_deployments, has_deployments)
}

else := lib.failed(["spec", "serving", "deploys"], {})

missing_deployments := lib.at_place(input.facts.claims.deployments, known_deployments, deployment_details, ["place"], ["spec", "serving", "deploys"])
