package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The build reaches the level that the tier asks for
# description: "SLSA counts levels of its build track: 1 where provenance is there, 2 where it is signed by somebody who may vouch for the builder, and what a listed verifier states in a summary. Nothing else is a level."
# custom:
#   severity: error
#   message: "The build reaches level {found} of SLSA, and {minimum} is asked for."
#   remediation: "Let the build platform sign its provenance with a key in .changegate/signers.yaml, whose `builders` name it; or name the verification summary of a verifier that is listed."
#   settings: [provenance.minimumBuildLevel]
#   optional: []
#   references: ["https://slsa.dev/spec/v1.0/levels"]
#   example:
#     bad: "attestations: []  # minimumBuildLevel: {critical: 2}"
#     good: "attestations: [{predicateType: https://slsa.dev/provenance/v1, …}]  # signed by a listed builder"
outcome["provenance/level-too-low"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(lib.low_tier) if input.settings.provenance.minimumBuildLevel[risk.tier] == 0

else := lib.passed if reaches_level

else := lib.failed(attestations_path, {"found": highest_level, "minimum": minimum}) if {
	is_array(input.facts.provenance.signed)
	minimum := input.settings.provenance.minimumBuildLevel[risk.tier]
}

else := lib.failed(block_path, {})

build_levels contains one.attested.buildLevel if {
	some one in attested_statements
	count(one.attested.about) > 0
}

highest_level := max(build_levels | {0})

reaches_level if {
	asked("low")
	some level in build_levels
	level >= input.settings.provenance.minimumBuildLevel[risk.tier]
}
