package changegate.checks.limits

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Weights and cache fit into the GPUs
# description: "What a model holds in a GPU is its parameters in their type, and for each request in flight the keys and values of its tokens. Beside each other they have to fit."
# custom:
#   severity: error
#   message: "The weights take {weightsBytes} and the cache {kvCacheBytes}: {usedRatio} of the {limitBytes} of all GPUs, of which at most {maximumRatio} may be taken."
#   remediation: "Lower `kvCache` with the number and length of requests that the server takes, or raise `gpu` or `gpuMemory` under `spec.serving.resources`, where the machine has more."
#   settings: [limits.limitsFrom, limits.maximumGpuMemoryRatio]
#   optional: [input.facts.artifacts.limits.gpuMemory.weightsBytes, input.facts.artifacts.limits.gpuMemory.kvCacheBytes, input.facts.artifacts.limits.gpuMemory.limitBytes]
#   references: ["https://docs.vllm.ai/en/latest/configuration/conserving_memory.html"]
#   example:
#     bad: "{gpu: 1, gpuMemory: 24Gi, kvCache: 12Gi}  # and 16 GiB of weights"
#     good: "{gpu: 1, gpuMemory: 24Gi, kvCache: 6Gi}"
outcome["limits/exceeds-gpu-memory"] := lib.not_applicable(lib.low_tier) if {
	input.settings.limits.limitsFrom in risk.beyond
}

else := lib.not_applicable("the manifest states no GPU memory or no `kvCache`") if facts.gpuMemory.status == "not-stated"

else := lib.not_applicable("no artifact's size is known") if facts.gpuMemory.status == "unsized"

else := lib.passed if {
	input.settings.limits.limitsFrom in lib.tiers
	facts.gpuMemory.status == "stated"
	facts.gpuMemory.usedRatio <= input.settings.limits.maximumGpuMemoryRatio
}

else := result if {
	memory := facts.gpuMemory
	result := lib.failed(array.concat(serving_path, ["resources", "kvCache"]), {
		"weightsBytes": memory.weightsBytes, "kvCacheBytes": memory.kvCacheBytes, "limitBytes": memory.limitBytes,
		"usedRatio": memory.usedRatio, "maximumRatio": input.settings.limits.maximumGpuMemoryRatio,
	})
}

else := lib.failed(serving_path, {})
