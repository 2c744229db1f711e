package changegate.checks.operations_test

test_model_card_missing_fires_alone if {
	fires_alone("modelCard", "absent")
	fires_alone("modelCard", "invalid")
}

test_model_card_missing_passes if outcomes("medium", [])["operations/model-card-missing"] == passed

test_model_card_missing_missing_fails if unvouched_fails("modelCard")

test_model_card_missing_is_unknown_where_it_is_unavailable if untold("modelCard")

test_model_card_missing_fires_where_it_says_nothing if speechless("modelCard", "operations/model-card-missing", ["spec", "modelCard"])
