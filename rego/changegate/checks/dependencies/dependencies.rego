# METADATA
# title: Dependencies
# description: What a change leaves depending on something that is not there. A release that is deleted is seen to by retirement/still-depended-on.
# custom:
#   subject: change-set
package changegate.checks.dependencies

nowhere := {"file": ".changegate"}

looked if input.facts.dependencies.checked == true
