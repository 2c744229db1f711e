# METADATA
# title: Limits of the platform
# description: Whether what is released fits where it will run, beside what was there before.
# custom:
#   subject: release
#   path: [spec, serving]
package changegate.checks.limits

serving_path := ["spec", "serving"]

facts := input.facts.artifacts.limits
