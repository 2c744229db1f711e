package changegate.checks.artifacts_test

import data.changegate.checks.artifacts

digest := "sha256:ebe8df72f805d5adecf54f1052b4bcf500c8a034d3e171d8d9cfa345596e5a10"

other_digest := "sha256:84fd56a82c661073359d0812a5511d53c02be36f57f28f08c3e487d8e064d9c2"

model := {
	"name": "model", "role": "model", "kind": "path",
	"reference": {"text": "s3://models/fraud/model.safetensors", "pin": "digest"},
	"formats": ["safetensors"],
	"digest": {"stated": true, "algorithm": "sha256", "value": digest},
	"size": {"stated": true, "known": true, "statedBytes": 48210944, "bytes": 48210944},
	"growth": {"status": "sized", "previousBytes": 48210944, "growthRatio": 1},
	"stored": {"status": "present", "kind": "git-lfs", "sizeBytes": 48210944, "digest": digest},
}

adapter := {
	"name": "adapter", "role": "adapter", "kind": "uri",
	"reference": {"text": "hf://acme/adapter@9fceb02d0ae598e95dc970b74767f19372d61af8", "pin": "revision"},
	"formats": ["safetensors"],
	"digest": {"stated": true, "algorithm": "sha512", "value": "sha512:00"},
	"size": {"stated": true, "known": true, "statedBytes": 2097152, "bytes": 2097152},
	"growth": {"status": "new"},
}

judge := {
	"name": "judge", "role": "base-model", "kind": "hosted",
	"reference": {"text": "acme-llm/large@large-2026-08-01", "pin": "snapshot"},
}

good := {
	"release": {"spec": {"serving": {"platform": "kubernetes"}}},
	"previous": {"status": "present"},
	"facts": {"artifacts": {
		"artifacts": [model, adapter, judge],
		"memory": {
			"status": "stated", "of": "memory", "limitBytes": 8589934592, "artifactsBytes": 50308096,
			"usedRatio": 0.005856625,
		},
	}},
	"settings": {"artifacts": {
		"digestFrom": "medium",
		"strongAlgorithms": ["sha256", "sha512"],
		"mismatchFrom": "low",
		"sizeFrom": "medium",
		"maximumBytes": {"medium": 200000000, "high": 100000000, "critical": 100000000},
		"maximumPlatformBytes": {"kubernetes": 150000000, "edge": 10000000},
		"maximumGrowthRatio": {"medium": 3, "high": 2, "critical": 1.5},
		"minimumGrowthBytes": 1048576,
		"pinnedFrom": "medium",
		"memoryFrom": "medium",
		"maximumMemoryRatio": 0.8,
		"formatFrom": "medium",
		"unsafeFormats": ["pickle", "pkl", "bin"],
	}},
}

