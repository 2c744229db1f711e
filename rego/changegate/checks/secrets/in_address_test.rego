package changegate.checks.secrets_test

test_in_address_fires_alone if {
	held := [put("/facts/secrets/found", [secret("address")])]
	failures("high", held) == {"secrets/in-address"}
	outcomes("low", held)["secrets/in-address"] == {
		"outcome": "failed",
		"violations": {{"at": {"file": "m.yaml", "revision": "head", "line": 3, "column": 1}, "details": {"kind": "a token"}}},
	}
}

test_in_address_passes if {
	outcomes("high", [])["secrets/in-address"] == passed
	outcomes("high", [put("/facts/secrets/found", [secret("evidence")])])["secrets/in-address"] == passed
}

test_in_address_missing if {
	every key in ["/facts/secrets", "/facts/secrets/found", "/facts/secrets/checked", "/settings/secrets"] {
		"secrets/in-address" in failures("high", [drop(key)])
	}
	every key in ["of", "kind"] {
		held := [put("/facts/secrets/found", [secret("address")]), drop(concat("/", ["/facts/secrets/found/0", key]))]
		"secrets/in-address" in failures("high", held)
	}
}
