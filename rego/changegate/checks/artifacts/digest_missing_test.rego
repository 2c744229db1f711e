package changegate.checks.artifacts_test

test_digest_missing_fires_alone if {
	without := [put(fact("1/digest"), {"stated": false})]
	failures("high", without) == {"artifacts/digest-missing"}
	outcomes("high", without)["artifacts/digest-missing"] == failed([1, "digest"], {"name": "adapter"})
}

test_digest_missing_passes_a_hosted_model if outcomes("high", [])["artifacts/digest-missing"] == passed

test_digest_missing_missing if "artifacts/digest-missing" in failures("high", [drop(fact("1/digest/stated"))])
