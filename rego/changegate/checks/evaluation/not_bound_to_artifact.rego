package changegate.checks.evaluation

import data.changegate.lib

# METADATA
# title: The reports were made on this artifact
# description: A report on last month's model says nothing of this one. Every report names the digest of an artifact of the release, and every model artifact is named.
# custom:
#   severity: error
#   message: "The evaluation was not made on this release: {reason}."
#   remediation: 'Evaluate this artifact, and let the report name its digest: `"model": {"digests": ["sha256:…"]}`, with the `digest` that the artifact has in the manifest. A tool''s report cannot: say it beside its path, `of: [sha256:…]`, or where this tier asks for more, put the report into our own form ({docs}/evidence.md).'
#   settings: [evaluation.requiredFrom]
#   optional: [input.facts.evaluation.artifacts.place, input.facts.evaluation.reports.places]
#   references: ["SR 26-2: validation of the model that is used", "NIST AI RMF 1.0, MEASURE 2.5"]
#   example:
#     bad: "{\"model\": {\"digests\": [\"sha256:0000…\"]}}  # in the report: no artifact of this release"
#     good: "{\"model\": {\"digests\": [\"sha256:9f86…\"]}}  # in the report: the digest of the artifact `model`"
outcome["evaluation/not-bound-to-artifact"] := result if result := unread(input.settings.evaluation.requiredFrom)

else := result if {
	count(input.facts.evaluation.artifacts) > 0
	result := lib.none_of(lib.at_place(input.facts.evaluation.reports, bound, elsewhere_details, ["places", "model"], block_path) | unmeasured, readable(input.settings.evaluation.requiredFrom))
}

else := lib.failed(block_path, {"reason": "no report can be read"})

bound contains index if {
	some index, report in input.facts.evaluation.reports
	count(report.boundTo) > 0
}

elsewhere_details[index] := {"reason": "the report names no artifact of this release"} if {
	some index, _ in input.facts.evaluation.reports
}

# METADATA
# description: The artifacts that no report names; where a report names none at all, that report is the fault.
unmeasured := lib.at_place(input.facts.evaluation.artifacts, measured, unmeasured_details, ["place"], block_path) if {
	every report in input.facts.evaluation.reports { count(report.boundTo) > 0 }
}

else := set()

measured contains index if {
	some index, artifact in input.facts.evaluation.artifacts
	artifact.bound == true
}

unmeasured_details[index] := {"reason": "no report names the digest of this artifact"} if {
	some index, _ in input.facts.evaluation.artifacts
}
