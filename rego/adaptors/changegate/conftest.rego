# METADATA
# title: For conftest
# description: |
#   `conftest test --policy FOLDER --namespace changegate.conftest INPUT`, on an input document of changegate's.
package changegate.conftest

import data.changegate.findings

deny contains finding if some finding in findings.errors

warn contains finding if some finding in findings.warnings
