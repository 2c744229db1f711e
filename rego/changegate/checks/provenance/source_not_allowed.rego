package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The code that trained it is in a repository of ours
# description: A repository may list where the code that trains its models has to be, so that nobody trains them from a fork. An entry that ends with `*` stands for all that begin so.
# custom:
#   severity: error
#   message: "The source {repository} is none of {allowed}."
#   remediation: "Train from a repository that the settings list and name that one, or have this one added to `provenance.sourceRepositories` by those who answer for it."
#   settings: [provenance.sourceFrom, provenance.sourceRepositories]
#   optional: [input.release, input.facts.external]
#   references: ["https://slsa.dev/spec/v1.0/verifying-artifacts"]
#   example:
#     bad: "repository: https://github.com/somebody/fraud-detector  # and sourceRepositories: ['https://github.com/acme/*']"
#     good: "repository: https://github.com/acme/fraud-detector"
outcome["provenance/source-not-allowed"] := lib.not_applicable("any repository is allowed") if {
	"*" in input.settings.provenance.sourceRepositories
}

else := lib.not_applicable(lib.low_tier) if input.settings.provenance.sourceFrom in risk.beyond

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(made_elsewhere) if taken_over

else := lib.not_applicable("no source is named: see provenance/source-missing") if {
	input.facts.provenance.source.repositoryStated == false
}

else := lib.passed if {
	asked(input.settings.provenance.sourceFrom)
	input.facts.provenance.source.repositoryStated == true
	ours
}

else := result if {
	result := lib.failed(repository_path, {
		"repository": input.release.spec.provenance.source.repository,
		"allowed": input.settings.provenance.sourceRepositories,
	})
}

else := lib.failed(repository_path, {})

repository_path := ["spec", "provenance", "source", "repository"]

ours if input.release.spec.provenance.source.repository in input.settings.provenance.sourceRepositories

ours if {
	some entry in input.settings.provenance.sourceRepositories
	endswith(entry, "*")
	startswith(input.release.spec.provenance.source.repository, trim_suffix(entry, "*"))
}
