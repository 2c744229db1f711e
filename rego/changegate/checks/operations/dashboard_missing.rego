package changegate.checks.operations

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release names its dashboard
# description: A rollout is watched by people too, and they should not have to look for the page first.
# custom:
#   severity: error
#   message: The release names no dashboard.
#   remediation: "Name it under `spec.operations`, such as `dashboard: https://grafana.acme.example/d/models`."
#   settings: [operations.dashboardFrom]
#   optional: [input.settings.operations.dashboardFrom]
#   references: ["https://sre.google/sre-book/monitoring-distributed-systems/"]
#   example:
#     bad: "operations: {onCall: payments-ml}"
#     good: "operations: {onCall: payments-ml, dashboard: https://grafana.acme.example/d/models}"
outcome["operations/dashboard-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.dashboardFrom in risk.beyond
}

else := lib.passed if input.facts.operations.dashboardStated == true

else := lib.failed(["spec", "operations", "dashboard"], {})
