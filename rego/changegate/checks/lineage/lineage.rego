# METADATA
# title: Lineage
# description: What a release follows on. Under a new name, or by a return that is none, a release would be compared with nothing.
# custom:
#   subject: release
#   path: [metadata, name]
package changegate.checks.lineage

import data.changegate.lib
import data.changegate.risk

name_path := ["metadata", "name"]

version_path := ["spec", "version"]

replaces_path := ["metadata", "replaces"]

artifacts_path := ["spec", "artifacts"]

# METADATA
# title: A lower version is a return to what ran
# description: |
#   A release with a lower version and new content is no rollback: it is the history of the branch that knows what ran.
#   Version, artifacts, dependencies, features, task, use and serving image have to be those of that release, and every
#   artifact bound by a digest, a commit or a snapshot.
# custom:
#   severity: error
#   message: "The version {version} is lower than {previous}, and the branch had no release of that version with this content."
#   remediation: "Give new content a higher version. To go back, put the manifest back as it was: `git log --first-parent -- {file}` lists its states; a shallow clone does not have them."
#   settings: [lineage.versionFrom]
#   optional: [input.change, input.facts.lineage.version.before, input.facts.lineage.version.ranBefore, input.previous.file, input.previous.how, input.previous.release, input.previous.revision, input.release]
#   references: ["https://semver.org/#spec-item-3", "docs/decisions/0018-a-rollback-is-a-return.md"]
#   example:
#     bad: "version: 2.3.0  # 2.4.0 is in production, and 2.3.0 had another artifact"
#     good: "version: 2.4.1"
outcome["lineage/version-lowered"] := lib.not_applicable(lib.low_tier) if {
	input.settings.lineage.versionFrom in risk.beyond
}

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.not_applicable("the previous release cannot be read: see risk/previous-unreadable") if {
	input.previous.status == "invalid"
}

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.passed if {
	input.settings.lineage.versionFrom in lib.tiers
	input.previous.status == "present"
	input.facts.lineage.checked == true
	input.facts.lineage.version.lowered == false
}

else := lib.passed if {
	input.settings.lineage.versionFrom in lib.tiers
	input.previous.status == "present"
	input.facts.lineage.checked == true
	input.facts.lineage.version.ranBefore == true
}

else := result if {
	result := lib.failed(version_path, {
		"version": input.release.spec.version,
		"previous": input.facts.lineage.version.before,
		"file": input.previous.file,
	})
}

else := lib.failed(version_path, {})

# METADATA
# title: One version names one content
# description: |
#   A rollback, a pin, an audit record and telemetry name a release by its version. Under one version artifacts keep their
#   digests, snapshots and roles, and dependencies their versions. What was not stated may be added.
# custom:
#   severity: error
#   message: "The {kind} {name} {problem}, and the version is still {version}."
#   remediation: "Write a new version under `spec`: `version: …`, above {version}. If nothing was to change, put the manifest back as it was: `git show {revision}:{file}` shows it."
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

kept contains index if {
	some index, part in input.facts.lineage.content.parts
	part.state == "same"
}

changed contains violation if {
	some index, part in input.facts.lineage.content.parts
	not index in kept
	violation := lib.violation_of(
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

# METADATA
# title: A new name for an old release says so
# description: |
#   Without `replaces` a release under a new name is compared with nothing, so that it may be worse and promise less. The
#   demand begins at the tier of either: of the new release, or of the one that it looks like.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The release is new, and looks like {identity}: it has {shares}. It is compared with nothing, and nobody of the role {role} has approved that."
#   remediation: "Write `replaces: <the old name>` under `metadata` if it is the same model; else ask one of {candidates} to review the change."
#   settings: [lineage.renameFrom, lineage.renameRole]
#   optional: [input.evidence.approvals, input.facts.approvals, input.facts.lineage.resembles, input.settings.lineage.renameRole]
#   references: ["SR 26-2: model inventory", "docs/manifest.md"]
#   example:
#     bad: "metadata: {name: fraud-scorer}  # in the file in which fraud-detector was"
#     good: "metadata: {name: fraud-scorer, replaces: fraud-detector}"
outcome["lineage/rename-undeclared"] := lib.passed if {
	input.settings.lineage.renameFrom in lib.tiers
	input.facts.lineage.checked == true
	input.facts.lineage.resembles == []
}

else := lib.not_applicable(lib.low_tier) if {
	count(input.facts.lineage.resembles) > 0
	every index, _ in input.facts.lineage.resembles { index in of_low_tier }
}

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.passed if {
	input.settings.lineage.renameFrom in lib.tiers
	input.facts.lineage.checked == true
	input.evidence.approvals.status == "present"
	count(input.facts.lineage.resembles) > 0
	count(input.facts.approvals.roles[input.settings.lineage.renameRole].approvedBy) > 0
}

else := {"outcome": "failed", "violations": unnamed} if count(unnamed) > 0

else := lib.failed(name_path, {})

of_low_tier contains index if {
	some index, one in input.facts.lineage.resembles
	input.settings.lineage.renameFrom in risk.beyond
	input.settings.lineage.renameFrom in object.get(risk.above, one.tier, set())
}

unnamed contains violation if {
	some index, one in input.facts.lineage.resembles
	not index in of_low_tier
	violation := lib.violation(name_path, {
		"identity": one.identity,
		"shares": one.shares,
		"role": input.settings.lineage.renameRole,
		"candidates": object.get(input.facts.approvals.roles, [input.settings.lineage.renameRole, "candidates"], []),
	})
}

# METADATA
# title: A declared rename is one
# description: What a release says that it replaces is what it is compared with, so that has to be there, and to go, and to have one successor.
# custom:
#   severity: error
#   message: "The release says that it replaces {identity}: {problem}."
#   remediation: "{hint}"
#   settings: []
#   optional: [input.facts.lineage.replaces.identity, input.facts.lineage.replaces.others]
#   references: ["docs/manifest.md"]
#   example:
#     bad: "metadata: {name: fraud-scorer, replaces: fraud-detector}  # and fraud-detector stays"
#     good: "metadata: {name: fraud-scorer, replaces: fraud-detector}  # and the manifest of fraud-detector goes"
outcome["lineage/replaces-unfounded"] := lib.not_applicable("it does not say that it replaces another") if {
	input.facts.lineage.checked == true
	input.facts.lineage.replaces.state == "none"
}

else := lib.not_applicable("the release was there before: what it once replaced is settled") if {
	input.facts.lineage.checked == true
	input.facts.lineage.replaces.state == "settled"
}

else := lib.passed if {
	input.facts.lineage.checked == true
	input.facts.lineage.replaces.state == "renamed"
}

else := result if {
	result := lib.failed(replaces_path, {
		"identity": input.facts.lineage.replaces.identity,
		"problem": problems[input.facts.lineage.replaces.state].problem,
		"hint": problems[input.facts.lineage.replaces.state].hint,
	})
}

else := lib.failed(replaces_path, {})

problems := {
	"never-was": {"problem": "the base has no such release", "hint": "Write the name that the release has at the base, or leave `replaces` out."},
	"still-there": {"problem": "it is still there", "hint": "Delete the manifest of the old name in this change, or leave `replaces` out."},
	"claimed-twice": {"problem": "another release says so too", "hint": "Leave `replaces` in one of them: a release has one successor."},
}
