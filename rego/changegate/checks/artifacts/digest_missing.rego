package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An artifact has a digest
# description: A name says where a file is, and only a digest says which file it is.
# custom:
#   severity: error
#   message: "The artifact {name} has no digest."
#   remediation: "Add `digest: sha256:<64 hex digits>`; `sha256sum FILE` prints them."
#   settings: [artifacts.digestFrom]
#   optional: [input.facts.artifacts.artifacts.name]
#   references: ["https://slsa.dev/spec/v1.0/verifying-artifacts"]
#   example:
#     bad: "{name: model, role: model, uri: s3://models/fraud/2.4.0/model.safetensors}"
#     good: "{name: model, role: model, uri: s3://models/fraud/2.4.0/model.safetensors, digest: sha256:ebe8df72f805d5adecf54f1052b4bcf500c8a034d3e171d8d9cfa345596e5a10}"
outcome["artifacts/digest-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.digestFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.passed if lib.all_good(artifacts, digested, looked_at(input.settings.artifacts.digestFrom))

else := result if result := lib.none_of(lib.at_index(artifacts, digested, names, artifacts_path, ["digest"]), looked_at(input.settings.artifacts.digestFrom))

else := lib.failed(artifacts_path, {})

digested contains index if {
	some index, artifact in artifacts
	artifact.digest.stated == true
	is_file(artifact)
}

digested contains index if some index in hosted
