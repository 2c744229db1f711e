package changegate.checks.rollout_test

batch(claims) := [put("/facts/rollout/batch", true), put("/facts/rollout/served", claims)]

test_batch_serves_traffic_fires_at_every_claim if {
	claims := [
		{"claim": "an endpoint", "place": {"path": ["spec", "serving", "endpoint"]}},
		{"claim": "requests per second", "place": {"path": ["spec", "serving", "requestsPerSecond"]}},
	]
	outcomes("high", batch(claims))["rollout/batch-serves-traffic"] == {"outcome": "failed", "violations": {
		{"path": ["spec", "serving", "endpoint"], "details": {"claim": "an endpoint"}},
		{"path": ["spec", "serving", "requestsPerSecond"], "details": {"claim": "requests per second"}},
	}}
}

test_batch_serves_traffic_passes_a_batch_job_without_any if outcomes("high", batch([]))["rollout/batch-serves-traffic"] == passed

test_batch_serves_traffic_missing_facts_fail if {
	every path in ["/facts/rollout/batch", "/facts/rollout/served"] {
		outcomes("high", array.concat(batch([]), [drop(path)]))["rollout/batch-serves-traffic"].outcome == "failed"
	}
}

test_batch_serves_traffic_needs_no_plan if {
	planless := [put("/facts/rollout", {
		"plan": "not-applicable", "batch": true,
		"served": [{"claim": "an endpoint", "place": {"path": ["spec", "serving", "endpoint"]}}],
	})]
	outcomes("high", planless)["rollout/batch-serves-traffic"].outcome == "failed"
}
