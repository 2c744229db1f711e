package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release names the commit that trained it
# description: Without repository and commit nobody can read, mend or repeat what made this model.
# custom:
#   severity: error
#   message: "The release does not name the repository and the commit that trained it."
#   remediation: "Name both under `spec.provenance.source`, such as `repository: https://github.com/acme/fraud-detector` and `commit: 9fceb02d0ae598e95dc970b74767f19372d61af8`."
#   settings: [provenance.sourceFrom]
#   optional: [input.facts.external]
#   references: ["https://slsa.dev/spec/v1.0/provenance"]
#   example:
#     bad: "source: {repository: https://github.com/acme/fraud}"
#     good: "source: {repository: https://github.com/acme/fraud, commit: 9fceb02d0ae598e95dc970b74767f19372d61af8}"
outcome["provenance/source-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.sourceFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(made_elsewhere) if taken_over

else := lib.passed if {
	asked(input.settings.provenance.sourceFrom)
	input.facts.provenance.source.repositoryStated == true
	input.facts.provenance.source.commitStated == true
}

else := lib.failed(commit_path, {})
