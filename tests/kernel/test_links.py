"""Signed links: good for their purpose and their time, and for nothing else."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyuan.kernel import links


@given(ids=st.dictionaries(st.sampled_from("abcd"), st.integers(0, 10**9), max_size=4))
def test_a_link_gives_back_what_was_put_in(ids: dict[str, int]) -> None:
    assert links.read("one", links.make("one", **ids), days=1) == ids


@given(place=st.integers(0, 200), letter=st.sampled_from("Aa0-_:"))
def test_a_link_with_one_letter_changed_is_dead(place: int, letter: str) -> None:
    token = links.make("one", a=1)
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]
    if changed == token:
        return
    with pytest.raises(links.LinkDead):
        links.read("one", changed, days=1)


def test_a_link_works_for_its_own_purpose_only() -> None:
    with pytest.raises(links.LinkDead, match="不完整"):
        links.read("other", links.make("one", a=1), days=1)


def test_a_link_dies_after_its_days(monkeypatch: pytest.MonkeyPatch) -> None:
    token, now = links.make("one", a=1), time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 2 * 86400 - 5)
    assert links.read("one", token, days=2)
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 2 * 86400 + 5)
    with pytest.raises(links.LinkDead, match="有效期"):
        links.read("one", token, days=2)
    assert links.LinkDead("").status == 410


def test_an_absolute_address_stands_on_the_public_one(settings: Any) -> None:
    settings.PUBLIC_URL = "https://keyuan.example"
    assert links.absolute("/verify/x/") == "https://keyuan.example/verify/x/"
