"""Whose account a review is of, by numbers of accounts in teams.yaml: a login can be given up, and taken by others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.names import same_login
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class ByAccount(NamedTuple):
    """An approvals file in which people are called as teams.yaml calls their accounts."""

    file: dict[str, Any]
    author: str
    """Whose account opened the change; empty where nobody lists it."""
    told: tuple[str, ...]
    """What is to be said of reviews by other accounts with a listed login."""


def by_account(file: Mapping[str, Any], ids: Mapping[int, str]) -> ByAccount:
    """Call everybody in an approvals file as teams.yaml calls the account, whatever its login is now.

    Args:
        file: The approvals file.
        ids: Number of an account -> whose it is.

    Returns:
        The file, in which another account with a listed login is nobody.
    """
    listed = frozenset(ids.values())
    told: dict[str, None] = {}

    def named(review: Mapping[str, Any]) -> dict[str, Any]:
        login, number = same_login(review["user"]), review.get("userId")
        if number is not None and number in ids:
            return {**review, "user": ids[number]}
        if login not in listed:
            return dict(review)
        which = "the file does not say of which account it is" if number is None else f"it is of the account {number}"
        told[f"a review by {login} does not count: teams.yaml lists the account of {login}, and {which}"] = None
        return {**review, "user": f"{login}#{number or ''}"}

    reviews = [named(one) for one in file["reviews"]]
    return ByAccount({**file, "reviews": reviews}, ids.get(file["author"].get("id", 0), ""), tuple(told))
