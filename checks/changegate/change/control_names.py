"""Which names steer the gate or run it, as data: of changegate itself, of every CI host, and of what merges by itself.

All names are in lower case, since a file system may fold case: `.GitHub/workflows` is the same folder there. Sources:
each system's own documentation of where it looks for its configuration.
"""

from __future__ import annotations

FILES = {
    "settings": ".changegate/config.yaml",
    "teams": ".changegate/teams.yaml",
    "waivers": ".changegate/waivers.yaml",
    "signers": ".changegate/signers.yaml",
    "codeowners": (
        "CODEOWNERS .github/CODEOWNERS .gitlab/CODEOWNERS docs/CODEOWNERS .gitea/CODEOWNERS .forgejo/CODEOWNERS "
        ".bitbucket/CODEOWNERS OWNERS OWNERS_ALIASES"
    ),
    "ci": (
        ".gitmodules .pre-commit-config.yaml .pre-commit-config.yml bitbucket-pipelines.yml bitbucket-pipelines.yaml "
        "appveyor.yml .appveyor.yml codefresh.yml codefresh.yaml .codefresh.yml circle.yml .buildkite.yml .build.yml "
        ".taskcluster.yml .prow.yaml .ci-operator.yaml zuul.yaml .zuul.yaml .vela.yml .vela.yaml screwdriver.yaml "
        "wercker.yml bitrise.yml buddy.yml codemagic.yaml .space.kts .cirrus.yml .cirrus.star shippable.yml "
        ".github/action.yml .github/action.yaml"
    ),
    "bot": (
        ".policy.yml .policy.yaml .bulldozer.yml .mergify.yml .mergify/config.yml .github/mergify.yml .kodiak.toml "
        ".github/kodiak.toml renovate.json renovate.json5 .renovaterc .renovaterc.json .renovaterc.json5 "
        ".github/renovate.json .github/renovate.json5 .github/dependabot.yml .github/dependabot.yaml "
        ".dependabot/config.yml .github/settings.yml .github/policy.yml .github/bulldozer.yml .github/probot.yml"
    ),
    "storage": ".lfsconfig .dvc/config",
}
"""Files at these paths, by kind; several in one text. A more special kind stands above a more general one."""

FOLDERS = {
    "policies": ".changegate/policies/",
    "settings": ".changegate/",
    "ci": (
        ".github/workflows/ .github/actions/ .gitlab/ .gitlab-ci/ .azure-pipelines/ azure-pipelines/ .azuredevops/ "
        ".circleci/ .drone/ .woodpecker/ .tekton/ tekton/ .buildkite/ .forgejo/ .gitea/ .teamcity/ .semaphore/ "
        ".builds/ .zuul.d/ zuul.d/ .harness/ .agola/ .codefresh/ .jenkins/ .vela/"
    ),
}
"""Folders, with everything in them."""

BEGINNINGS = (
    ("jenkinsfile", ("",)),
    ("azure-pipelines", (".yml", ".yaml")),
    ("azure-pipeline", (".yml", ".yaml")),
    ("cloudbuild", (".yml", ".yaml", ".json")),
    ("buildspec", (".yml", ".yaml")),
    (".gitlab-ci", (".yml", ".yaml")),
    (".travis", (".yml", ".yaml")),
    (".drone", (".yml", ".yaml", ".jsonnet", ".star")),
    (".woodpecker", (".yml", ".yaml")),
    (
        "",
        (
            ".gitlab-ci.yml",
            ".gitlab-ci.yaml",
            ".jenkinsfile",
            ".gocd.yaml",
            ".gocd.yml",
            ".gocd.json",
            ".gopipeline.json",
        ),
    ),
)
"""How names of CI files begin and end, in any folder: their place is set on the host."""

ANYWHERE = {".gitattributes": "ci"}
"""Names in any folder: this one can hide what is below from reviewers, and steer how the host merges it."""
