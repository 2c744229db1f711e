package changegate.checks.lineage

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: One version names one content
# description: |
#   A rollback, a pin, an audit record and telemetry name a release by its version. Under one version artifacts keep their
#   digests, snapshots and roles, and dependencies their versions. What was not stated may be added.
# custom:
#   severity: error
#   message: "The {kind} {name} {problem}, and the version is still {version}."
#   remediation: "Write a new version under `spec`, above {version}, and let its rollback lead to {version}. If nothing was to change, put the old state back: `git show {revision}:{file}` shows the manifest as it was."
#   settings: [lineage.versionFrom]
#   optional: [input.facts.lineage.content.parts.kind, input.facts.lineage.content.parts.name, input.facts.lineage.content.parts.place, input.previous.file, input.previous.how, input.previous.release, input.previous.revision, input.release]
#   references: ["https://semver.org/#spec-item-3", "docs/decisions/0023-one-version-one-content.md"]
#   example:
#     bad: "digest: sha256:2c67…  # under version: 2.4.0, which had sha256:ebe8…"
#     good: "digest: sha256:2c67…  # under version: 2.4.1"
outcome["lineage/content-changed-under-version"] := lib.not_applicable(lib.low_tier) if {
	input.settings.lineage.versionFrom in risk.beyond
}

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.not_applicable("the previous release cannot be read: see risk/previous-unreadable") if {
	input.previous.status == "invalid"
}

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.not_applicable("the release had another name before") if input.previous.how == "replaces"

else := lib.not_applicable("the version is not the one before") if {
	input.facts.lineage.checked == true
	input.facts.lineage.content.sameVersion == false
}

else := lib.passed if {
	input.settings.lineage.versionFrom in lib.tiers
	input.previous.status == "present"
	input.facts.lineage.content.sameVersion == true
	count(input.facts.lineage.content.parts) > 0
	lib.all_good(input.facts.lineage.content.parts, kept, input.facts.lineage.checked)
}

else := {"outcome": "failed", "violations": changed} if count(changed) > 0

else := lib.failed(version_path, {})

artifacts_path := ["spec", "artifacts"]

kept contains index if {
	some index, part in input.facts.lineage.content.parts
	part.state == "same"
}

changed contains violation if {
	some index, part in input.facts.lineage.content.parts
	not index in kept
	violation := lib.finding_of(
		part, {
			"kind": part.kind,
			"name": part.name,
			"problem": object.get(differences, part.state, "is another one"),
			"version": input.release.spec.version,
			"revision": input.previous.revision,
			"file": input.previous.file,
		},
		artifacts_path,
	)
}

differences := {
	"added": "was no part of the release",
	"algorithm": "has a digest of another algorithm, which nobody can compare with the one before",
	"digest": "has another digest",
	"form": "was behind an API and is a file now, or the other way round",
	"hosted": "is another hosted model or snapshot, or no longer says which",
	"moved": "has another address, and had no digest that would show that it is the same",
	"removed": "is no part of the release any more",
	"repinned": "is named in another version, or used otherwise",
	"resized": "has another size, and had no digest that would show that it is the same",
	"rewritten": "is another file at its path, and had no digest",
	"role": "has another role",
	"unbound": "no longer has the digest that it had",
}
