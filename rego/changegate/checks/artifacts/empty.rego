package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An artifact is not empty
# description: A size of 0, and the digest of no content, are what an upload that failed leaves behind; all that is named beside it agrees with it.
# custom:
#   severity: error
#   message: "The artifact {name} has no content: {reason}."
#   remediation: "Upload the artifact again. Then write its size and its digest, as the file has them where it is stored, into the manifest (`stat -c %s FILE` and `sha256sum FILE` print them), and evaluate that file."
#   settings: [artifacts.emptyFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.stored.kind]
#   references: ["https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests"]
#   example:
#     bad: "{sizeBytes: 0, digest: sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855}"
#     good: "{sizeBytes: 48210944, digest: sha256:ebe8df72f805d5adecf54f1052b4bcf500c8a034d3e171d8d9cfa345596e5a10}"
outcome["artifacts/empty"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.emptyFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.passed if lib.all_good(artifacts, filled, looked_at(input.settings.artifacts.emptyFrom))

else := result if result := lib.none_of(hollow, looked_at(input.settings.artifacts.emptyFrom))

else := lib.failed(artifacts_path, {})

filled contains index if {
	some index, artifact in artifacts
	is_file(artifact)
	count(artifact.nothing) == 0
}

filled contains index if some index in hosted

hollow contains lib.finding(place, details) if {
	some index, artifact in artifacts
	some said in artifact.nothing
	place := array.concat(artifacts_path, [index, said.key])
	details := {"name": artifact.name, "reason": said.reason}
}

hollow contains lib.finding(array.concat(artifacts_path, [index]), {}) if {
	some index, _ in artifacts
	not index in filled
	not index in said_empty
}

said_empty contains index if {
	some index, artifact in artifacts
	count(artifact.nothing) > 0
}
