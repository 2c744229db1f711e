package changegate.checks.fairness_test

test_group_too_small_fires_alone if {
	small := [fact("/groups/1/sampleCount", 299)]
	failures("high", small) == {"fairness/group-too-small"}
	outcomes("high", small)["fairness/group-too-small"] == failed(at(["groups", 1, "group"]), {
		"attribute": "sex", "group": "male", "sampleCount": 299, "positivesCount": 500, "negativesCount": 500,
		"undefinedRates": [], "minimumCount": 300, "minimumClassCount": 50,
	})
	failures("medium", small) == set()
}

test_group_too_small_fires_without_positives_or_negatives if {
	every key in ["positivesCount", "negativesCount"] {
		failures("high", [fact(concat("/", ["/groups/0", key]), 0)]) == {"fairness/group-too-small"}
	}
}

test_group_too_small_passes_at_the_limit if {
	limit := [fact("/groups/0/sampleCount", 300), fact("/groups/0/positivesCount", 50), fact("/groups/0/negativesCount", 50)]
	outcomes("high", limit)["fairness/group-too-small"] == passed
}

test_group_too_small_missing_counts_fail if {
	every key in ["sampleCount", "positivesCount", "negativesCount"] {
		failures("high", [drop(concat("/", ["/facts/fairness/groups/0", key]))]) == {"fairness/group-too-small"}
	}
	failures("high", [fact("/groups", [])]) == {"fairness/group-too-small"}
	failures("high", [drop("/settings/fairness/minimumClassCount")]) == {"fairness/group-too-small"}
}
