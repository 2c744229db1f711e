package changegate.checks.risk

import data.changegate.lib

# METADATA
# title: The previous release can be read
# description: What cannot be compared cannot be said to be no worse.
# custom:
#   severity: error
#   message: "The previous release cannot be read: {reason}."
#   remediation: "Mend the manifest in a pull request of its own. Nobody can tell what that one is compared with, so it needs a waiver of this rule in .changegate/waivers.yaml: `{rule: risk/previous-unreadable, model: {model}, reason: …, approvedBy: …, expires: …}`."
#   settings: []
#   references: ["docs/trust.md"]
#   example:
#     bad: 'spec: {version: 2.3.1  # in the base''s manifest, with the brace left open'
#     good: 'spec: {version: 2.3.1}'
outcome["risk/previous-unreadable"] := lib.passed if input.previous.status in {"present", "absent"}

else := result if result := lib.failed(["metadata", "name"], {"reason": input.previous.reason})

else := lib.failed(["metadata", "name"], {})
