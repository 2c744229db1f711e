package changegate.checks.artifacts_test

digest := "sha256:ebe8df72f805d5adecf54f1052b4bcf500c8a034d3e171d8d9cfa345596e5a10"

model := {
	"name": "model", "role": "model", "kind": "path",
	"reference": {"text": "s3://models/fraud/model.safetensors", "pin": "digest"},
	"formats": ["safetensors"],
	"digest": {"stated": true, "algorithm": "sha256", "value": digest},
	"size": {"stated": true, "known": true, "statedBytes": 48210944, "bytes": 48210944},
	"growth": {"status": "sized", "previousBytes": 48210944, "growthRatio": 1},
	"stored": {
		"status": "present", "kind": "git-lfs", "sizeBytes": 48210944, "digest": digest,
		"content": {"status": "fits"},
	},
	"nothing": [],
	"address": {"status": "kept"},
}

adapter := {
	"name": "adapter", "role": "adapter", "kind": "uri",
	"reference": {"text": "hf://acme/adapter@9fceb02d0ae598e95dc970b74767f19372d61af8", "pin": "revision"},
	"formats": ["safetensors"],
	"digest": {"stated": true, "algorithm": "sha512", "value": "sha512:00"},
	"size": {"stated": true, "known": true, "statedBytes": 2097152, "bytes": 2097152},
	"growth": {"status": "new"},
	"nothing": [],
	"address": {"status": "kept"},
}

judge := {
	"name": "judge", "role": "base-model", "kind": "hosted",
	"reference": {"text": "acme-llm/large@large-2026-08-01", "pin": "snapshot"},
}

good := {
	"release": {"spec": {"serving": {"platform": "kubernetes"}, "artifacts": [{"path": "model.safetensors"}]}},
	"previous": {"status": "present"},
	"facts": {"artifacts": {
		"artifacts": [model, adapter, judge],
		"package": {"status": "stated", "bytes": 9000000},
		"image": {"status": "stated", "text": "acme/serving@sha256:00", "pin": "digest"},
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
		"archiveFormats": ["tar", "gz"],
		"emptyFrom": "low",
		"minimumFormatBytes": {"safetensors": 60},
		"imageFrom": "medium",
		"addressFrom": "medium",
	}},
}

outcomes(tier, patches) := result if {
	result := data.changegate.checks.artifacts.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

fact(path) := concat("/", ["/facts/artifacts/artifacts", path])

passed := {"outcome": "passed"}

stored := [{"message": "what the repository has", "at": {"file": "model.safetensors"}}]

failed(path, details) := {"outcome": "failed", "violations": {{"path": array.concat(["spec", "artifacts"], path), "details": details}}}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

test_good_passes_every_rule if {
	found := outcomes("critical", [])
	count(found) == 17
	{outcome | some outcome in found} == {passed}
}

test_low_tier_is_asked_for_nothing_but_the_truth if {
	found := outcomes("low", [])
	asked := {id | some id, outcome in found; outcome == passed}
	asked == {"artifacts/digest-mismatch", "artifacts/size-mismatch", "artifacts/not-a-model", "artifacts/empty"}
	{found[id].outcome | some id, _ in found; not id in asked} == {"not-applicable"}
}

test_no_facts_pass_nothing if count(failures("high", [drop("/facts/artifacts")])) == 17

test_no_artifacts_pass_nothing_but_memory_and_image if {
	count(failures("high", [put("/facts/artifacts/artifacts", [])])) == 14
}

test_no_kind_passes_nothing_about_a_file if {
	failures("high", [drop(fact("0/kind"))]) == {id | some id, _ in outcomes("high", []); not id in of_serving}
}

of_serving := {"artifacts/exceeds-memory", "artifacts/image-unpinned", "artifacts/package-too-large"}

test_no_settings_pass_nothing if count(failures("high", [drop("/settings/artifacts")])) == 17

test_no_tier_to_begin_from_passes_nothing if {
	every key, ids in {
		"digestFrom": {"artifacts/digest-missing", "artifacts/digest-weak"},
		"mismatchFrom": {"artifacts/digest-mismatch", "artifacts/size-mismatch", "artifacts/not-a-model"},
		"sizeFrom": {
			"artifacts/size-missing", "artifacts/too-large", "artifacts/too-small", "artifacts/grew-too-much",
			"artifacts/package-too-large",
		},
		"emptyFrom": {"artifacts/empty"},
		"imageFrom": {"artifacts/image-unpinned"},
		"addressFrom": {"artifacts/address-reused"},
		"pinnedFrom": {"artifacts/unpinned"},
		"memoryFrom": {"artifacts/exceeds-memory"},
		"formatFrom": {"artifacts/format-unsafe", "artifacts/format-archived"},
	} {
		failures("high", [drop(concat("/", ["/settings/artifacts", key]))]) == ids
	}
}

test_only_hosted_models_are_not_asked_for_files if {
	found := outcomes("high", [
		put("/facts/artifacts/artifacts", [judge]),
		put("/facts/artifacts/memory", {"status": "unsized"}),
	])
	asked := {"artifacts/unpinned", "artifacts/image-unpinned", "artifacts/package-too-large"}
	{found[id] | some id in asked} == {passed}
	{outcome.outcome | some id, outcome in found; not id in asked} == {"not-applicable"}
}
