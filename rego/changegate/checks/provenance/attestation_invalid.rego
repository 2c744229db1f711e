package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Attestations can be read and are what they are called
# description: An attestation is a DSSE envelope around an in-toto statement of the predicateType that the manifest says, in the file that the digest names. Whose signature counts, other rules say.
# custom:
#   severity: error
#   message: "The attestation is not valid: {reason}."
#   remediation: "Commit the DSSE envelope as the build wrote it, and name it under `attestations` with its `predicateType` and the sha256 of that file."
#   settings: [provenance.attestationSoundFrom]
#   optional: [input.evidence.provenance.attestations.files.place]
#   references: ["https://github.com/secure-systems-lab/dsse/blob/master/envelope.md", "https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md"]
#   example:
#     bad: "{\"payloadType\": \"application/json\", \"payload\": \"e30=\", \"signatures\": []}"
#     good: "{\"payloadType\": \"application/vnd.in-toto+json\", \"payload\": \"eyJf…\", \"signatures\": [{\"sig\": \"MEUC…\"}]}"
outcome["provenance/attestation-invalid"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.attestationSoundFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(none_named) if input.evidence.provenance.attestations.status == "absent"

else := {"outcome": "failed", "violations": unsound} if count(unsound) > 0

else := lib.unknown(input.evidence.provenance.attestations.reason) if {
	input.evidence.provenance.attestations.status == "unavailable"
}

else := lib.passed if {
	asked(input.settings.provenance.attestationSoundFrom)
	input.evidence.provenance.attestations.status == "present"
	count(input.evidence.provenance.attestations.files) > 0
	every file in input.evidence.provenance.attestations.files { file.status == "present" }
}

else := lib.failed(attestations_path, {})

unsound := lib.unsound(input.evidence.provenance.attestations.files, attestations_path)
