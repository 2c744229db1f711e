package changegate.checks.provenance_test

wrong_key := {"kind": "wrong-key", "reason": "no key that the base names fits it"}

by_nobody := [
	put("/facts/provenance/signed/0/verified", false),
	put("/facts/provenance/signed/0/told", "read, not verified: no key that the base names fits it"),
	put("/facts/provenance/signed/0/covers/0/by", []),
	put("/facts/provenance/signed/0/doubts", [wrong_key]),
]

not_verified_details := {
	"what": "signature",
	"predicateType": "https://model_signing/signature/v1.0",
	"told": "read, not verified: no key that the base names fits it",
	"needed": ["training"],
}

test_not_verified_fires_on_what_no_key_fits if {
	only("provenance/not-verified", by_nobody, failed_at(at_file, not_verified_details))
}

test_not_verified_fires_on_the_signature_of_somebody_else if {
	other := [put("/facts/provenance/signed/0/covers/0/by", []), put("/facts/provenance/signed/0/told", "verified by key x of signer y")]
	details := object.union(not_verified_details, {"told": "verified by key x of signer y"})
	only("provenance/not-verified", other, failed_at(at_file, details))
}

test_not_verified_fires_where_one_of_all_is_missing if {
	all := {"tiers": ["high"], "needs": "all", "signers": ["training", "release"], "by": ["training"]}
	failures("high", [put("/facts/provenance/signed/0/covers/0", all)]) == {"provenance/not-verified"}
	both := object.union(all, {"by": ["release", "training"]})
	passes("provenance/not-verified", [put("/facts/provenance/signed/0/covers/0", both)])
}

test_not_verified_fires_where_settings_ask_and_nobody_is_named if {
	nobody := array.concat(by_nobody, array.concat(unasked, [put("/settings/provenance/verifiedFrom", "medium")]))
	details := object.union(not_verified_details, {"needed": "nobody that is named"})
	only("provenance/not-verified", nobody, failed_at(at_file, details))
}

test_not_verified_is_of_the_tiers_that_are_covered if {
	critical := array.concat(by_nobody, [
		put("/facts/provenance/signed/0/covers/0/tiers", ["critical"]),
		put("/facts/provenance/covers/0/tiers", ["critical"]),
	])
	is_na("provenance/not-verified", "high", critical)
	"provenance/not-verified" in failures("critical", critical)
}

test_not_verified_is_unknown_where_nobody_can_tell if {
	keyless := array.concat(by_nobody, [add("/facts/provenance/signed/0/unknown", "install sigstore")])
	outcomes("high", keyless)["provenance/not-verified"] == {"outcome": "unknown", "reason": "install sigstore"}
}

test_not_verified_passes if passes("provenance/not-verified", [])

test_not_verified_leaves_alone_what_nobody_has_to_sign if {
	is_na("provenance/not-verified", "high", array.concat(by_nobody, unasked))
	is_na("provenance/not-verified", "high", [put("/facts/provenance/signed", [])])
}

test_not_verified_missing_keys_fail if {
	every path in [
		"/facts/provenance/signed", "/facts/provenance/signed/0/covers", "/facts/provenance/signed/0/covers/0/tiers",
		"/facts/provenance/signed/0/covers/0/needs", "/facts/provenance/signed/0/covers/0/signers",
		"/facts/provenance/signed/0/covers/0/by",
	] {
		"provenance/not-verified" in failures("high", [drop(path)])
	}
	asked := [put("/settings/provenance/verifiedFrom", "low"), drop("/facts/provenance/signed/0/verified")]
	"provenance/not-verified" in failures("high", asked)
	"provenance/not-verified" in failures("high", array.concat(unasked, [drop("/settings/provenance/verifiedFrom")]))
}
