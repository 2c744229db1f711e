package changegate.checks.secrets_test

test_in_manifest_fires_alone if {
	held := [put("/facts/secrets/found", [secret("manifest")])]
	failures("high", held) == {"secrets/in-manifest"}
	outcomes("low", held)["secrets/in-manifest"] == {
		"outcome": "failed",
		"violations": {{"at": {"file": "m.yaml", "revision": "head", "line": 3, "column": 1}, "details": {"kind": "a token"}}},
	}
}

test_in_manifest_passes if {
	outcomes("high", [])["secrets/in-manifest"] == passed
	outcomes("high", [put("/facts/secrets/found", [secret("evidence")])])["secrets/in-manifest"] == passed
}

test_in_manifest_missing if {
	every key in ["/facts/secrets", "/facts/secrets/found", "/facts/secrets/checked", "/settings/secrets"] {
		"secrets/in-manifest" in failures("high", [drop(key)])
	}
	every key in ["of", "kind"] {
		held := [put("/facts/secrets/found", [secret("manifest")]), drop(concat("/", ["/facts/secrets/found/0", key]))]
		"secrets/in-manifest" in failures("high", held)
	}
}
