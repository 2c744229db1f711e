package changegate.checks.lineage

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Which of two releases is newer, the version says
# description: |
#   A lower version is a return to what ran, and is held to that. After versions that have an order a name, or a commit,
#   has none: then nobody can tell a new release from an old one.
# custom:
#   severity: error
#   message: "The version {version} has no order beside {previous}: which of them is newer cannot be told."
#   remediation: "Write a version above {previous}, in the same form."
#   settings: [lineage.versionFrom]
#   optional: [input.facts.lineage.version.before, input.previous.file, input.previous.how, input.previous.release, input.previous.revision, input.release]
#   references: ["https://semver.org/#spec-item-11"]
#   example:
#     bad: "version: better  # after 2.4.0"
#     good: "version: 2.4.1"
outcome["lineage/version-form-changed"] := lib.not_applicable(lib.low_tier) if {
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
	input.facts.lineage.version.formKept == true
}

else := result if {
	result := lib.failed_beside_previous(version_path, {
		"version": input.release.spec.version,
		"previous": input.facts.lineage.version.before,
	})
}

else := lib.failed(version_path, {})
