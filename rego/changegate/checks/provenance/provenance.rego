# METADATA
# title: Provenance
# description: |
#   Where a release comes from, so that it can be made again and traced back. Signatures and attestations are found, read
#   and compared by digest; none is verified cryptographically yet.
# custom:
#   subject: release
#   path: [spec, provenance]
package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

not_trained := "nothing was trained here, as the manifest says"

none_named := "the manifest names no attestation: see provenance/attestation-missing"

commit_path := ["spec", "provenance", "source", "commit"]

data_path := ["spec", "provenance", "trainingData"]

image_path := ["spec", "provenance", "environment", "image"]

lockfile_path := ["spec", "provenance", "environment", "lockfile"]

signature_path := ["spec", "provenance", "signature"]

attestations_path := ["spec", "provenance", "attestations"]

# METADATA
# title: A release names the commit that trained it
# description: Without repository and commit nobody can read, mend or repeat what made this model.
# custom:
#   severity: error
#   message: "The release does not name the repository and the commit that trained it."
#   remediation: "Name both under `spec.provenance`: `source: {repository: https://github.com/acme/fraud, commit: 9fceb02d0ae598e95dc970b74767f19372d61af8}`."
#   settings: [provenance.sourceFrom]
#   references: ["https://slsa.dev/spec/v1.0/provenance"]
#   example:
#     bad: "source: {repository: https://github.com/acme/fraud}"
#     good: "source: {repository: https://github.com/acme/fraud, commit: 9fceb02d0ae598e95dc970b74767f19372d61af8}"
outcome["provenance/source-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.sourceFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.passed if {
	asked(input.settings.provenance.sourceFrom)
	input.facts.provenance.source.repositoryStated == true
	input.facts.provenance.source.commitStated == true
}

else := lib.failed(commit_path, {})

