package changegate.checks.artifacts_test

overwritten := [put(fact("0/address"), {"status": "reused", "previousDigest": "sha256:11"})]

test_address_reused_fires_alone if {
	failures("high", overwritten) == {"artifacts/address-reused"}
	outcomes("high", overwritten)["artifacts/address-reused"] == failed(
		[0, "uri"],
		{"name": "model", "previousDigest": "sha256:11"},
	)
}

test_address_reused_passes if outcomes("high", [])["artifacts/address-reused"] == passed

test_address_reused_by_the_previous_release if {
	outcomes("high", [put("/previous", {"status": "absent", "reason": "none"})])["artifacts/address-reused"].outcome == "not-applicable"
	outcomes("high", [put("/previous", {"status": "unavailable", "reason": "why"})])["artifacts/address-reused"].outcome == "unknown"
	outcomes("high", [put("/previous", {"status": "invalid", "reason": "why"})])["artifacts/address-reused"].outcome == "failed"
}

test_address_reused_missing if {
	every key in ["address", "address/status"] {
		failures("high", [drop(fact(concat("/", ["0", key])))]) == {"artifacts/address-reused"}
	}
}
