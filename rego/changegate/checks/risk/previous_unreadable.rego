package changegate.checks.risk

import data.changegate.lib

# METADATA
# title: The previous release can be read
# description: What cannot be compared cannot be said to be no worse.
# custom:
#   severity: error
#   message: "The previous release cannot be read: {reason}."
#   remediation: "Mend the manifest in a change of its own, under a waiver of this rule in .changegate/waivers.yaml: nobody can tell what that change is compared with."
#   settings: []
#   references: ["docs/trust.md"]
#   example:
#     bad: 'spec: {version: 2.3.1  # in the base''s manifest, with the brace left open'
#     good: 'spec: {version: 2.3.1}'
outcome["risk/previous-unreadable"] := lib.passed if input.previous.status in {"present", "absent"}

else := result if result := lib.failed(["metadata", "name"], {"reason": input.previous.reason})

else := lib.failed(["metadata", "name"], {})
