"""Addresses that are written differently and lead to one place."""

from __future__ import annotations

import time

import pytest

from changegate.evidence.addresses import ENCODED, normalised_address, sought_in

SAME = {
    "s3": (
        "s3://models/fraud/2.4.0/m.bin",
        "s3a://models/fraud/2.4.0/m.bin",
        "s3://models/fraud/2.4.0/m.bin/",
        "s3://models/fraud/2%2e4.0/%6d.bin",
        "https://models.s3.amazonaws.com/fraud/2.4.0/m.bin",
        "https://models.s3.eu-west-1.amazonaws.com/fraud/2.4.0/m.bin",
        "https://models.s3-us-west-2.amazonaws.com/fraud/2.4.0/m.bin",
        "https://s3.eu-west-1.amazonaws.com/models/fraud/2.4.0/m.bin",
        "https://S3.amazonaws.com:443/models/fraud/2.4.0/m.bin?X-Amz-Signature=a1&X-Amz-Expires=60",
        "arn:aws:s3:::models/fraud/2.4.0/m.bin",
    ),
    "web": (
        "https://files.example/x/y.bin",
        "https://Files.Example/x/y.bin",
        "https://files.example:443/x//y.bin/",
        "http://files.example:80/x/./y.bin",
        "https://reader@files.example./z/../x/y.bin#part",
        "https://files.example/x/y.bin?",
        "https://files.example/%78/y%2Ebin",
    ),
    "google": (
        "gs://models/k/m.bin",
        "https://storage.googleapis.com/models/k/m.bin",
        "https://models.storage.googleapis.com/k/m.bin",
    ),
    "azure": (
        "https://store.blob.core.windows.net/models/k/m.bin",
        "abfss://models@store.dfs.core.windows.net/k/m.bin",
        "wasbs://models@store.blob.core.windows.net/k/m.bin",
    ),
    "hub": (
        "hf://org/name@main/m.bin",
        "hf://models/org/name@main/m.bin",
        "https://huggingface.co/org/name/resolve/main/m.bin?download=true",
        "https://huggingface.co/org/name/blob/main/m.bin",
    ),
    "registry": ("oci://ghcr.io/a/b@sha256:11", "docker://GHCR.io/a/b@sha256:11", "oci://ghcr.io:443/a/b@sha256:11"),
    "mlflow": ("models:/fraud/3", "models:///fraud/3", "models:/fraud/3/"),
}


@pytest.mark.parametrize("group", SAME.values(), ids=SAME)
def test_one_place_has_one_form(group: tuple[str, ...]) -> None:
    assert len({normalised_address(one) for one in group}) == 1


@pytest.mark.parametrize("group", SAME.values(), ids=SAME)
def test_what_is_sought_stands_in_every_form_but_detours(group: tuple[str, ...]) -> None:
    needles = (sought_in(normalised_address(group[0])), *ENCODED)
    straight = [one for one in group if not any(detour in one.partition("//")[2] for detour in ("//", "/./"))]
    assert straight
    assert [one for one in straight if not any(needle in one for needle in needles)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("s3://models/a/m.bin", "s3://models/A/m.bin"),
        ("s3://models/a/m.bin", "s3://models/a//m.bin"),
        ("s3://models/a/m.bin", "s3://models/a/m.bin?versionId=2"),
        ("s3://models/a/m.bin", "gs://models/a/m.bin"),
        ("https://files.example/a%2Fm.bin", "https://files.example/a/m.bin"),
        ("https://files.example:8443/m.bin", "https://files.example/m.bin"),
        ("https://files.example/m.bin?id=1", "https://files.example/m.bin?id=2"),
        ("hf://org/name@a", "hf://org/name@b"),
        ("models:/fraud/3", "models:/fraud/4"),
        ("https://s3.example/models/m.bin", "s3://models/m.bin"),
    ],
)
def test_two_places_have_two_forms(one: str, other: str) -> None:
    assert normalised_address(one) != normalised_address(other)


@pytest.mark.parametrize("odd", ["https://[::1", "a/b.bin", "", "://", "s3:", "%", "http://a:99999999/x", "\ud800://x"])
def test_what_is_no_address_is_equal_to_itself(odd: str) -> None:
    assert normalised_address(odd) == normalised_address(odd)
    assert isinstance(sought_in(normalised_address(odd)), str)


def test_a_form_is_its_own_form() -> None:
    for one in (address for group in SAME.values() for address in group):
        assert normalised_address(normalised_address(one)) == normalised_address(one)


@pytest.mark.parametrize("part", ["s3-aa", "a.s3", "-a", "%41", "/..", "/./", "@"])
def test_a_long_address_takes_no_longer_than_it_is(part: str) -> None:
    began = time.process_time()
    normalised_address(f"https://{part * 20_000}.amazonaws.com{part * 20_000}")
    assert time.process_time() - began < 2
