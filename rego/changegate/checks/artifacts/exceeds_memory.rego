package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The artifacts fit into the memory
# description: Weights that fill the memory leave none for answering, and the replica is killed when traffic comes.
# custom:
#   severity: error
#   message: "The artifacts have {artifactsBytes}. That is {usedRatio%} of the {limitBytes} that `{of}` declares, and at most {maximumRatio%} of it may be taken."
#   remediation: "Raise `{of}` under `spec.serving.resources`, where the machine has more; or make the artifacts smaller."
#   settings: [artifacts.memoryFrom, artifacts.maximumMemoryRatio]
#   optional: [input.facts.artifacts.memory.artifactsBytes, input.facts.artifacts.memory.limitBytes, input.facts.artifacts.memory.of]
#   references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"]
#   example:
#     bad: "resources: {memory: 512Mi}  # the artifacts have 500 MiB"
#     good: "resources: {memory: 2Gi}"
outcome["artifacts/exceeds-memory"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.memoryFrom in risk.beyond
}

else := lib.not_applicable("the manifest declares no memory") if input.facts.artifacts.memory.status == "not-stated"

else := lib.not_applicable("no artifact's size is known") if input.facts.artifacts.memory.status == "unsized"

else := lib.passed if {
	input.settings.artifacts.memoryFrom in lib.tiers
	input.facts.artifacts.memory.status == "stated"
	input.facts.artifacts.memory.usedRatio <= input.settings.artifacts.maximumMemoryRatio
}

else := result if {
	memory := input.facts.artifacts.memory
	result := lib.failed(array.concat(resources_path, [memory.of]), {
		"of": memory.of,
		"artifactsBytes": memory.artifactsBytes,
		"limitBytes": memory.limitBytes,
		"usedRatio": memory.usedRatio,
		"maximumRatio": input.settings.artifacts.maximumMemoryRatio,
	})
}

else := lib.failed(resources_path, {})

resources_path := ["spec", "serving", "resources"]
