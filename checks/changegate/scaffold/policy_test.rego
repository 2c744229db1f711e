package team.contact_test

import data.team.contact

messages(manifest) := {one.msg | some one in denied} if {
	denied := contact.deny with input as manifest
}

test_without_a_contact if messages({"metadata": {"name": "a"}}) == {"the labels name no contact"}

test_with_a_contact if messages({"metadata": {"labels": {"contact": "ana"}}}) == set()
