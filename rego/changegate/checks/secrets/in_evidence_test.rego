package changegate.checks.secrets_test

test_in_evidence_fires_alone if {
	held := [put("/facts/secrets/found", [secret("evidence")])]
	failures("high", held) == {"secrets/in-evidence"}
	outcomes("low", held)["secrets/in-evidence"] == {
		"outcome": "failed",
		"violations": {{"at": {"file": "m.yaml", "revision": "head", "line": 3, "column": 1}, "details": {"kind": "a token"}}},
	}
}

test_in_evidence_passes if {
	outcomes("high", [])["secrets/in-evidence"] == passed
	outcomes("high", [put("/facts/secrets/found", [secret("manifest")])])["secrets/in-evidence"] == passed
}

test_in_evidence_missing if {
	every key in ["/facts/secrets", "/facts/secrets/found", "/facts/secrets/checked", "/settings/secrets"] {
		"secrets/in-evidence" in failures("high", [drop(key)])
	}
	every key in ["of", "kind"] {
		held := [put("/facts/secrets/found", [secret("evidence")]), drop(concat("/", ["/facts/secrets/found/0", key]))]
		"secrets/in-evidence" in failures("high", held)
	}
}
