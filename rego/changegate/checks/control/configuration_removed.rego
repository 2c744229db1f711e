package changegate.checks.control

import data.changegate.lib

# METADATA
# title: The configuration stays
# description: Without it nothing is enforced from the next change on.
# custom:
#   severity: error
#   message: The configuration is removed, and nothing would be enforced after that.
#   remediation: "Put .changegate/config.yaml back. To stop enforcing, write `enforcement: observe` in it, and have that approved."
#   settings: []
#   references: ["docs/trust.md"]
#   example:
#     bad: 'git rm .changegate/config.yaml'
#     good: 'enforcement: observe  # in .changegate/config.yaml'
outcome["control/configuration-removed"] := lib.passed if {
	input.facts.control.checked == true
	is_array(input.facts.control.changed)
	every one in input.facts.control.changed { keeps_configuration(one) }
}

else := lib.failed_at({"file": ".changegate/config.yaml", "revision": "base"}, {})

keeps_configuration(one) if one.oldFile != ".changegate/config.yaml"

keeps_configuration(one) if one.operation in {"added", "modified", "type-changed"}
