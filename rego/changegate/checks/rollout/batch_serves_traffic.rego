package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A batch job answers no requests
# description: |
#   A job that nobody waits for has no endpoint, no requests per second, and no traffic to move. Where a manifest says both, one
#   of them is wrong, and rules that exempt batch jobs would look away.
# custom:
#   severity: error
#   message: "The platform is `batch`, and the manifest states {claim}."
#   remediation: "If requests are answered, name the platform that answers them, for example `platform: kubernetes`. If it is a batch job, take `endpoint`, `requestsPerSecond` and the objectives of the latency out, and write `rollout: {notApplicable: A nightly batch job that no traffic is routed to.}` in place of the plan."
#   settings: [claims.contradictionsFrom]
#   optional: [input.facts.rollout.served.claim, input.facts.rollout.served.place, input.settings.claims.contradictionsFrom]
#   references: ["https://sre.google/sre-book/data-processing-pipelines/"]
#   example:
#     bad: "serving: {platform: batch, endpoint: fraud, requestsPerSecond: 220}"
#     good: "serving: {platform: kubernetes, endpoint: fraud, requestsPerSecond: 220}"
outcome["rollout/batch-serves-traffic"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := lib.not_applicable("the platform is not batch") if input.facts.rollout.batch == false

else := lib.passed if {
	input.facts.rollout.batch == true
	count(input.facts.rollout.served) == 0
}

else := {"outcome": "failed", "violations": serving_claims} if count(serving_claims) > 0

else := lib.failed(["spec", "serving", "platform"], {})

serving_claims contains violation if {
	some one in input.facts.rollout.served
	claim := one.claim
	violation := lib.finding_of(one, {"claim": claim}, ["spec", "serving", "platform"])
}
