package changegate.main_test

import data.changegate.main

families(kind) := {check |
	decision := main.decision with input as {"subject": {"kind": kind}}
	some id, _ in decision.outcomes
	check := split(id, "/")[0]
}

test_release_is_asked_by_the_checks_of_releases if {
	{"approvals", "lineage", "risk", "rollout", "slos"} - families("release") == set()
	{"control", "manifest", "retirement"} & families("release") == set()
}

test_retirement_is_asked_by_its_own_check if families("retirement") == {"retirement"}

test_change_set_is_asked_by_its_own_checks if families("change-set") == {"control", "dependencies", "manifest", "owners"}

test_unknown_kind_is_asked_nothing_and_so_decides_nothing if families("other") == set()

test_decision_of_no_input_is_whole_and_passes_nothing if {
	decision := main.decision with input as {"subject": {"kind": "release"}}
	decision.risk.tier == "critical"
	decision.requiredApprovals == []
	{id | some id, outcome in decision.outcomes; outcome.outcome == "passed"} == set()
}
