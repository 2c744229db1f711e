package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Builds take the parameters that are known
# description: "What the outside hands to a build decides what comes out: SLSA asks to refuse external parameters that nobody knows. The signer lists those that its builds may have."
# custom:
#   severity: error
#   message: "The build took external parameters that are not listed: {names}."
#   remediation: "Build without them. Where they are right, add them to `parameters` of the signer in .changegate/signers.yaml first, in a change of its own."
#   settings: [provenance.parametersFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.predicateType, input.facts.provenance.signed.verified, input.facts.provenance.covers, input.facts.provenance.signed.covers]
#   references: ["https://slsa.dev/spec/v1.0/verifying-artifacts", "docs/signers.md"]
#   example:
#     bad: "{\"externalParameters\": {\"config\": \"train.yaml\", \"entryPoint\": \"/tmp/x\"}}"
#     good: "{\"externalParameters\": {\"config\": \"train.yaml\"}}  # as `parameters` has it"
outcome["provenance/parameters-unknown"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(lib.low_tier) if input.settings.provenance.parametersFrom in risk.beyond

else := lib.not_applicable(nobody_asked) if no_signer_reaches

else := lib.not_applicable(no_attested) if nothing_attested

else := {"outcome": "failed", "violations": unknown_parameters} if count(unknown_parameters) > 0

else := lib.passed if {
	asked(input.settings.provenance.parametersFrom)
	count(attested_statements) > 0
	every one in attested_statements { known_parameters(one) }
}

else := lib.failed(block_path, {})

no_signer_reaches if {
	is_array(input.facts.provenance.covers)
	every cover in input.facts.provenance.covers { spared(cover) }
}

unknown_parameters := {violation |
	some one in attested_statements
	count(one.attested.unknownParameters) > 0
	one.verified == true
	violation := said_by(one, {"names": one.attested.unknownParameters})
}

known_parameters(one) if one.attested.unknownParameters == []

known_parameters(one) if object.get(one.attested, "unknownParameters", "none") == "none"

known_parameters(one) if one.verified == false
