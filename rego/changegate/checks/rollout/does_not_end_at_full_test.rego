package changegate.checks.rollout_test

test_does_not_end_at_full_fires_alone if {
	outcomes("high", [put("/facts/rollout/endsAtFull", false)])["rollout/does-not-end-at-full"] == failed(steps, {})
}

test_does_not_end_at_full_missing_ending_fails if {
	outcomes("high", [drop("/facts/rollout/endsAtFull")])["rollout/does-not-end-at-full"] == failed(steps, {})
}

test_does_not_end_at_full_passes_where_it_does if outcomes("high", [])["rollout/does-not-end-at-full"] == passed
