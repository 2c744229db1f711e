# METADATA
# title: Risk
# description: What is claimed about risk, whether the facts bear it out, and what the model is for.
# custom:
#   subject: release
#   path: [spec, risk]
package changegate.checks.risk

tier_path := ["spec", "risk", "tier"]

use_path := ["spec", "intendedUse"]
