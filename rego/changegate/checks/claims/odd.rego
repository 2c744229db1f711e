package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: What is written twice, or for nobody, is meant
# description: "Statements that can be true together, and that hardly anybody means: a block of another strategy, a report that is named twice, shares that leave some of the traffic to nobody."
# custom:
#   severity: warning
#   message: "{claim} beside {against}: {why}."
#   remediation: "{mend}"
#   settings: [claims.contradictionsFrom, claims.accepted]
#   optional: [input.settings.claims]
#   references: ["docs/manifest.md"]
#   example:
#     bad: "rollout: {strategy: canary, ab: {hypothesis: Fewer people give up a search.}, …}"
#     good: "rollout: {strategy: ab, ab: {hypothesis: Fewer people give up a search.}, …}"
outcome["claims/odd"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := result if result := lib.none_of(excluded(input.facts.claims.odd, odd_words), looked_at(input.facts.claims.odd))

else := lib.failed(["spec"], {})

odd_words["fairness-of-nobody"] := {
	"why": "protected attributes are measured of people, and nobody is affected",
	"mend": "Write `affectsUsers: true` if answers change what happens to a person; else let it be.",
}

odd_words["research-in-production"] := {
	"why": "research reaches nobody, in production neither",
	"mend": "Write `exposure: production` if it does, or the `environment` that it runs in.",
}

odd_words["adapter-of-nothing"] := {
	"why": "an adapter changes a base model, and none is named",
	"mend": "Add the base model to `artifacts` (`role: base-model`), or the release of it to `dependsOn`.",
}

odd_words["one-file-twice"] := {
	"why": "two artifacts are the same file",
	"mend": "Write the digest of each artifact, or take one of the two out.",
}

odd_words["package-for-nobody"] := {
	"why": "only a device or a function is delivered a package",
	"mend": "Take `packageBytes` out, or write the `platform` that it is delivered to.",
}

odd_words["package-smaller-than-artifacts"] := {
	"why": "a package holds the artifacts",
	"mend": "Write the size of the whole package in bytes.",
}

odd_words["latency-of-a-job"] := {
	"why": "nobody waits for an answer of a batch job",
	"mend": "Take the objective out, or write the `platform` that answers.",
}

odd_words["automatic-without-objective"] := {
	"why": "nothing tells that it has to go back",
	"mend": "Add an objective that the rollout is judged by: `slos: [{name: error-rate, objective: 0.999, window: 30d}]`.",
}

odd_words["block-of-another-strategy"] := {
	"why": "the strategy does not read that block",
	"mend": "Write the `strategy` that the block is of, or take the block out.",
}

odd_words["shares-leave-some"] := {
	"why": "the rest has nobody",
	"mend": "Write shares that come to all of it (tiers: 1, cohorts: 100).",
}

odd_words["one-document-twice"] := {
	"why": "a runbook is for who is called, and a model card for who uses the model",
	"mend": "Write a document of its own for each.",
}

odd_words["value-twice"] := {
	"why": "it stands in the list twice",
	"mend": "Take one of the two out.",
}

odd_words["report-twice"] := {
	"why": "the report is named twice",
	"mend": "Take one of the two out, or write the digest of the other report.",
}
