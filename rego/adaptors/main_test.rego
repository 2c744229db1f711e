package main_test

import data.main

test_whoever_asks_main_is_told_which_namespace_to_name if {
	some message in main.deny
	contains(message, "--namespace changegate.conftest")
}
