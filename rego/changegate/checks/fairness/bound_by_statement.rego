package changegate.checks.fairness

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: What a fairness report is of, it says itself
# description: A tool's report names no artifact. Where the manifest says beside its path of which artifacts it is, that is the word of whoever wrote the manifest; from some tier on the report has to say it, as it was written where the model was measured.
# custom:
#   severity: error
#   message: "That {file} was made on this release, only the manifest says; this tier takes that from {allowedBindings} alone."
#   remediation: 'Let the job that measures write it: put what the tool wrote into our own form, `{"schemaVersion": 1, "model": {"digests": ["sha256:…"]}, "evaluatedAt": "…", "dataset": {"name": "…", "digest": "sha256:…"}, "report": …}`, name that file, and take `of` out of the manifest. What the form holds: {docs}/evidence.md'
#   settings: [fairness.requiredFrom, fairness.allowedBindings]
#   optional: [input.facts.fairness.reports.file, input.facts.fairness.reports.places, input.facts.fairness.reports.boundTo]
#   references: ["SR 26-2: validation of the model that is used", "in-toto attestations: a statement and its subjects are written by who made them"]
#   example:
#     bad: "evidence: [{path: evidence/metrics.json, digest: sha256:…, of: [sha256:9f86…]}]  # at tier high"
#     good: "{\"schemaVersion\": 1, \"model\": {\"digests\": [\"sha256:9f86…\"]}, \"evaluatedAt\": \"…\", \"report\": {…}}  # in the report"
outcome["fairness/bound-by-statement"] := result if result := unread(input.settings.fairness.requiredFrom)

else := result if {
	result := lib.none_of(lib.at_place(input.facts.fairness.reports, vouched, vouched_details, ["places", "model"], block_path), readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {})

allowed_bindings := input.settings.fairness.allowedBindings[risk.tier]

vouched contains index if {
	some index, report in input.facts.fairness.reports
	report.boundBy in allowed_bindings
}

# That nobody says it, not-bound-to-artifact tells.
vouched contains index if {
	some index, report in input.facts.fairness.reports
	report.boundBy == "nothing"
	count(allowed_bindings) >= 0
}

vouched_details[index] := details if {
	some index, report in input.facts.fairness.reports
	details := {"file": report.file, "allowedBindings": allowed_bindings}
}
