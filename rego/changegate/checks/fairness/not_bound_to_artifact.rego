package changegate.checks.fairness

import data.changegate.lib

# METADATA
# title: The fairness reports were made on this artifact
# description: Another model treats people in another way. Every report names the digest of an artifact of the release, and every model artifact is named.
# custom:
#   severity: error
#   message: "The fairness report was not made on this release: {reason}."
#   remediation: 'Measure this artifact, and let the report name its digest: `"model": {"digests": ["sha256:…"]}`, with the `digest` that the artifact has in the manifest. A tool''s report cannot: say it beside its path, `of: [sha256:…]`, or where this tier asks for more, put the report into our own form ({docs}/evidence.md).'
#   settings: [fairness.requiredFrom]
#   optional: [input.facts.fairness.artifacts.place, input.facts.fairness.reports.places]
#   references: ["NIST AI RMF 1.0, MEASURE 2.11"]
#   example:
#     bad: "{\"model\": {\"digests\": [\"sha256:0000…\"]}}  # in the report: no artifact of this release"
#     good: "{\"model\": {\"digests\": [\"sha256:9f86…\"]}}  # in the report: the digest of the artifact `model`"
outcome["fairness/not-bound-to-artifact"] := result if result := unread(input.settings.fairness.requiredFrom)

else := result if {
	count(input.facts.fairness.artifacts) > 0
	result := lib.none_of(elsewhere | unmeasured, readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {"reason": "no report can be read"})

elsewhere := lib.at_place(input.facts.fairness.reports, bound, elsewhere_details, ["places", "model"], block_path)

bound contains index if {
	some index, report in input.facts.fairness.reports
	count(report.boundTo) > 0
}

elsewhere_details[index] := {"reason": "it names no artifact of this release"} if {
	some index, _ in input.facts.fairness.reports
}

unmeasured := lib.at_place(input.facts.fairness.artifacts, measured, unmeasured_details, ["place"], block_path) if count(elsewhere) == 0

else := set()

measured contains index if {
	some index, artifact in input.facts.fairness.artifacts
	artifact.bound == true
}

unmeasured_details[index] := {"reason": "no report names the digest of this artifact"} if {
	some index, _ in input.facts.fairness.artifacts
}
