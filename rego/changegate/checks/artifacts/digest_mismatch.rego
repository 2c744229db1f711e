package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The file is the one that the manifest names
# description: A digest that differs from the file, its Git LFS pointer or its .dvc file says that something else was reviewed.
# custom:
#   severity: error
#   message: "The artifact {name} is not confirmed by the repository. The manifest says {stated}. In the repository: {found}."
#   remediation: "If the digest is right, commit the file that it is of, or its Git LFS pointer or .dvc file (with `sha256` under the output's `meta`). If the file is right, write its own digest into the manifest, and a new `version`, which rolls back to the one of now."
#   settings: [artifacts.mismatchFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.stored.kind, input.release]
#   references: ["https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md", "https://dvc.org/doc/user-guide/project-structure/dvc-files"]
#   example:
#     bad: "{path: model.safetensors, digest: sha256:1111111111111111111111111111111111111111111111111111111111111111}  # the pointer's oid is another"
#     good: "{path: model.safetensors, digest: sha256:ebe8df72f805d5adecf54f1052b4bcf500c8a034d3e171d8d9cfa345596e5a10}"
outcome["artifacts/digest-mismatch"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.mismatchFrom in risk.beyond
}

else := lib.not_applicable(elsewhere) if none_stored

else := result if result := lib.none_of(unconfirmed, looked_at(input.settings.artifacts.mismatchFrom))

else := lib.failed(artifacts_path, {})

confirmed contains index if {
	some index, artifact in artifacts
	artifact.kind == "path"
	artifact.stored.status == "present"
	artifact.digest.stated == true
	artifact.stored.digest == artifact.digest.value
}

confirmed contains index if {
	some index, artifact in artifacts
	artifact.kind == "path"
	artifact.stored.status == "present"
	artifact.digest.stated == false
}

confirmed contains index if some index in not_stored

unconfirmed contains stored_beside(lib.finding(array.concat(artifacts_path, [index, key]), details)) if {
	some index, artifact in artifacts
	not index in confirmed
	key := object.get(confirmed_by, index, "path")
	details := object.get(differences, index, {})
}

confirmed_by[index] := "digest" if {
	some index, artifact in artifacts
	artifact.stored.status == "present"
}

differences[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "stated": stated_digest(artifact), "found": found_digest(artifact)}
}

stated_digest(artifact) := digest if digest := artifact.digest.value

else := "no digest"

found_digest(artifact) := digest if digest := artifact.stored.digest

else := reason if reason := artifact.stored.reason

else := "nothing is known"
