package changegate.checks.artifacts_test

tagged := {"status": "stated", "pin": "none", "text": "acme/serving:latest", "reason": "it names a tag"}

test_image_unpinned_fires_alone if {
	moving := [put("/facts/artifacts/image", tagged)]
	failures("high", moving) == {"artifacts/image-unpinned"}
	outcomes("high", moving)["artifacts/image-unpinned"] == {"outcome": "failed", "violations": {{
		"path": ["spec", "serving", "image"],
		"details": {"image": "acme/serving:latest", "reason": "it names a tag"},
	}}}
}

test_image_unpinned_passes_a_digest if outcomes("high", [])["artifacts/image-unpinned"] == passed

test_image_unpinned_is_not_applicable_without_an_image if {
	found := outcomes("high", [put("/facts/artifacts/image", {"status": "not-stated"})])
	found["artifacts/image-unpinned"].outcome == "not-applicable"
}

test_image_unpinned_missing if {
	every key in ["", "/status", "/pin"] {
		failures("high", [drop(concat("", ["/facts/artifacts/image", key]))]) == {"artifacts/image-unpinned"}
	}
}
