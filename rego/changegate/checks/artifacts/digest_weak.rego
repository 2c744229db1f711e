package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The digest is a strong one
# description: Two files with the same md5 or sha1 can be made at will, one to be reviewed and one to be served.
# custom:
#   severity: error
#   message: "The artifact {name} is identified by {algorithm}, which does not bind a file."
#   remediation: "Write its sha256 in place of it; `sha256sum FILE` prints it."
#   settings: [artifacts.digestFrom, artifacts.strongAlgorithms]
#   optional: [input.facts.artifacts.artifacts.name]
#   references: ["https://csrc.nist.gov/projects/hash-functions"]
#   example:
#     bad: "digest: md5:9e107d9d372bb6826bd81d3542a419d6"
#     good: "digest: sha256:ebe8df72f805d5adecf54f1052b4bcf500c8a034d3e171d8d9cfa345596e5a10"
outcome["artifacts/digest-weak"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.digestFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.passed if lib.all_good(artifacts, strong, looked_at(input.settings.artifacts.digestFrom))

else := result if result := lib.none_of(lib.at_index(artifacts, strong, algorithms, artifacts_path, ["digest"]), looked_at(input.settings.artifacts.digestFrom))

else := lib.failed(artifacts_path, {})

strong contains index if {
	some index, artifact in artifacts
	artifact.digest.stated == true
	artifact.digest.algorithm in input.settings.artifacts.strongAlgorithms
	is_file(artifact)
}

strong contains index if {
	some index, artifact in artifacts
	artifact.digest.stated == false
	is_file(artifact)
}

strong contains index if some index in hosted

# METADATA
# description: Details are put together in the body, since an undefined part in a head is an error on the embedded engine.
algorithms[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "algorithm": artifact.digest.algorithm}
}
