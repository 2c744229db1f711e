package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: What is deployed can be read
# description: A file that is a template, or that names other files, becomes resources only when it is applied. Whether the one that is named is among them cannot be told here.
# custom:
#   severity: warning
#   message: "Whether the {kind} {name} is there cannot be told: {reason}."
#   remediation: "Name the plain YAML or JSON file that holds the resource, if there is one; else look yourself, or take the entry out of `serving.deploys`."
#   settings: [claims.contradictionsFrom]
#   optional: [input.settings.claims, input.facts.claims.deployments.place, input.facts.claims.deployments.reason, input.facts.claims.deployments.kind, input.facts.claims.deployments.name]
#   references: ["docs/manifest.md"]
#   example:
#     bad: "deploys: [{path: charts/fraud/templates/deployment.yaml, kind: Deployment, name: fraud}]"
#     good: "deploys: [{path: apps/fraud/deployment.yaml, kind: Deployment, name: fraud}]"
outcome["claims/deployment-unread"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := lib.not_applicable("the manifest names nothing that is deployed") if count(input.facts.claims.deployments) == 0

else := lib.passed if lib.all_good(input.facts.claims.deployments, read_deployments, has_deployments)

else := {"outcome": "failed", "violations": unread_deployments} if count(unread_deployments) > 0

else := lib.failed(["spec", "serving", "deploys"], {})

unread_deployments := lib.at_place(input.facts.claims.deployments, read_deployments, deployment_details, ["place"], ["spec", "serving", "deploys"])
