package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The red-team report and the impact assessment are there
# description: A manifest that names them says that they were written. What they say is not judged; the report is the one that its digest names.
# custom:
#   severity: error
#   message: "The manifest names {file}, which shows nothing: {reason}."
#   remediation: "Commit the file and write its path; of a report its digest as well (`sha256sum FILE` prints it)."
#   settings: [claims.contradictionsFrom]
#   optional: [input.settings.claims, input.facts.claims.files.place, input.facts.claims.files.reason, input.facts.claims.files.file]
#   references: ["NIST AI RMF 1.0, MEASURE 2.7: security and resilience are evaluated and documented"]
#   example:
#     bad: "safety: {redTeam: {path: evidence/red-team.json, digest: sha256:…}}  # no such file"
#     good: "safety: {redTeam: {path: evidence/red-team.json, digest: sha256:…}}  # sha256sum evidence/red-team.json"
outcome["claims/file-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := lib.not_applicable("the manifest names neither") if count(input.facts.claims.files) == 0

else := lib.passed if lib.all_good(input.facts.claims.files, present_files, has_files)

else := {"outcome": "failed", "violations": missing_files} if count(missing_files) > 0

else := lib.not_applicable("a report lies elsewhere, and was not handed in") if {
	lib.all_good(input.facts.claims.files, told_files, has_files)
}

else := lib.failed(["spec"], {})

has_files if count(input.facts.claims.files) > 0

present_files contains index if {
	some index, one in input.facts.claims.files
	one.status == "present"
}

# METADATA
# description: Those that are there, or of which nobody can tell from here.
told_files contains index if {
	some index, one in input.facts.claims.files
	one.status in {"present", "unavailable"}
}

missing_files := lib.at_place(input.facts.claims.files, told_files, file_details, ["place"], ["spec"])

file_details[index] := details if {
	some index, one in input.facts.claims.files
	details := {"file": one.file, "reason": one.reason}
}
