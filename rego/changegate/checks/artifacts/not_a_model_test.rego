package changegate.checks.artifacts_test

opened := put(fact("0/stored/content"), {"status": "fits"})

test_not_a_model_fires_alone if {
	page := [put(fact("0/stored/content"), {"status": "differs", "reason": "m begins like a page of HTML"})]
	failures("high", page) == {"artifacts/not-a-model"}
	failures("low", page) == {"artifacts/not-a-model"}
	outcomes("high", page)["artifacts/not-a-model"] == failed(
		[0, "path"],
		{"name": "model", "reason": "m begins like a page of HTML"},
	)
}

test_not_a_model_passes_what_begins_so if outcomes("high", [opened])["artifacts/not-a-model"] == passed

test_not_a_model_says_that_nothing_was_opened if {
	unseen := [put(fact("0/stored/content"), {"status": "unseen", "reason": "m stands for a file that is kept elsewhere"})]
	outcomes("high", unseen)["artifacts/not-a-model"] == {
		"outcome": "not-applicable",
		"reason": "no file was opened: names, sizes and digests alone were looked at",
	}
	far := [put("/facts/artifacts/artifacts", [adapter, judge])]
	outcomes("high", far)["artifacts/not-a-model"].outcome == "not-applicable"
}

test_not_a_model_leaves_what_is_not_there_to_the_digest if {
	gone := [put(fact("0/stored"), {"status": "absent", "reason": "m is not in the repository"})]
	outcomes("high", gone)["artifacts/not-a-model"].outcome == "not-applicable"
}

test_not_a_model_missing if {
	every key in ["stored", "stored/content", "stored/content/status"] {
		"artifacts/not-a-model" in failures("high", [opened, drop(fact(concat("/", ["0", key])))])
	}
}
