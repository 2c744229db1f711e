package changegate.checks.external_test

reviewer := array.concat(block, ["reviewedBy"])

test_reviewer_unknown_fires_alone if {
	stranger := put("/facts/external/reviewedBy", "zoe")
	failures([stranger]) == {"external/reviewer-unknown"}
	details := {"reviewedBy": "zoe", "problem": "nobody in the teams of the base"}
	outcomes("high", [stranger])["external/reviewer-unknown"] == failed(reviewer, details)
}

test_reviewer_unknown_fires_for_the_author if {
	herself := put("/context/author/login", "Femi")
	failures([herself]) == {"external/reviewer-unknown"}
	details := {"reviewedBy": "femi", "problem": "the author of this change"}
	outcomes("high", [herself])["external/reviewer-unknown"] == failed(reviewer, details)
	before := put("/previous", {"status": "present", "release": release})
	outcomes("high", [herself, before])["external/reviewer-unknown"] == passed
}

test_reviewer_unknown_missing_facts_fail if {
	failures([drop("/facts/external/reviewedBy")]) == {"external/reviewer-unknown"}
	"external/reviewer-unknown" in failures([drop("/facts/approvals")])
}

test_reviewer_unknown_passes_a_member_who_is_not_the_author if outcomes("high", [])["external/reviewer-unknown"] == passed