outcomes(tier, patches) := result if {
	result := artifacts.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

fact(path) := concat("/", ["/facts/artifacts/artifacts", path])

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": array.concat(["spec", "artifacts"], path), "details": details}}}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

test_good_passes_every_rule if {
	found := outcomes("critical", [])
	count(found) == 10
	{outcome | some outcome in found} == {passed}
}

test_low_tier_is_asked_for_nothing_but_the_truth if {
	found := outcomes("low", [])
	asked := {id | some id, outcome in found; outcome == passed}
	asked == {"artifacts/digest-mismatch", "artifacts/size-mismatch"}
	{found[id].outcome | some id, _ in found; not id in asked} == {"not-applicable"}
}

test_no_facts_pass_nothing if count(failures("high", [drop("/facts/artifacts")])) == 10

test_no_artifacts_pass_nothing_but_memory if {
	count(failures("high", [put("/facts/artifacts/artifacts", [])])) == 9
}

test_no_kind_passes_nothing_about_a_file if {
	failures("high", [drop(fact("0/kind"))]) == {id | some id, _ in outcomes("high", []); id != "artifacts/exceeds-memory"}
}

test_no_settings_pass_nothing if count(failures("high", [drop("/settings/artifacts")])) == 10

test_no_tier_to_begin_from_passes_nothing if {
	every key, ids in {
		"digestFrom": {"artifacts/digest-missing", "artifacts/digest-weak"},
		"mismatchFrom": {"artifacts/digest-mismatch", "artifacts/size-mismatch"},
		"sizeFrom": {"artifacts/size-missing", "artifacts/too-large", "artifacts/grew-too-much"},
		"pinnedFrom": {"artifacts/unpinned"},
		"memoryFrom": {"artifacts/exceeds-memory"},
		"formatFrom": {"artifacts/format-unsafe"},
	} {
		failures("high", [drop(concat("/", ["/settings/artifacts", key]))]) == ids
	}
}

test_only_hosted_models_are_not_asked_for_files if {
	found := outcomes("high", [
		put("/facts/artifacts/artifacts", [judge]),
		put("/facts/artifacts/memory", {"status": "unsized"}),
	])
	found["artifacts/unpinned"] == passed
	{outcome.outcome | some id, outcome in found; id != "artifacts/unpinned"} == {"not-applicable"}
}

test_digest_missing_fires_alone if {
	without := [put(fact("1/digest"), {"stated": false})]
	failures("high", without) == {"artifacts/digest-missing"}
	outcomes("high", without)["artifacts/digest-missing"] == failed([1, "digest"], {"name": "adapter"})
}

test_digest_missing_passes_a_hosted_model if outcomes("high", [])["artifacts/digest-missing"] == passed

test_digest_missing_missing if "artifacts/digest-missing" in failures("high", [drop(fact("1/digest/stated"))])

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

test_digest_mismatch_fires_alone if {
	wrong := [put(fact("0/stored/digest"), other_digest)]
	failures("high", wrong) == {"artifacts/digest-mismatch"}
	failures("low", wrong) == {"artifacts/digest-mismatch"}
	outcomes("high", wrong)["artifacts/digest-mismatch"] == failed(
		[0, "digest"],
		{"name": "model", "stated": digest, "found": other_digest},
	)
}

test_digest_mismatch_fires_where_the_path_is_absent if {
	gone := [put(fact("0/stored"), {"status": "absent", "reason": "m is not in the repository"})]
	failures("high", gone) == {"artifacts/digest-mismatch"}
	outcomes("high", gone)["artifacts/digest-mismatch"] == failed(
		[0, "path"],
		{"name": "model", "stated": digest, "found": "m is not in the repository"},
	)
}

test_digest_mismatch_fires_where_nothing_is_stated_and_nothing_is_there if {
	gone := [
		put(fact("0/stored"), {"status": "invalid", "reason": "m is a link"}),
		put(fact("0/digest"), {"stated": false}),
	]
	failures("low", gone) == {"artifacts/digest-mismatch"}
	outcomes("low", gone)["artifacts/digest-mismatch"] == failed(
		[0, "path"],
		{"name": "model", "stated": "no digest", "found": "m is a link"},
	)
}

test_digest_mismatch_passes_what_states_none if {
	bare := [put(fact("0/digest"), {"stated": false}), drop(fact("0/stored/digest"))]
	failures("high", bare) == {"artifacts/digest-missing"}
}

test_digest_mismatch_is_not_applicable_elsewhere if {
	far := [put("/facts/artifacts/artifacts", [adapter, judge])]
	outcomes("high", far)["artifacts/digest-mismatch"].outcome == "not-applicable"
	outcomes("high", far)["artifacts/size-mismatch"].outcome == "not-applicable"
}

test_digest_mismatch_missing if {
	every key in ["stored/digest", "stored/status", "digest/value", "digest/stated"] {
		"artifacts/digest-mismatch" in failures("high", [drop(fact(concat("/", ["0", key])))])
	}
}

test_size_missing_fires_alone if {
	without := [
		put(fact("1/size"), {"stated": false, "known": false}),
		put(fact("1/growth"), {"status": "unsized"}),
	]
	failures("high", without) == {"artifacts/size-missing"}
	outcomes("high", without)["artifacts/size-missing"] == failed([1, "sizeBytes"], {"name": "adapter"})
}

test_size_missing_passes_what_is_stated if outcomes("high", [])["artifacts/size-missing"] == passed

test_size_missing_missing if failures("high", [drop(fact("1/size/stated"))]) == {"artifacts/size-missing"}

test_size_mismatch_fires_alone if {
	wrong := [put(fact("0/stored/sizeBytes"), 48210943)]
	failures("high", wrong) == {"artifacts/size-mismatch"}
	failures("low", wrong) == {"artifacts/size-mismatch"}
	outcomes("high", wrong)["artifacts/size-mismatch"] == failed(
		[0, "sizeBytes"],
		{"name": "model", "stated": 48210944, "found": 48210943},
	)
}

test_size_mismatch_passes_what_states_none if {
	failures("low", [put(fact("0/size"), {"stated": false, "known": true, "bytes": 48210944})]) == set()
}

test_size_mismatch_missing if {
	every key in ["stored/sizeBytes", "stored/status", "size/statedBytes", "size/stated"] {
		"artifacts/size-mismatch" in failures("high", [drop(fact(concat("/", ["0", key])))])
	}
}

test_too_large_fires_alone if {
	large := [put(fact("0/size/bytes"), 120000000)]
	failures("high", large) == {"artifacts/too-large"}
	outcomes("high", large)["artifacts/too-large"] == failed(
		[0, "sizeBytes"],
		{"name": "model", "sizeBytes": 120000000, "maximumBytes": 100000000},
	)
	failures("medium", large) == set()
}

test_too_large_fires_on_a_small_platform if {
	on_edge := [put("/release/spec/serving/platform", "edge")]
	failures("medium", on_edge) == {"artifacts/too-large"}
	outcomes("medium", on_edge)["artifacts/too-large"] == failed(
		[0, "sizeBytes"],
		{"name": "model", "sizeBytes": 48210944, "maximumBytes": 10000000},
	)
}

test_too_large_passes_within_the_limit if {
	failures("high", [put(fact("0/size/bytes"), 100000000)]) == set()
	failures("high", [drop("/release/spec/serving")]) == set()
}

test_too_large_missing if {
	"artifacts/too-large" in failures("high", [drop(fact("0/size/bytes"))])
	failures("high", [drop(fact("0/size/known"))]) == {"artifacts/too-large"}
	failures("high", [drop("/settings/artifacts/maximumBytes")]) == {"artifacts/too-large"}
	failures("high", [drop("/settings/artifacts/maximumPlatformBytes")]) == {"artifacts/too-large"}
}

test_grew_too_much_fires_alone if {
	grown := [put(fact("0/growth/growthRatio"), 2.5)]
	failures("high", grown) == {"artifacts/grew-too-much"}
	outcomes("high", grown)["artifacts/grew-too-much"] == failed(
		[0, "sizeBytes"],
		{"name": "model", "growthRatio": 2.5, "maximumRatio": 2},
	)
	failures("medium", grown) == set()
}

test_grew_too_much_passes_what_is_small if {
	failures("high", [put(fact("0/growth/growthRatio"), 2.5), put(fact("0/size/bytes"), 1000)]) == set()
}

test_grew_too_much_missing if {
	every key in ["growth/growthRatio", "growth/status", "size/bytes"] {
		"artifacts/grew-too-much" in failures("high", [drop(fact(concat("/", ["0", key])))])
	}
	failures("high", [drop("/settings/artifacts/maximumGrowthRatio")]) == {"artifacts/grew-too-much"}
	failures("high", [drop("/settings/artifacts/minimumGrowthBytes")]) == {"artifacts/grew-too-much"}
}

test_grew_too_much_by_the_previous_release if {
	outcomes("high", [put("/previous", {"status": "absent", "reason": "none"})])["artifacts/grew-too-much"].outcome == "not-applicable"
	outcomes("high", [put("/previous", {"status": "unavailable", "reason": "why"})])["artifacts/grew-too-much"].outcome == "unknown"
	outcomes("high", [put("/previous", {"status": "invalid", "reason": "why"})])["artifacts/grew-too-much"].outcome == "failed"
}

test_unpinned_passes_what_cannot_move if outcomes("high", [])["artifacts/unpinned"] == passed

test_unpinned_fires_alone if {
	moving := [put(fact("1/reference"), {"text": "hf://acme/adapter@main", "pin": "none", "reason": "it names a branch"})]
	failures("high", moving) == {"artifacts/unpinned"}
	outcomes("high", moving)["artifacts/unpinned"] == failed(
		[1, "uri"],
		{"name": "adapter", "reference": "hf://acme/adapter@main", "reason": "it names a branch"},
	)
}

test_unpinned_fires_for_a_hosted_model if {
	moving := [put(fact("2/reference"), {"text": "acme-llm/large", "pin": "none", "reason": "it names no snapshot"})]
	outcomes("high", moving)["artifacts/unpinned"] == failed(
		[2, "hosted", "snapshot"],
		{"name": "judge", "reference": "acme-llm/large", "reason": "it names no snapshot"},
	)
}

test_unpinned_missing if {
	failures("high", [drop(fact("0/reference/pin"))]) == {"artifacts/unpinned"}
	failures("high", [drop(fact("2/reference"))]) == {"artifacts/unpinned"}
}

test_exceeds_memory_fires_alone if {
	full := [put("/facts/artifacts/memory/usedRatio", 0.9)]
	failures("high", full) == {"artifacts/exceeds-memory"}
	outcomes("high", full)["artifacts/exceeds-memory"] == {"outcome": "failed", "violations": {{
		"path": ["spec", "serving", "resources", "memory"],
		"details": {
			"of": "memory", "artifactsBytes": 50308096, "limitBytes": 8589934592,
			"usedRatio": 0.9, "maximumRatio": 0.8,
		},
	}}}
}

test_exceeds_memory_passes_at_the_limit if failures("high", [put("/facts/artifacts/memory/usedRatio", 0.8)]) == set()

test_exceeds_memory_is_not_applicable_without_numbers if {
	every status in ["not-stated", "unsized"] {
		found := outcomes("high", [put("/facts/artifacts/memory", {"status": status})])
		found["artifacts/exceeds-memory"].outcome == "not-applicable"
	}
}

test_exceeds_memory_missing if {
	every path in [
		"/facts/artifacts/memory", "/facts/artifacts/memory/status", "/facts/artifacts/memory/usedRatio",
		"/settings/artifacts/maximumMemoryRatio",
	] {
		failures("high", [drop(path)]) == {"artifacts/exceeds-memory"}
	}
	failures("high", [put("/facts/artifacts/memory", {"status": "invalid", "reason": "0"})]) == {"artifacts/exceeds-memory"}
}

test_format_unsafe_fires_alone if {
	pickled := [put(fact("1/formats"), ["bin", "pickle", "safetensors"])]
	failures("high", pickled) == {"artifacts/format-unsafe"}
	outcomes("high", pickled)["artifacts/format-unsafe"] == failed(
		[1, "format"],
		{"name": "adapter", "formats": ["bin", "pickle"]},
	)
}

test_format_unsafe_fires_where_none_is_known if {
	outcomes("high", [put(fact("1/formats"), [])])["artifacts/format-unsafe"] == failed(
		[1, "format"],
		{"name": "adapter", "formats": ["not stated"]},
	)
}

test_format_unsafe_passes_what_settings_allow if {
	failures("high", [put(fact("1/formats"), ["bin"]), put("/settings/artifacts/unsafeFormats", [])]) == set()
}

test_format_unsafe_missing if {
	failures("high", [drop(fact("1/formats"))]) == {"artifacts/format-unsafe"}
	failures("high", [drop("/settings/artifacts/unsafeFormats")]) == {"artifacts/format-unsafe"}
}
