# METADATA
# title: Secrets
# description: Tokens, keys and passwords, which whoever reads the repository could use.
# custom:
#   subject: release
#   path: [metadata, name]
package changegate.checks.secrets

import data.changegate.lib

looked if {
	input.settings.secrets.secretsFrom in lib.tiers
	input.facts.secrets.checked == true
	is_array(input.facts.secrets.found)
}

# METADATA
# description: A violation for each secret of a kind of place, at its line.
told(of) := {lib.finding_of(one, {"kind": one.kind}, ["metadata", "name"]) |
	some one in input.facts.secrets.found
	one.of == of
}

sound := {"manifest", "address", "evidence"}

# METADATA
# description: Whether each secret says where it stands, so that none is left out.
known if {
	every one in input.facts.secrets.found {
		one.of in sound
		one.kind != ""
	}
}
