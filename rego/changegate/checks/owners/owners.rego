# METADATA
# title: Code owners
# description: Whom the base's CODEOWNERS asks for by the paths that a change touches, beside the roles of its tier.
# custom:
#   subject: change-set
package changegate.checks.owners

import data.changegate.checks.approvals.longest
import data.changegate.checks.approvals.recent
import data.changegate.lib

nobody_asked := "nothing that changed has an owner whom the settings ask for"

switched_off := "the settings ask for no code owners"

unreadable := "the CODEOWNERS of the base cannot be read: see owners/invalid"

somewhere := {"file": ".changegate/config.yaml", "revision": "base"}

off if input.settings.owners.requiredFor == []

# METADATA
# description: The files that each demand is about, of those that the settings ask for, by its index.
files[index] := found if {
	some index, demand in input.facts.owners.demands
	found := [file.at |
		some file in demand.files
		count({kind | some kind in file.kinds; kind in input.settings.owners.requiredFor}) > 0
	]
	count(found) > 0
}

counted[index] := [login | some login in input.facts.owners.demands[index].approvedBy; login in lately[index]] if {
	some index, _ in files
}

# METADATA
# description: Who approved what each demand is about recently enough, in a review or by a signature.
lately[index] := recent | {one.login | some one in input.facts.owners.demands[index].signedBy; one.ageSeconds <= longest} if {
	some index, _ in files
}

left[index] := sort({login | some login in array.concat(counted[index], demand.candidates)} | too_old[index]) if {
	some index, _ in files
	demand := input.facts.owners.demands[index]
}

too_old[index] := {login | some login in input.facts.owners.demands[index].approvedBy; not login in lately[index]} if {
	some index, _ in files
}

# METADATA
# description: The demands that hold now, by their index.
met contains index if {
	some index, _ in files
	input.evidence.owners.status == "present"
	count(counted[index]) >= input.facts.owners.demands[index].count
}

# METADATA
# description: The demands that could still be met, by their index.
possible contains index if {
	some index, _ in files
	input.evidence.owners.status == "present"
	count(left[index]) >= input.facts.owners.demands[index].count
}

# METADATA
# description: Why nobody can tell of a demand that does not hold yet whom it asks for, or what was approved.
unclear contains reason if {
	some index, _ in files
	not index in met
	reason := input.facts.owners.demands[index].unclearBecause
	reason != ""
}

unclear contains reason if {
	some index, _ in files
	not index in met
	some reason in input.facts.owners.demands[index].unknownBecause
}

unmet(index, details) := lib.beside(found, [{"message": "whom CODEOWNERS names", "at": demand.at}]) if {
	demand := input.facts.owners.demands[index]
	about := {
		"owners": demand.owners,
		"neededCount": demand.count,
		"files": [at.file | some at in files[index]],
	}
	found := lib.finding_at(files[index][0], object.union(about, details))
}

# METADATA
# description: Whom the change asks for, as the roles of its tier are.
required := [entry |
	some index, _ in files
	demand := input.facts.owners.demands[index]
	entry := {
		"role": demand.label,
		"count": demand.count,
		"approvedBy": counted[index],
		"candidates": [login | some login in left[index]; not login in counted[index]],
	}
]
