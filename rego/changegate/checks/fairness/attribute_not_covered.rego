package changegate.checks.fairness

import data.changegate.lib

# METADATA
# title: Every protected attribute is measured
# description: An attribute that is named and has no groups in any report was not looked at. Two groups of one report are the least that can be compared.
# custom:
#   severity: error
#   message: "No report compares two groups of {attribute}."
#   remediation: "Add the counts of at least two of its groups to a report, with the attribute spelled as under `protectedAttributes`; or take the attribute out and say why."
#   settings: [fairness.requiredFrom]
#   optional: [input.facts.fairness.coverage.name, input.facts.fairness.coverage.place]
#   references: ["NYC Local Law 144 of 2021: each category is measured separately"]
#   example:
#     bad: "protectedAttributes: [sex, age_band]  # and a report on sex alone"
#     good: "{\"groups\": [{\"attribute\": \"age_band\", \"group\": \"18-34\", …}, {\"attribute\": \"age_band\", \"group\": \"35-54\", …}]}  # in the report"
outcome["fairness/attribute-not-covered"] := result if result := unread(input.settings.fairness.requiredFrom)

else := lib.passed if {
	count(input.facts.fairness.coverage) > 0
	lib.all_good(input.facts.fairness.coverage, covered, readable(input.settings.fairness.requiredFrom))
}

else := result if {
	count(input.facts.fairness.coverage) > 0
	result := lib.none_of(lib.at_place(input.facts.fairness.coverage, covered, coverage_details, ["place"], block_path), readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {})

covered contains index if {
	some index, attribute in input.facts.fairness.coverage
	attribute.groupsCount >= 2
}

coverage_details[index] := details if {
	some index, attribute in input.facts.fairness.coverage
	details := {"attribute": attribute.name}
}
