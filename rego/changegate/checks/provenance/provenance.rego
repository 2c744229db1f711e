# METADATA
# title: Provenance
# description: |
#   Where a release comes from, so that it can be made again and traced back. Signatures and attestations are found, read
#   and compared by digest; none is verified cryptographically yet.
# custom:
#   subject: release
#   path: [spec, provenance]
package changegate.checks.provenance

import data.changegate.lib

not_trained := "nothing was trained here, as the manifest says"

none_named := "the manifest names no attestation: see provenance/attestation-missing"

commit_path := ["spec", "provenance", "source", "commit"]

data_path := ["spec", "provenance", "trainingData"]

attestations_path := ["spec", "provenance", "attestations"]

# METADATA
# description: Whether a demand that begins at the tier `from` is one, and the manifest has a block to hold it against.
asked(from) if {
	from in lib.tiers
	input.facts.provenance.block == "present"
	is_boolean(input.facts.provenance.trained)
}

exempt if {
	input.facts.provenance.block == "not-applicable"
	input.facts.provenance.trained == false
}
