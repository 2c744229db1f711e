package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: What is said of serving can be true together
# description: Functions that are kept warm where there are none, requests that no replica answers, memory of a GPU that is not there. Rules that size and price a release would take the wrong one of the two.
# custom:
#   severity: error
#   message: "{claim} and {against} cannot both be true: {why}."
#   remediation: "{mend}"
#   settings: [claims.contradictionsFrom, claims.accepted]
#   optional: [input.settings.claims]
#   references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/", "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html"]
#   example:
#     bad: "serving: {platform: kubernetes, provisionedConcurrency: 8}"
#     good: "serving: {platform: serverless, provisionedConcurrency: 8}"
outcome["claims/serving-contradicts"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := result if result := lib.none_of(excluded(input.facts.claims.serving, serving_words), looked_at(input.facts.claims.serving))

else := lib.failed(["spec", "serving"], {})

serving_words["provisioned-without-functions"] := {
	"why": "only serverless instances are kept warm",
	"mend": "Take `provisionedConcurrency` out, or write `platform: serverless` if that is where it runs.",
}

serving_words["requests-without-replicas"] := {
	"why": "`replicas` are those that serve when all traffic is on the release, and none of them answers nothing",
	"mend": "Write how many replicas serve, for example `replicas: 2`; with an autoscaler its least number under traffic, or leave `replicas` out.",
}

serving_words["rollout-without-requests"] := {
	"why": "a rollout moves requests, and there are none to move or to judge it by",
	"mend": "Write how many requests a second there are on a usual day, for example `requestsPerSecond: 0.5`.",
}

serving_words["package-of-nothing"] := {
	"why": "what is delivered holds the artifacts",
	"mend": "Write the size of what is delivered, in bytes, or leave `packageBytes` out.",
}

serving_words["memory-without-gpu"] := {
	"why": "where there is no GPU there is no memory of one",
	"mend": "Take `gpuMemory` out, or write how many GPUs a replica has, for example `gpu: 1`.",
}

serving_words["resource-of-nothing"] := {
	"why": "nothing runs with none of it",
	"mend": "Write what one replica may use, for example `cpu: \"2\"` and `memory: 4Gi`, or leave it out.",
}

serving_words["another-image-deployed"] := {
	"why": "the cluster applies another image than the one that is reviewed",
	"mend": "Write into `serving.image` the image that the resource runs, or the digest of `serving.image` into the resource.",
}
