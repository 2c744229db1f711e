# METADATA
# title: Provenance
# description: |
#   Where a release comes from, so that it can be made again and traced back. Signatures and attestations are found, read
#   and compared by digest, and held against those whom `.changegate/signers.yaml` names at the base.
# custom:
#   subject: release
#   path: [spec, provenance]
package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

not_trained := "nothing was trained here, as the manifest says"

made_elsewhere := "somebody else trained it, as the manifest says: see the rules on external models"

none_named := "the manifest names no attestation: see provenance/attestation-missing"

commit_path := ["spec", "provenance", "source", "commit"]

data_path := ["spec", "provenance", "trainingData"]

attestations_path := ["spec", "provenance", "attestations"]

block_path := ["spec", "provenance"]

nobody_asked := "nobody has to sign this release: see control/signers-missing"

nothing_signed := "the release names no signature and no attestation that can be read"

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

# METADATA
# description: Whether the release takes over a model of somebody else's, and nothing was trained on it here.
taken_over if {
	input.facts.provenance.block == "present"
	input.facts.external.status == "stated"
	input.facts.external.trainedHere == false
}

# METADATA
# description: Whether settings ask that everything which is signed is verified, whoever is named.
settings_ask if input.settings.provenance.verifiedFrom in risk.reached

settings_let if input.settings.provenance.verifiedFrom == "never"

settings_let if input.settings.provenance.verifiedFrom in risk.beyond

# METADATA
# description: Whether anybody has to sign a release of this tier, and it is known what was trained and what settings say.
anybody_asked if {
	asked("low")
	settings_ask
}

anybody_asked if {
	asked("low")
	settings_let
	some cover in input.facts.provenance.covers
	not spared(cover)
}

nobody_is_asked if {
	settings_let
	is_array(input.facts.provenance.covers)
	every cover in input.facts.provenance.covers { spared(cover) }
}

# METADATA
# description: Whether a cover is for other tiers than the release's.
spared(cover) if {
	count(cover.tiers) > 0
	every tier in cover.tiers { tier in lib.tiers }
	not risk.tier in cover.tiers
}

# METADATA
# description: Whether those have signed whom a cover asks for.
signed_for(cover) if {
	cover.needs == "any"
	count(cover.tiers) > 0
	some signer in cover.by
	signer in cover.signers
}

signed_for(cover) if {
	cover.needs == "all"
	count(cover.tiers) > 0
	count(cover.signers) > 0
	every signer in cover.signers { signer in cover.by }
}

borne(cover) if spared(cover)

borne(cover) if signed_for(cover)

# METADATA
# description: What is signed as it has to be, or need not be, by its index.
trusted contains index if {
	some index, one in input.facts.provenance.signed
	is_array(one.covers)
	every cover in one.covers { borne(cover) }
	enough(one)
}

enough(one) if one.verified == true

enough(_) if settings_let

# METADATA
# description: Doubts about signatures that a rule of their own tells.
told_apart := {"payload-altered", "weak-algorithm", "weak-key", "wrong-usage", "not-yet-valid", "expired"}

# METADATA
# description: A violation for everything that has to be signed, and whose signature does not count for one of these reasons.
doubted(kinds) := {violation |
	some index, one in input.facts.provenance.signed
	not index in trusted
	some doubt in one.doubts
	doubt.kind in kinds
	violation := lib.finding_of(one, object.union({"reason": doubt.reason}, object.filter(one, ["what", "predicateType"])), block_path)
}

# METADATA
# description: Whether all that is signed was looked at.
looked_at_signatures if {
	anybody_asked
	is_array(input.facts.provenance.signed)
	every one in input.facts.provenance.signed { is_array(one.doubts) }
}

# METADATA
# description: Whether what a signature is over is not looked at, since the tier is too low and nobody has to sign.
models_spared if {
	input.settings.provenance.attestationSoundFrom in risk.beyond
	nobody_is_asked
}

# METADATA
# description: Whether something is signed that is a model, or should be.
no_signed_model if {
	is_array(input.facts.provenance.signed)
	every one in input.facts.provenance.signed {
		one.what == "attestation"
		object.get(one, "model", "none") == "none"
	}
}

# METADATA
# description: What signatures are over, each beside what is known of its file.
signed_models := [one |
	some one in input.facts.provenance.signed
	one.model
]

looked_at_models if {
	asked("low")
	input.settings.provenance.attestationSoundFrom in lib.tiers
	count(signed_models) > 0
	every one in input.facts.provenance.signed { has_model(one) }
}

has_model(one) if one.what == "attestation"

has_model(one) if is_object(one.model)

# METADATA
# description: A violation for each signature of which a list is not empty.
listed_of(key, detail) := {violation |
	some one in signed_models
	count(one.model[key]) > 0
	violation := lib.finding_of(one, object.union({detail: one.model[key]}, object.filter(one, ["what"])), block_path)
}

# METADATA
# description: What attestations say of builds, verifications and tests, each beside what is known of its file.
attested_statements := [one |
	some one in input.facts.provenance.signed
	one.attested
]

# METADATA
# description: Whether every statement that is named was looked at, and the tier is asked for that.
looked_at_attested if {
	asked("low")
	input.settings.provenance.attestationSoundFrom in lib.tiers
	count(attested_statements) > 0
}

nothing_attested if {
	is_array(input.facts.provenance.signed)
	attested_statements == []
}

no_attested := "the release names no attestation of a build, a verification or tests"

said_by(one, details) := lib.finding_of(one, object.union(details, object.filter(one, ["predicateType"])), block_path)

nothing_is_signed if input.facts.provenance.signed == []

no_model_signed := "the release names no signature of a model that can be read"

models_of_low_tier := "the release's tier is not asked for this, and nobody has to sign it"
