package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The lockfile is the one that was trained with
# description: The lockfile fixes every library. It has to be in the repository, and to be the one that its digest names.
# custom:
#   severity: error
#   message: "The lockfile cannot be relied on: {reason}."
#   remediation: "Commit the lockfile of the training run, and name it under `spec.provenance.environment` with its digest: `lockfile: {path: …, digest: sha256:…}`; `sha256sum FILE` prints it."
#   settings: [provenance.environmentFrom]
#   optional: [input.evidence.provenance.lockfile.place, input.facts.external]
#   references: ["https://slsa.dev/spec/v1.0/provenance"]
#   example:
#     bad: "lockfile: {path: locks/training-uv.lock, digest: sha256:…}  # the file was changed since"
#     good: "lockfile: {path: locks/training-uv.lock, digest: sha256:…}  # sha256sum locks/training-uv.lock"
outcome["provenance/lockfile-mismatch"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.environmentFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(made_elsewhere) if taken_over

else := lib.unknown(input.evidence.provenance.lockfile.reason) if {
	input.evidence.provenance.lockfile.status == "unavailable"
}

else := lib.passed if {
	asked(input.settings.provenance.environmentFrom)
	input.evidence.provenance.lockfile.status == "present"
}

else := result if result := lib.failed_of(input.evidence.provenance.lockfile, {"reason": input.evidence.provenance.lockfile.reason}, lockfile_path)

else := lib.failed(lockfile_path, {})

lockfile_path := ["spec", "provenance", "environment", "lockfile"]
