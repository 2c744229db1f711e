# METADATA
# title: For Gatekeeper
# description: |
#   The input document is the `spec` of the object under review. Warnings count where the constraint's parameters say
#   `warnings: true`.
package changegate.gatekeeper

import data.changegate.findings

# METADATA
# description: |
#   Without a `spec` it is an empty document, which is no input document, and so a violation. Where nothing is under
#   review, this is asked by another program, such as `conftest --all-namespaces`: then the input itself is the document.
document := object.get(input, ["review", "object", "spec"], {}) if input.review

else := input

violation contains {"msg": msg, "details": finding} if {
	errors := findings.errors with input as document
	some finding in errors
	msg := finding.msg
}

violation contains {"msg": msg, "details": finding} if {
	input.parameters.warnings == true
	warnings := findings.warnings with input as document
	some finding in warnings
	msg := finding.msg
}
