"""Which CI system a run is in, by the variables that it sets; where nobody can tell the stage, the run is refused.

Of two hosts the events are read (`ci.py`). Every other system is known by name only: what it says of a change is not
read, so its runs must state their stage. None of them may be taken for a laptop, where an unknown does not block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GITHUB, GITLAB = "GitHub Actions", "GitLab CI"

MARKERS = {GITHUB: "GITHUB_ACTIONS", GITLAB: "GITLAB_CI"}
"""The variable by which each host whose events are read says `true` of itself."""

# NOTE: only what a system itself sets in a job, and nobody's shell or command-line tool. `A+B` is both at once: each of
# them alone may be a developer's. Left out, for that reason: GITHUB_TOKEN, GITHUB_REPOSITORY (codespaces), VERCEL
# (`vercel env pull`), BUILD_ID, JENKINS_HOME, TASK_ID. Left out, since they have no variables of their own: Tekton,
# the tasks of Concourse, Hydra.
SYSTEMS = {
    GITHUB: "GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_RUN_ID GITHUB_WORKFLOW",
    GITLAB: "GITLAB_CI CI_PIPELINE_SOURCE CI_MERGE_REQUEST_IID CI_PROJECT_PATH",
    "Gitea Actions": "GITEA_ACTIONS",
    "Forgejo Actions": "FORGEJO_ACTIONS",
    "Agola": "AGOLA_GIT_REF",
    "Appcircle": "AC_APPCIRCLE",
    "AppVeyor": "APPVEYOR APPVEYOR_BUILD_ID",
    "Argo Workflows": "ARGO_TEMPLATE",
    "AWS Amplify": "AWS_APP_ID+AWS_JOB_ID",
    "AWS CodeBuild": "CODEBUILD_BUILD_ID CODEBUILD_BUILD_ARN",
    "Azure Pipelines": "TF_BUILD SYSTEM_TEAMFOUNDATIONCOLLECTIONURI SYSTEM_PULLREQUEST_PULLREQUESTID",
    "Bamboo": "bamboo_planKey bamboo_buildKey",
    "Bitbucket Pipelines": "BITBUCKET_BUILD_NUMBER BITBUCKET_COMMIT BITBUCKET_PIPELINE_UUID",
    "Bitrise": "BITRISE_IO BITRISE_BUILD_NUMBER",
    "Buddy": "BUDDY_WORKSPACE_ID BUDDY_EXECUTION_ID",
    "Buildkite": "BUILDKITE BUILDKITE_BUILD_ID",
    "CircleCI": "CIRCLECI CIRCLE_BUILD_NUM CIRCLE_WORKFLOW_ID",
    "Cirrus CI": "CIRRUS_CI CIRRUS_BUILD_ID",
    "Cloudflare Pages": "CF_PAGES WORKERS_CI",
    "Codefresh": "CF_BUILD_ID",
    "Codemagic": "CM_BUILD_ID",
    "Codeship or SourceHut": "CI_NAME",
    "Concourse": "ATC_EXTERNAL_URL+BUILD_ID",
    "Drone": "DRONE DRONE_BUILD_NUMBER",
    "Earthly": "EARTHLY_CI",
    "Expo Application Services": "EAS_BUILD",
    "Gerrit": "GERRIT_PROJECT+GERRIT_PATCHSET_REVISION",
    "GoCD": "GO_PIPELINE_LABEL GO_PIPELINE_COUNTER",
    "Google Cloud Build": "BUILDER_OUTPUT",
    "Harness": "HARNESS_BUILD_ID HARNESS_EXECUTION_ID",
    "Heroku CI": "HEROKU_TEST_RUN_ID",
    "Jenkins": "JENKINS_URL HUDSON_URL JENKINS_HOME+BUILD_ID JENKINS_HOME+BUILD_NUMBER JENKINS_HOME+JOB_NAME",
    "JetBrains Space": "JB_SPACE_EXECUTION_NUMBER",
    "Netlify": "NETLIFY",
    "OpenShift": "OPENSHIFT_BUILD_NAME",
    "Oracle Cloud DevOps": "OCI_BUILD_RUN_ID",
    "Prow": "PROW_JOB_ID",
    "Render": "RENDER+RENDER_SERVICE_ID",
    "Sail CI": "SAILCI",
    "Screwdriver": "SCREWDRIVER SD_BUILD_ID",
    "Semaphore": "SEMAPHORE SEMAPHORE_JOB_ID",
    "TaskCluster": "TASKCLUSTER_ROOT_URL+TASK_ID+RUN_ID",
    "TeamCity": "TEAMCITY_VERSION",
    "Travis CI": "TRAVIS TRAVIS_BUILD_ID",
    "Vela": "VELA VELA_BUILD_NUMBER",
    "Vercel": "NOW_BUILDER VERCEL+VERCEL_DEPLOYMENT_ID",
    "Woodpecker": "CI_SYSTEM_NAME CI_PIPELINE_NUMBER CI_WORKFLOW_NAME",
    "Xcode Cloud": "CI_XCODE_PROJECT CI_XCODE_CLOUD CI_XCODEBUILD_ACTION",
}
"""What shows each system: words, any of which is enough."""

_TOGETHER = {"Gitea Actions": {GITHUB}, "Forgejo Actions": {GITHUB}, "AWS CodeBuild": {GITHUB, GITLAB}}
"""Systems that rightly stand beside a host: their jobs have its form, or they are the machines of its runners."""

_OFF = frozenset({"", "0", "false", "no", "off"})
_LOCAL = "on a laptop, and for advice only: --stage local"


def is_on(environ: Mapping[str, str], name: str) -> bool:
    """Whether a variable is there and says yes, in whatever words."""
    return environ.get(name, "").strip().lower() not in _OFF


def running(environ: Mapping[str, str]) -> dict[str, list[str]]:
    """Find the CI systems that a run is in.

    Args:
        environ: The process environment.

    Returns:
        By the name of the system, the variables that show it.
    """
    return {name: shown for name, words in SYSTEMS.items() if (shown := _shown(environ, words.split()))}


def _shown(environ: Mapping[str, str], words: Iterable[str]) -> list[str]:
    return [word.replace("+", " and ") for word in words if all(is_on(environ, name) for name in word.split("+"))]


def is_ci(environ: Mapping[str, str]) -> bool:
    """Whether a run is in any CI, known or not."""
    return is_on(environ, "CI") or bool(running(environ))


def check_stage_is_known(environ: Mapping[str, str], trusted: str) -> None:
    """Refuse a run without a stated stage where the environment leaves it open what stage that is.

    Args:
        environ: The process environment.
        trusted: The trusted ref, for the remedy; may be empty.

    Raises:
        UsageError: The CI is none whose events are read, there are two at once, or it contradicts itself.
    """
    found = running(environ)
    host = next((name for name in MARKERS if name in found), None)
    if host is None:
        _check_unread(environ, found, trusted)
        return
    _check_alone(host, found)
    _check_host(environ, host, found[host])


def check_one_host(environ: Mapping[str, str]) -> None:
    """Refuse a run with a stated stage whose event would be read although another system is there as well.

    Args:
        environ: The process environment.

    Raises:
        UsageError: There are a host whose events are read, by its own mark, and another system; or CI says no.
    """
    found = running(environ)
    for host, marker in MARKERS.items():
        if is_on(environ, marker):
            _check_alone(host, found)
            _check_host(environ, host, found[host])


def _check_alone(host: str, found: Mapping[str, list[str]]) -> None:
    together = {name: shown for name, shown in found.items() if host not in _TOGETHER.get(name, ())}
    if len(together) > 1:
        each = "; ".join(f"{name} has {', '.join(shown)}" for name, shown in together.items())
        hint = f"unset those of all but the one that runs this job ({each}); {_LOCAL}"
        raise UsageError(f"the environment has the variables of several CI systems: {_named(together)}", hint=hint)


def _check_unread(environ: Mapping[str, str], found: Mapping[str, list[str]], trusted: str) -> None:
    """Outside the hosts whose events are read: nothing but a laptop goes without a stage."""
    ref = trusted or "refs/heads/main"
    stated = f"in the protected pipeline add --stage pull-request --trusted-ref {ref} --head HEAD"
    hint = f"{stated}, or --stage merge after it has landed; {_LOCAL}"
    if found:
        raise UsageError(f"the stage has to be said: what {_named(found)} says of a change is not read", hint=hint)
    if is_on(environ, "CI"):
        raise UsageError("this CI is not known, so the stage has to be said (the variable CI is set)", hint=hint)


def _named(found: Mapping[str, list[str]]) -> str:
    return ", ".join(f"{name} (by {shown[0]})" for name, shown in found.items())


def _check_host(environ: Mapping[str, str], host: str, shown: list[str]) -> None:
    """Refuse a host's variables without its own mark, or beside a CI that says no."""
    marker, elsewhere = MARKERS[host], f"elsewhere unset {', '.join(shown)}; {_LOCAL}"
    if not is_on(environ, marker):
        message = f"{shown[0]} is a variable of {host}, and {marker} is {_value(environ, marker)}"
        raise UsageError(message, hint=f"in {host} leave {marker} as the host sets it, `true`; {elsewhere}")
    if "CI" in environ and not is_on(environ, "CI"):
        message = f"{marker} says that this is {host}, and CI is {_value(environ, 'CI')}"
        raise UsageError(message, hint=f"in {host} leave CI as the host sets it, `true`; {elsewhere}")


def _value(environ: Mapping[str, str], name: str) -> str:
    return repr(environ[name]) if name in environ else "not set"
