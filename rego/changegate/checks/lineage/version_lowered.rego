package changegate.checks.lineage

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A lower version is a return to what ran
# description: |
#   A release with a lower version and new content is no rollback: it is the history of the branch that knows what ran.
#   Version, artifacts, dependencies, features, task, use and serving image have to be those of that release, and every
#   artifact bound by a digest, a commit or a snapshot.
# custom:
#   severity: error
#   message: "The version {version} is lower than {previous}, and the branch had no release of that version with this content."
#   remediation: "Give new content a higher version than {previous}. To go back, put the manifest back as it was: `git log --first-parent -- {file}` lists its states; a shallow clone does not have them."
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
	result := lib.failed_beside_previous(version_path, {
		"version": input.release.spec.version,
		"previous": input.facts.lineage.version.before,
		"file": input.previous.file,
	})
}

else := lib.failed(version_path, {})
