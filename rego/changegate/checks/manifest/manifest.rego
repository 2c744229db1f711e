# METADATA
# title: Manifests
# description: Whether the manifests of a change can be read, and are whose they say they are.
# custom:
#   subject: change-set
package changegate.checks.manifest

import data.changegate.lib

# METADATA
# description: Passes where every fault is known to be of another group; a fault that is of none lets no group pass.
judged(group, others) := lib.passed if {
	input.facts.manifest.checked == true
	is_array(input.facts.manifest.faults)
	every fault in input.facts.manifest.faults { fault.group in others }
} else := {"outcome": "failed", "violations": faults(group)} if {
	count(faults(group)) > 0
}

faults(group) := {lib.finding_at(fault.at, {"problem": fault.message, "hint": fault.hint}) |
	some fault in input.facts.manifest.faults
	fault.group == group
}

# METADATA
# description: Passes where a list was made and is empty; fails with the violations that its entries are.
empty(list, violations) := lib.passed if {
	input.facts.manifest.checked == true
	list == []
} else := {"outcome": "failed", "violations": violations} if {
	count(violations) > 0
}
