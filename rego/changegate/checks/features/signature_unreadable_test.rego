package changegate.checks.features_test

unreadable_signature := [put(facts_path("/signature"), {
	"status": "absent", "reason": "it is not there", "place": {"path": ["spec", "features", "signature", "path"]},
})]

test_signature_unreadable_fires_alone if {
	failures("high", unreadable_signature) == {"features/signature-unreadable"}
	outcomes("high", unreadable_signature)["features/signature-unreadable"] == failed(
		["signature", "path"],
		{"reason": "it is not there"},
	)
}

test_signature_unreadable_passes_nothing_it_did_not_read if {
	none := [put(facts_path("/signature"), {"status": "none"})]
	every rule in ["features/signature-unreadable", "features/skew"] {
		outcomes("high", none)[rule].outcome == "not-applicable"
	}
}

test_signature_unreadable_missing if {
	every key in ["/signature/status", "/signature"] {
		"features/signature-unreadable" in failures("high", [drop(facts_path(key))])
	}
	every key in ["/signature/reason", "/signature/place"] {
		"features/signature-unreadable" in failures("high", array.concat(unreadable_signature, [drop(facts_path(key))]))
	}
}
