package changegate.checks.manifest

import data.changegate.lib

# METADATA
# title: Every manifest can be read
# description: A file that cannot be read decides nothing, and hides what it says.
# custom:
#   severity: error
#   message: "The manifest cannot be read: {problem}."
#   remediation: "{hint}"
#   settings: []
#   references: ["YAML 1.2.2", "RFC 8259"]
#   example:
#     bad: 'spec: {version: 2.4.0'
#     good: 'spec: {version: 2.4.0}'
outcome["manifest/unreadable"] := result if result := judged("unreadable", {"refused", "schema"})

else := lib.failed_at({"file": ".changegate"}, {})
