package changegate.checks.external_test

moves := put("/facts/external/reference", {"text": "hf://a/b@main", "pin": "none", "reason": "why", "place": {"path": from}})

test_reference_moves_fires_alone if {
	failures([moves]) == {"external/reference-moves"}
	outcomes("high", [moves])["external/reference-moves"] == failed(from, {"text": "hf://a/b@main", "reason": "why"})
}

test_reference_moves_passes_what_a_digest_binds if {
	outcomes("high", [put("/facts/external/reference/pin", "digest")])["external/reference-moves"] == passed
}

test_reference_moves_missing_facts_fail if {
	every path in ["/facts/external/reference", "/facts/external/reference/pin"] {
		failures([drop(path)]) == {"external/reference-moves"}
	}
	every path in ["text", "reason", "place"] {
		failures([moves, drop(concat("/", ["/facts/external/reference", path]))]) == {"external/reference-moves"}
	}
}
