package changegate.checks.artifacts_test

test_digest_weak_fires_alone if {
	weak := [put(fact("1/digest/algorithm"), "md5")]
	failures("high", weak) == {"artifacts/digest-weak"}
	outcomes("high", weak)["artifacts/digest-weak"] == failed([1, "digest"], {"name": "adapter", "algorithm": "md5"})
}

test_digest_weak_passes_what_settings_allow if {
	allowed := [put(fact("1/digest/algorithm"), "md5"), put("/settings/artifacts/strongAlgorithms", ["sha256", "md5"])]
	failures("high", allowed) == set()
}

test_digest_weak_missing if {
	failures("high", [drop(fact("1/digest/algorithm"))]) == {"artifacts/digest-weak"}
	failures("high", [drop("/settings/artifacts/strongAlgorithms")]) == {"artifacts/digest-weak"}
}
