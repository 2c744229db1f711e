package changegate.checks.limits

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A function that starts cold starts fast
# description: "Where no instance is kept warm, the first answer after a pause takes as long as the start."
# custom:
#   severity: warning
#   message: "The first answer of a cold function takes {coldStartMs}; this tier allows {maximumMs} where no instance is kept warm."
#   remediation: "Keep instances warm (`provisionedConcurrency: 1` or more under `spec.serving`), or make the package smaller and measure again."
#   settings: [limits.limitsFrom, limits.maximumColdStartMs]
#   optional: [input.facts.artifacts.limits.coldStart.provisionedConcurrency, input.facts.artifacts.limits.coldStart.coldStartMs, input.settings.limits.maximumColdStartMs]
#   references: ["https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html"]
#   example:
#     bad: "{platform: serverless, coldStartMs: 20000}"
#     good: "{platform: serverless, coldStartMs: 20000, provisionedConcurrency: 2}"
outcome["limits/cold-start-too-slow"] := lib.not_applicable(lib.low_tier) if {
	input.settings.limits.limitsFrom in risk.beyond
}

else := lib.not_applicable("the manifest states no cold start") if facts.coldStart.status == "not-stated"

else := lib.not_applicable("it is no function") if facts.coldStart.status == "not-serverless"

else := lib.passed if {
	input.settings.limits.limitsFrom in lib.tiers
	facts.coldStart.status == "warm"
}

else := lib.passed if {
	input.settings.limits.limitsFrom in lib.tiers
	facts.coldStart.status == "cold"
	facts.coldStart.coldStartMs <= input.settings.limits.maximumColdStartMs[risk.tier]
}

else := result if {
	details := {
		"coldStartMs": facts.coldStart.coldStartMs,
		"maximumMs": input.settings.limits.maximumColdStartMs[risk.tier],
	}
	result := lib.failed(array.concat(serving_path, ["coldStartMs"]), details)
}

else := lib.failed(serving_path, {})
