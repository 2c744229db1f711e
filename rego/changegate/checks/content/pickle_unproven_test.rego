package changegate.checks.content_test

calling := [put(fact("0/scan/names"), ["numpy.dtype", "acme.Model"])]

test_pickle_unproven_fires_alone if {
	failures("high", calling) == {"content/pickle-unproven"}
	outcomes("high", calling)["content/pickle-unproven"] == failed([0, "path"], {"name": "model", "calls": ["acme.Model"]})
	failures("low", calling) == set()
}

test_pickle_unproven_passes_what_settings_trust if {
	failures("high", array.concat(calling, [put("/settings/content/trustedPickleNames", ["numpy.dtype", "acme.Model"])])) == set()
	outcomes("high", [])["content/pickle-unproven"] == passed
}

test_pickle_unproven_missing if {
	failures("high", [drop(fact("0/scan/names"))]) == {"content/pickle-unproven"}
	failures("high", [drop("/settings/content/trustedPickleNames")]) == {"content/pickle-unproven"}
}
