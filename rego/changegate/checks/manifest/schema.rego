package changegate.checks.manifest

import data.changegate.lib

# METADATA
# title: Every manifest fits the schema
# description: An unknown field is one that nobody reads; a wrong type is one that somebody reads otherwise.
# custom:
#   severity: error
#   message: "The manifest does not fit its schema: {problem}."
#   remediation: "{hint}"
#   settings: []
#   references: ["schemas/manifest.schema.json"]
#   example:
#     bad: 'spec: {versoin: 2.4.0}'
#     good: 'spec: {version: 2.4.0}'
outcome["manifest/schema"] := result if result := judged("schema", {"unreadable", "refused"})

else := lib.failed_at({"file": ".changegate"}, {})