# METADATA
# title: The commit is named by its full id
# description: A short id may come to name another commit, and can be forged; only all 40 (SHA-1) or 64 (SHA-256) hex digits name one.
# custom:
#   severity: error
#   message: "The commit is named by {hexDigitsCount} hex digits; a full id has 40 or 64."
#   remediation: "Write the full id: `git rev-parse HEAD` in the training repository prints it."
#   settings: [provenance.sourceFrom]
#   references: ["https://git-scm.com/docs/hash-function-transition"]
#   example:
#     bad: "commit: 9fceb02"
#     good: "commit: 9fceb02d0ae598e95dc970b74767f19372d61af8"
outcome["provenance/commit-not-pinned"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.sourceFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

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

# METADATA
# title: A release names the run that produced it
# description: "The run holds the parameters, the metrics and the logs: without it an experiment cannot be found again."
# custom:
#   severity: error
#   message: "The release does not name the training run that produced it."
#   remediation: "Name it under `spec.provenance`: `trainingRun: {uri: https://mlflow.acme.example, runId: 7f3a14c1}`."
#   settings: [provenance.trainingRunFrom]
#   references: ["NIST AI RMF 1.0, MEASURE 2.1: test sets, metrics and tools are documented"]
#   example:
#     bad: "provenance: {source: {…}}"
#     good: "provenance: {source: {…}, trainingRun: {uri: https://mlflow.acme.example, runId: 7f3a14c1}}"
outcome["provenance/training-run-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.trainingRunFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.passed if {
	asked(input.settings.provenance.trainingRunFrom)
	input.facts.provenance.trainingRun.stated == true
}

else := lib.failed(["spec", "provenance", "trainingRun"], {})

# METADATA
# title: A release names what it was trained on
# description: Leakage, licences, consent and drift can only be judged against the data that the model saw.
# custom:
#   severity: error
#   message: "The release does not name the data that it was trained on."
#   remediation: "Name it under `spec.provenance`: `trainingData: [{name: transactions, uri: s3://datasets/transactions/2026-10-01, digest: sha256:…}]`."
#   settings: [provenance.trainingDataFrom]
#   references: ["NIST AI RMF 1.0, MAP 4.1: the risks of third-party data and software are mapped"]
#   example:
#     bad: "provenance: {trainingData: []}"
#     good: "provenance: {trainingData: [{name: transactions, digest: sha256:…}]}"
outcome["provenance/training-data-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.trainingDataFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.passed if {
	asked(input.settings.provenance.trainingDataFrom)
	count(input.facts.provenance.trainingData) > 0
}

else := lib.failed(data_path, {})

# METADATA
# title: Training data is pinned by a strong digest
# description: A path is overwritten tomorrow, and MD5 and SHA-1 can be made to match other data; a strong digest names exactly this snapshot.
# custom:
#   severity: error
#   message: "The training data {name} is not pinned by a strong digest."
#   remediation: "Give the snapshot's digest, by one of {strongAlgorithms}: `digest: sha256:…`."
#   settings: [provenance.trainingDataFrom, provenance.strongAlgorithms]
#   optional: [input.facts.provenance.trainingData.name]
#   references: ["https://csrc.nist.gov/projects/hash-functions"]
#   example:
#     bad: "trainingData: [{name: transactions, uri: s3://datasets/transactions}]"
#     good: "trainingData: [{name: transactions, uri: s3://datasets/transactions/2026-10-01, digest: sha256:…}]"
outcome["provenance/training-data-unpinned"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.trainingDataFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable("no training data is named: see provenance/training-data-missing") if {
	input.facts.provenance.trainingData == []
}

else := result if {
	asked(input.settings.provenance.trainingDataFrom)
	result := lib.none_of(loose, has_data)
}

else := lib.failed(data_path, {})

has_data if count(input.facts.provenance.trainingData) > 0

loose contains lib.violation(array.concat(data_path, [index, "digest"]), object.get(data_details, index, {})) if {
	some index, _ in input.facts.provenance.trainingData
	not index in pinned
}

pinned contains index if {
	some index, one in input.facts.provenance.trainingData
	one.algorithm in input.settings.provenance.strongAlgorithms
}

data_details[index] := details if {
	some index, one in input.facts.provenance.trainingData
	details := {"name": one.name, "strongAlgorithms": input.settings.provenance.strongAlgorithms}
}

# METADATA
# title: The training environment is pinned
# description: "A tag moves: the same code in another image is another model."
# custom:
#   severity: error
#   message: "The image of the training environment is not pinned by `@sha256:`."
#   remediation: "Name the image by its digest: `environment: {image: registry.acme.example/training@sha256:…}`."
#   settings: [provenance.environmentFrom]
#   references: ["https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests"]
#   example:
#     bad: "environment: {image: registry.acme.example/training:latest}"
#     good: "environment: {image: registry.acme.example/training@sha256:…}"
outcome["provenance/environment-unpinned"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.environmentFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.passed if {
	asked(input.settings.provenance.environmentFrom)
	input.facts.provenance.environment.imagePinned == true
}

else := lib.failed(image_path, {})

# METADATA
# title: The lockfile is the one that was trained with
# description: The lockfile fixes every library. It has to be in the repository, and to be the one that its digest names.
# custom:
#   severity: error
#   message: "The lockfile cannot be relied on: {reason}."
#   remediation: "Commit the lockfile of the training run and name it: `environment: {lockfile: {path: locks/training-uv.lock, digest: sha256:…}}`; `sha256sum` prints the digest."
#   settings: [provenance.environmentFrom]
#   optional: [input.evidence.provenance.lockfile.place]
#   references: ["https://slsa.dev/spec/v1.0/provenance"]
#   example:
#     bad: "lockfile: {path: locks/training-uv.lock, digest: sha256:…}  # the file was changed since"
#     good: "lockfile: {path: locks/training-uv.lock, digest: sha256:…}  # sha256sum locks/training-uv.lock"
outcome["provenance/lockfile-mismatch"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.environmentFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.unknown(input.evidence.provenance.lockfile.reason) if {
	input.evidence.provenance.lockfile.status == "unavailable"
}

else := lib.passed if {
	asked(input.settings.provenance.environmentFrom)
	input.evidence.provenance.lockfile.status == "present"
}

else := result if result := lib.failed_of(input.evidence.provenance.lockfile, {"reason": input.evidence.provenance.lockfile.reason}, lockfile_path)

else := lib.failed(lockfile_path, {})

# METADATA
# title: The seed of the training is stated
# description: Without the seed a training cannot be repeated, and a difference cannot be told from chance.
# custom:
#   severity: warning
#   message: "The seed of the training is not stated."
#   remediation: "State it: `environment: {seed: 20261001}`."
#   settings: [provenance.environmentFrom]
#   references: ["https://docs.pytorch.org/docs/stable/notes/randomness.html"]
#   example:
#     bad: "environment: {image: registry.acme.example/training@sha256:…}"
#     good: "environment: {image: registry.acme.example/training@sha256:…, seed: 20261001}"
outcome["provenance/seed-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.environmentFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.passed if {
	asked(input.settings.provenance.environmentFrom)
	input.facts.provenance.environment.seedStated == true
}

else := lib.failed(["spec", "provenance", "environment", "seed"], {})

# METADATA
# title: A signature is there (NOT verified cryptographically yet)
# description: "A signature file is named, is in the repository or handed in, has the digest that the manifest says, and has the form of a signature bundle. Presence and form only: it is NOT verified cryptographically yet, so this shows neither who signed nor what."
# custom:
#   severity: error
#   message: "The release has no signature file of the right form: {reason}."
#   remediation: "Sign the artifact with OpenSSF model signing, commit the bundle and name it: `signature: {path: models/fraud/evidence/model.sig, digest: sha256:…}`."
#   settings: [provenance.signatureFrom]
#   optional: [input.evidence.provenance.signature.place]
#   references: ["https://github.com/sigstore/model-transparency"]
#   example:
#     bad: "provenance: {source: {…}}"
#     good: "signature: {path: models/fraud/evidence/model.sig, digest: sha256:…}"
outcome["provenance/signature-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.signatureFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.unknown(input.evidence.provenance.signature.reason) if {
	input.evidence.provenance.signature.status == "unavailable"
}

else := lib.passed if {
	asked(input.settings.provenance.signatureFrom)
	input.evidence.provenance.signature.status == "present"
}

else := result if result := lib.failed_of(input.evidence.provenance.signature, {"reason": input.evidence.provenance.signature.reason}, signature_path)

else := lib.failed(signature_path, {})

# METADATA
# title: A release names an attestation of how it was built
# description: An attestation says which builder made the artifact, of what. That it is named is asked here; its signature is not verified cryptographically yet.
# custom:
#   severity: error
#   message: "The release names no attestation."
#   remediation: "Let the training pipeline write one, commit it and name it: `attestations: [{predicateType: https://slsa.dev/provenance/v1, path: models/fraud/evidence/provenance.dsse.json, digest: sha256:…}]`."
#   settings: [provenance.attestationFrom]
#   references: ["https://slsa.dev/spec/v1.0/requirements"]
#   example:
#     bad: "provenance: {source: {…}}"
#     good: "attestations: [{predicateType: https://slsa.dev/provenance/v1, path: models/fraud/evidence/provenance.dsse.json, digest: sha256:…}]"
outcome["provenance/attestation-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.attestationFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.passed if {
	asked(input.settings.provenance.attestationFrom)
	count(input.evidence.provenance.attestations.files) > 0
}

else := lib.failed(attestations_path, {})

# METADATA
# title: Attestations can be read and are what they are called
# description: An attestation is a DSSE envelope around an in-toto statement of the predicateType that the manifest says, in the file that the digest names. Its signature is not verified cryptographically yet.
# custom:
#   severity: error
#   message: "The attestation is not valid: {reason}."
#   remediation: "Let the pipeline write the DSSE envelope again, and put its `predicateType` and its new sha256 into `attestations`."
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

# METADATA
# title: Attestations are about this release
# description: "An attestation of another build says nothing of this one: among its subjects is an artifact of this release, by a strong digest."
# custom:
#   severity: error
#   message: "The attestation ({predicateType}) is about no artifact of this release: none of its subjects has the digest of one."
#   remediation: "Name the attestation of the build that made these artifacts; `base64 -d` of its `payload` shows the `subject` that has to have the artifact's `digest`."
#   settings: [provenance.attestationSoundFrom, provenance.strongAlgorithms]
#   optional: [input.facts.provenance.attestations.place, input.facts.provenance.attestations.predicateType]
#   references: ["https://slsa.dev/spec/v1.0/verifying-artifacts"]
#   example:
#     bad: "{\"subject\": [{\"digest\": {\"sha256\": \"0000…\"}}]}  # in the payload: no artifact of this release"
#     good: "{\"subject\": [{\"digest\": {\"sha256\": \"9f86…\"}}]}  # in the payload: the digest of the artifact `model`"
outcome["provenance/attestation-mismatch"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.attestationSoundFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(none_named) if input.evidence.provenance.attestations.status == "absent"

else := lib.not_applicable("no attestation can be read: see provenance/attestation-invalid") if {
	input.evidence.provenance.attestations.status == "invalid"
}

else := {"outcome": "failed", "violations": foreign} if count(foreign) > 0

else := lib.unknown(input.evidence.provenance.attestations.reason) if {
	input.evidence.provenance.attestations.status == "unavailable"
}

else := lib.passed if {
	asked(input.settings.provenance.attestationSoundFrom)
	input.evidence.provenance.attestations.status == "present"
	count(bound) > 0
}

else := lib.failed(attestations_path, {})

foreign contains violation if {
	some index, one in input.facts.provenance.attestations
	not index in bound
	violation := lib.violation_of(one, object.filter(one, ["predicateType"]), attestations_path)
}

bound contains index if {
	some index, one in input.facts.provenance.attestations
	some artifact in one.boundTo
	artifact.algorithm in input.settings.provenance.strongAlgorithms
}

# METADATA
# description: Whether a demand that begins at the tier `from` is one, and the manifest has a block to hold it against.
asked(from) if {
	from in lib.tiers
	input.facts.provenance.block == "present"
	is_boolean(input.facts.provenance.trained)
}

exempt if {
	input.facts.provenance.block == "not-applicable"
	input.facts.provenance.trained == false
}
