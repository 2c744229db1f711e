package changegate.checks.manifest_test

ambiguous := {"message": "no is the text 'no' here", "hint": "Put it into quotes.", "at": at}

test_ambiguous_scalar_fires_alone if {
	failures([list("ambiguous", [ambiguous])]) == {"manifest/ambiguous-scalar"}
	outcomes([list("ambiguous", [ambiguous])])["manifest/ambiguous-scalar"] == failed({
		"problem": "no is the text 'no' here", "hint": "Put it into quotes.",
	})
}

test_ambiguous_scalar_passes_where_there_is_none if outcomes([])["manifest/ambiguous-scalar"] == passed

test_ambiguous_scalar_missing_facts_fail if {
	outcomes([drop("/facts/manifest/ambiguous")])["manifest/ambiguous-scalar"] == undetermined
	outcomes([list("ambiguous", [object.remove(ambiguous, ["hint"])])])["manifest/ambiguous-scalar"] == undetermined
}
