package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: New content has an address of its own
# description: Weights that are written over those of the version before leave nothing to go back to, and the digest that was approved then no longer fits its address. Only the previous release is compared; nothing is fetched.
# custom:
#   severity: error
#   message: "The artifact {name} has another digest at the address at which the previous release had {previousDigest}."
#   remediation: "Put the new file at an address of its own, such as one with the version in it, and write that into `uri`. Put the old file back at the old address: the previous release still names it."
#   settings: [artifacts.addressFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.address.previousDigest]
#   references: ["https://slsa.dev/spec/v1.0/verifying-artifacts", "https://semver.org/#spec-item-3"]
#   example:
#     bad: "uri: s3://models/fraud/2.4.0/model.safetensors  # under version: 2.5.0, with another digest than in 2.4.0"
#     good: "uri: s3://models/fraud/2.5.0/model.safetensors"
outcome["artifacts/address-reused"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.addressFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.passed if {
	input.previous.status == "present"
	lib.all_good(artifacts, unshared, looked_at(input.settings.artifacts.addressFrom))
}

else := result if {
	input.previous.status == "present"
	result := lib.none_of(lib.at_index(artifacts, unshared, addresses, artifacts_path, ["uri"]), looked_at(input.settings.artifacts.addressFrom))
}

else := lib.failed(artifacts_path, {})

unshared contains index if {
	some index, artifact in artifacts
	is_file(artifact)
	artifact.address.status == "kept"
}

unshared contains index if some index in hosted

addresses[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "previousDigest": artifact.address.previousDigest}
}
