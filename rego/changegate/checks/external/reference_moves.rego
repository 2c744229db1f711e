package changegate.checks.external

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: What was obtained is one version
# description: "A branch of a model hub, or the latest snapshot of a provider, is another model tomorrow. The reference names a revision, or the artifacts are bound by their digests."
# custom:
#   severity: error
#   message: "{text} does not name one version: {reason}."
#   remediation: "Write the version that was obtained, such as `obtainedFrom: hf://org/model@<40 hex digits of its commit>`."
#   settings: [external.externalFrom]
#   optional: [input.facts.external.reference.text, input.facts.external.reference.reason, input.facts.external.reference.place]
#   references: ["https://huggingface.co/docs/huggingface_hub/guides/download"]
#   example:
#     bad: "obtainedFrom: hf://sentence-transformers/all-MiniLM-L6-v2@main"
#     good: "obtainedFrom: hf://sentence-transformers/all-MiniLM-L6-v2@c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
outcome["external/reference-moves"] := lib.not_applicable(none_taken) if input.facts.external.status == "none"

else := lib.not_applicable(lib.low_tier) if input.settings.external.externalFrom in risk.beyond

else := lib.passed if {
	input.settings.external.externalFrom in lib.tiers
	input.facts.external.status == "stated"
	input.facts.external.reference.pin in {"revision", "digest"}
}

else := result if {
	result := lib.failed_of(
		input.facts.external.reference, {
			"text": input.facts.external.reference.text,
			"reason": input.facts.external.reference.reason,
		},
		block_path,
	)
}

else := lib.failed(block_path, {})
