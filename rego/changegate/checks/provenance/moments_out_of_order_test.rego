package changegate.checks.provenance_test

test_moments_out_of_order_fires if {
	late := [put("/facts/provenance/order/0/gapSeconds", -60), put("/facts/provenance/order/0/behindSeconds", 60)]
	only("provenance/moments-out-of-order", late, failed(snapshot_at, {
		"earlier": "snapshotAt of transactions", "later": "evaluatedAt of evidence/evaluation.json", "behindSeconds": 60,
	}))
}

test_moments_out_of_order_passes if {
	passes("provenance/moments-out-of-order", [])
	passes("provenance/moments-out-of-order", [put("/facts/provenance/order/0/gapSeconds", 0)])
}

test_moments_out_of_order_is_not_applicable_where_there_are_no_two if {
	found := outcomes("high", [put("/facts/provenance/order", [])])
	found["provenance/moments-out-of-order"].outcome == "not-applicable"
}

test_moments_out_of_order_missing if {
	every path in ["/facts/provenance/order", "/facts/provenance/order/0/gapSeconds"] {
		failures("high", [drop(path)]) == {"provenance/moments-out-of-order"}
	}
}
