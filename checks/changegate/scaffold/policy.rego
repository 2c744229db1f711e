package team.contact

# METADATA
# title: A model says whom to call
# description: An example of a rule of your own. It reads the manifest, as conftest would show it.
# custom:
#   severity: warning
#   message: "{msg}"
#   remediation: "Write `contact: <login>` into the labels."
deny contains {"msg": msg, "path": ["metadata"]} if {
	not named
	msg := "the labels name no contact"
}

named if input.metadata.labels.contact != ""
