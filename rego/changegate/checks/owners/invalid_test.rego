package changegate.checks.owners_test

wrong := {"message": "GitHub knows no `!`", "hint": "Take it out.", "at": line}

test_invalid_fires_on_the_line if {
	bad := [put("/facts/owners/faults", [wrong])]
	failures(bad) == {"owners/invalid"}
	outcomes(bad)["owners/invalid"] == {"outcome": "failed", "violations": {{
		"at": line,
		"details": {"problem": "GitHub knows no `!`", "hint": "Take it out."},
	}}}
}

test_invalid_fires_alone_where_there_is_no_file if {
	none := [put("/evidence/owners", {"status": "invalid", "reason": "there is none"}), put("/facts/owners/faults", [wrong])]
	failures(none) == {"owners/invalid"}
}

test_invalid_passes_what_can_be_read if outcomes([])["owners/invalid"] == passed

test_invalid_missing_facts_fail if {
	every path in ["/facts/owners/checked", "/facts/owners/faults", "/settings/owners/requiredFor"] {
		"owners/invalid" in failures([drop(path)])
	}
}
