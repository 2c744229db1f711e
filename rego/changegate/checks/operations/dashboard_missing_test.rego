package changegate.checks.operations_test

dashboard := concat("/", [facts, "dashboardStated"])

test_dashboard_missing_fires_alone if {
	failures("high", [put(dashboard, false)]) == {"operations/dashboard-missing"}
	outcomes("high", [put(dashboard, false)])["operations/dashboard-missing"] == failed(["spec", "operations", "dashboard"], {})
}

test_dashboard_missing_passes if outcomes("medium", [])["operations/dashboard-missing"] == passed

test_dashboard_missing_missing_fails if failures("high", [drop(dashboard)]) == {"operations/dashboard-missing"}
