package changegate.checks.retirement_test

name_path := ["metadata", "name"]

place(file) := {"file": file, "revision": "head", "line": 4, "column": 3}

depended(places) := put("/facts/retirement/dependants", [{"identity": "new", "at": at} | some at in places])

test_still_depended_on_fires_alone if {
	one := [depended([place("new.yaml")])]
	failures("high", one) == {"retirement/still-depended-on"}
	outcomes("high", one)["retirement/still-depended-on"] == {"outcome": "failed", "violations": {{
		"at": place("new.yaml"),
		"details": {"file": "new.yaml", "retired": "old"},
		"related": [{"message": "the release that is deleted", "path": ["metadata", "name"]}],
	}}}
}

test_still_depended_on_fires_at_every_place if {
	found := outcomes("high", [depended([place("a.yaml"), place("b.yaml")])])["retirement/still-depended-on"]
	{one.at.file | some one in found.violations} == {"a.yaml", "b.yaml"}
}

test_still_depended_on_passes_where_nothing_does if outcomes("low", [])["retirement/still-depended-on"] == passed

test_still_depended_on_missing_facts_fail if {
	every path in ["/facts/retirement", "/facts/retirement/checked", "/facts/retirement/dependants"] {
		outcomes("high", [drop(path)])["retirement/still-depended-on"] == failed(name_path, {})
	}
	incomplete := [depended([place("a.yaml")]), drop("/facts/retirement/dependants/0/at")]
	outcomes("high", incomplete)["retirement/still-depended-on"] == failed(name_path, {})
}
