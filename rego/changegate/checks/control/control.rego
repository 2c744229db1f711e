# METADATA
# title: Control files
# description: Settings, teams, waivers, policies, CODEOWNERS and CI files decide how changes are judged, so their change is one to decide on.
# custom:
#   subject: change-set
package changegate.checks.control

unchanged if {
	input.facts.control.checked == true
	input.facts.control.changed == []
}
