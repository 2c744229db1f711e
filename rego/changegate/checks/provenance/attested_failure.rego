package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: What was tested or verified did not fail
# description: "An attestation that a test or a verification failed is a real attestation: that it is there says nothing, what it says does."
# custom:
#   severity: error
#   message: "The attestation ({predicateType}) says that it failed."
#   remediation: "Mend what failed, and name the attestation of the run that passed."
#   settings: [provenance.attestationSoundFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.predicateType, input.facts.provenance.covers, input.facts.provenance.signed.covers, input.settings.provenance.verifiedFrom]
#   references: ["https://slsa.dev/spec/v1.0/verification_summary", "https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md"]
#   example:
#     bad: "{\"verificationResult\": \"FAILED\"}"
#     good: "{\"verificationResult\": \"PASSED\"}"
outcome["provenance/attested-failure"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(models_of_low_tier) if models_spared

else := lib.not_applicable(no_attested) if nothing_attested

else := {"outcome": "failed", "violations": failures_attested} if count(failures_attested) > 0

else := lib.passed if {
	looked_at_attested
	every one in attested_statements { ended_well(one) }
}

else := lib.failed(block_path, {})

failures_attested := {violation |
	some one in attested_statements
	one.attested.result == "FAILED"
	violation := said_by(one, {})
}

ended_well(one) if one.attested.result in {"PASSED", "WARNED"}

# A build has no result of its own.
ended_well(one) if is_array(one.attested.unknownParameters)
