# METADATA
# title: Content of artifacts
# description: What an artifact is by its own bytes, whether it is whole, and what it would do when it is loaded.
# custom:
#   subject: release
#   path: [spec, artifacts]
package changegate.checks.content

import data.changegate.lib

names_alone := "only names were looked at: no artifact's bytes are here"

not_all_read := "not all was looked through, which content/not-looked-through tells"

artifacts_path := ["spec", "artifacts"]

artifacts := input.facts.artifacts.artifacts

looked_at(from) if {
	from in lib.tiers
	has_artifacts
}

has_artifacts if count(artifacts) > 0

# METADATA
# description: Artifacts of which nobody has the bytes, and models behind an API, which have none.
unseen contains index if {
	some index, artifact in artifacts
	artifact.scan.status == "unseen"
}

none_seen if {
	has_artifacts
	every index, _ in artifacts { index in unseen }
}

half_seen contains index if {
	some index, artifact in artifacts
	artifact.scan.status == "incomplete"
}

# METADATA
# description: Artifacts in which nothing of a kind was found that does more than hold numbers.
free_of(kind) := {index |
	some index, artifact in artifacts
	is_array(artifact.scan.hazards)
	every hazard in artifact.scan.hazards { hazard.kind != kind }
}

# METADATA
# description: Whether nothing of a kind was found, in artifacts of which not all was looked through.
none_found_yet(kind) if {
	has_artifacts
	count(half_seen) > 0
	free := free_of(kind)
	every index, _ in artifacts { index in free }
}

# METADATA
# description: A violation for each artifact in which something of a kind was found.
found_of(kind) := {violation |
	some index, artifact in artifacts
	not index in free_of(kind)
	found := [hazard.what | some hazard in artifact.scan.hazards; hazard.kind == kind]
	details := {"name": object.get(artifact, "name", ""), "found": found}
	key := object.get(where, index, "path")
	violation := beside_file(lib.finding(array.concat(artifacts_path, [index, key]), details))
}

# METADATA
# description: A violation for each artifact that is not good, at its path where the bytes are in the repository, or else at its URI.
told(good, details) := {violation |
	some index, _ in artifacts
	not index in good
	key := object.get(where, index, "path")
	violation := beside_file(lib.finding(array.concat(artifacts_path, [index, key]), object.get(details, index, {})))
}

where[index] := "uri" if {
	some index, artifact in artifacts
	artifact.kind == "uri"
}

beside_file(violation) := lib.beside(violation, [place |
	path := input.release.spec.artifacts[violation.path[2]].path
	place := {"message": "the file itself", "at": {"file": path}}
])
