# METADATA
# title: For conftest, where no namespace is named
# description: |
#   conftest asks the namespace `main` alone unless another is named, and exits with 0 where nothing is there. So what
#   is there says which one to name. Nothing else reads this.
package main

deny contains msg if {
	msg := concat("", [
		"changegate decides in another namespace: run conftest with `--namespace changegate.conftest`",
		" (and without --all-namespaces, which asks this one, too)",
	])
}
