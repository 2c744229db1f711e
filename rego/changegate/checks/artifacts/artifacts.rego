# METADATA
# title: Artifacts
# description: What a release is made of, whether it is exactly that, and whether it fits where it will run.
# custom:
#   subject: release
#   path: [spec, artifacts]
package changegate.checks.artifacts

import data.changegate.lib

only_hosted := "every artifact is a model behind an API"

elsewhere := "no artifact has a path in this repository"

artifacts_path := ["spec", "artifacts"]

artifacts := input.facts.artifacts.artifacts

looked_at(from) if {
	from in lib.tiers
	has_artifacts
}

has_artifacts if count(artifacts) > 0

all_hosted if {
	has_artifacts
	every artifact in artifacts { artifact.kind == "hosted" }
}

none_stored if {
	has_artifacts
	every artifact in artifacts { artifact.kind in {"hosted", "uri"} }
}

hosted contains index if {
	some index, artifact in artifacts
	artifact.kind == "hosted"
}

not_stored contains index if {
	some index, artifact in artifacts
	artifact.kind in {"hosted", "uri"}
}

is_file(artifact) if artifact.kind in {"uri", "path"}

# METADATA
# description: What the repository has of an artifact, be it the file itself, its Git LFS pointer or its .dvc file.
stored_beside(violation) := lib.beside(violation, [place |
	path := input.release.spec.artifacts[violation.path[2]].path
	place := {"message": "what the repository has", "at": {"file": path}}
])

names[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name}
}
