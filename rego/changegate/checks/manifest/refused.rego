package changegate.checks.manifest

import data.changegate.lib

# METADATA
# title: No manifest holds what readers understand differently
# description: Duplicate keys, tags, merge keys, alias tricks and characters that cannot be seen make one text mean several things.
# custom:
#   severity: error
#   message: "The manifest holds what is refused: {problem}."
#   remediation: "{hint}"
#   settings: []
#   references: ["docs/trust.md", "Unicode TR 36", "CVE-2021-42574"]
#   example:
#     bad: 'risk: {tier: low, tier: high}'
#     good: 'risk: {tier: high}'
outcome["manifest/refused"] := result if result := judged("refused", {"unreadable", "schema"})

else := lib.failed_at({"file": ".changegate"}, {})
