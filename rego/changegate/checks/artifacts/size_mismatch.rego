package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The size is the one of the file
# description: A size that differs from the file, its Git LFS pointer or its .dvc file is of another file.
# custom:
#   severity: error
#   message: "The artifact {name} has {found} bytes in the repository; the manifest says {stated}."
#   remediation: "Write the size of the artifact itself: `sizeBytes: {found}`."
#   settings: [artifacts.mismatchFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.stored.kind, input.release]
#   references: ["https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md", "https://dvc.org/doc/user-guide/project-structure/dvc-files"]
#   example:
#     bad: "{path: model.safetensors, sizeBytes: 48}  # the pointer says 48210944"
#     good: "{path: model.safetensors, sizeBytes: 48210944}"
outcome["artifacts/size-mismatch"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.mismatchFrom in risk.beyond
}

else := lib.not_applicable(elsewhere) if none_stored

else := lib.passed if lib.all_good(artifacts, weighed, looked_at(input.settings.artifacts.mismatchFrom))

else := result if result := lib.none_of(misweighed, looked_at(input.settings.artifacts.mismatchFrom))

else := lib.failed(artifacts_path, {})

weighed contains index if {
	some index, artifact in artifacts
	artifact.kind == "path"
	artifact.stored.status == "present"
	artifact.size.stated == true
	artifact.size.statedBytes == artifact.stored.sizeBytes
}

weighed contains index if {
	some index, artifact in artifacts
	artifact.kind == "path"
	artifact.size.stated == false
}

# METADATA
# description: What is not there, or says nothing, has no size to compare; artifacts/digest-mismatch fails for it.
weighed contains index if {
	some index, artifact in artifacts
	artifact.kind == "path"
	artifact.stored.status in {"absent", "invalid"}
}

weighed contains index if some index in not_stored

misweighed contains stored_beside(violation) if {
	some violation in lib.at_index(artifacts, weighed, weights, artifacts_path, ["sizeBytes"])
}

weights[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "stated": artifact.size.statedBytes, "found": artifact.stored.sizeBytes}
}
