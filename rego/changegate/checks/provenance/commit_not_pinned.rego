package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The commit is named by its full id
# description: A short id may come to name another commit, and can be forged; only all 40 (SHA-1) or 64 (SHA-256) hex digits name one.
# custom:
#   severity: error
#   message: "The commit is named by {hexDigitsCount} hex digits. A full id has 40 or 64."
#   remediation: "Write the full id: `git rev-parse HEAD` in the training repository prints it."
#   settings: [provenance.sourceFrom]
#   optional: [input.facts.external]
#   references: ["https://git-scm.com/docs/hash-function-transition"]
#   example:
#     bad: "commit: 9fceb02"
#     good: "commit: 9fceb02d0ae598e95dc970b74767f19372d61af8"
outcome["provenance/commit-not-pinned"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.sourceFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(made_elsewhere) if taken_over

else := lib.not_applicable("no commit is named: see provenance/source-missing") if {
	input.facts.provenance.source.commitStated == false
}

else := lib.passed if {
	asked(input.settings.provenance.sourceFrom)
	input.facts.provenance.source.commitStated == true
	input.facts.provenance.source.commitHexDigitsCount in {40, 64}
}

else := result if {
	result := lib.failed(commit_path, {"hexDigitsCount": input.facts.provenance.source.commitHexDigitsCount})
}

else := lib.failed(commit_path, {})
