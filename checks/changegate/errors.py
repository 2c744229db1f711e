"""What can keep changegate from deciding: one base error, one subclass for each stage.

Input faults (bad YAML, an unknown field) are not errors: they are data, become findings, and the run goes on. An error
here means that no decision is possible; it ends the run with exit code 2 and no traceback.
"""

from __future__ import annotations

from typing import Any


class ChangegateError(Exception):
    """A reason why changegate cannot decide (exit code 2)."""

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        file: str = "",
        line: int | None = None,
        column: int | None = None,
        end_column: int | None = None,
    ) -> None:
        """Say what is wrong, and what to do.

        Args:
            message: What is wrong, in one sentence, without the place.
            hint: What the reader can do about it; may be empty only where nothing can be done.
            file: The file that is at fault, relative to the repository, or empty.
            line: The 1-based line in `file`, where one is known.
            column: The 1-based column in that line, where one is known.
            end_column: The 1-based column behind what is at fault, where it ends on that line.
        """
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.file = file
        self.line = line
        self.column = column
        self.end_column = end_column

    @property
    def kind(self) -> str:
        """What reports call errors of this kind."""
        return type(self).__name__

    @property
    def place(self) -> str:
        """The place as `file:line`, `file`, or an empty string."""
        if not self.file:
            return ""
        return self.file if self.line is None else f"{self.file}:{self.line}"


class UsageError(ChangegateError):
    """The command line or the environment asks for something that cannot be done."""


class ConfigurationError(ChangegateError):
    """A control file at the base (settings, teams, waivers) is not valid."""


class GitError(ChangegateError):
    """The repository cannot answer: a missing base, a shallow clone, an ambiguous name, no git."""


class TrustError(ChangegateError):
    """What the environment claims does not hold in git, or is not what the trusted ref allows."""


class PolicyError(ChangegateError):
    """A policy does not load, is refused, or answered nonsense."""

    @property
    def kind(self) -> str:
        """What reports call errors of this kind: how a policy is refused, they need not tell apart."""
        return PolicyError.__name__


class UnparsedError(PolicyError):
    """The embedded engine's parser does not read a policy. An OPA's may."""


OTHER_ENGINE = "or let an OPA decide: `engine: opa` in .changegate/config.yaml"
"""The other way out of a refusal of the embedded engine, where OPA takes the form."""


class NoFormError(UnparsedError):
    """A policy is written in a form that OPA has, and the embedded engine has not; the hint names both ways out."""

    def __init__(self, message: str, *, hint: str = "", **about: Any) -> None:
        """Say what is wrong, and what to do.

        Args:
            message: In one sentence.
            hint: What to write instead.
            about: As any error has it.
        """
        whole = hint if OTHER_ENGINE in hint else f"{hint}; {OTHER_ENGINE}".removeprefix("; ")
        super().__init__(message, hint=whole, **about)


class EngineError(ChangegateError):
    """The policy engine failed: it crashed, ran out of its bounds, or could not be reached."""

    answers_others = False
    """Whether it was this question that it failed at, so that others can be asked."""


class HostError(ChangegateError):
    """A host's API cannot be reached, does not answer, or does not give what was asked."""

    def __init__(self, message: str, *, status: int | None = None, **about: Any) -> None:
        """Say what went wrong.

        Args:
            message: In one sentence.
            status: The status of its answer, where that is what went wrong.
            about: As any error has it.
        """
        super().__init__(message, **about)
        self.status = status


class ReportError(ChangegateError):
    """A report cannot be written where it was asked for."""


class PlanError(ChangegateError):
    """A rollout plan cannot be made or rendered; says exactly what the target cannot express."""


class InternalError(ChangegateError):
    """A fault of changegate itself."""

    def __init__(self, message: str, *, trace: str = "", **about: Any) -> None:
        """Say what went wrong.

        Args:
            message: In one sentence.
            trace: The way through the code to it, where it was raised somewhere else: no secrets, several lines.
            about: As any error has it.
        """
        super().__init__(message, **about)
        self.trace = trace
