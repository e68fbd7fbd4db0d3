"""Blind tokens, the urn, and what may be shown."""

import secrets
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyuan.evaluation.rules import blind, urn
from keyuan.evaluation.rules.questions import SESSION_QUESTIONS, Ballot, read_ballot, read_questions, stored
from keyuan.evaluation.rules.results import FEWEST, result_of, rough
from keyuan.kernel.faults import Fault

KEY = blind.new_key()
ALL_FOUR = {question.key: "4" for question in SESSION_QUESTIONS if question.kind == "grade"}


def test_a_token_signed_blindly_holds_and_the_signer_saw_nothing_of_it():
    blinding = blind.blind(KEY.modulus)
    signed = blind.sign_blinded(KEY, blinding.blinded)
    token = blind.finish(KEY.modulus, blinding, signed)
    assert blind.holds(KEY.modulus, token)
    raw = blind._bytes_of(token)
    assert raw[blind.MESSAGE :] != signed.to_bytes(blind.BYTES, "big")
    # Any message could lie behind what the signer saw: a factor exists that leads from it to any signature.
    other = blind.blind(KEY.modulus)
    signature = pow(blind.encode(other.message, b"s" * 48), KEY.exponent, KEY.modulus)
    assert pow(signed * pow(signature, -1, KEY.modulus), 65537, KEY.modulus) > 0


@pytest.mark.parametrize("token", ["", "x", "é" * 400, "A" * 384, "====", "A" * 10_000])
def test_what_is_no_token_never_holds(token):
    assert not blind.holds(KEY.modulus, token)


def test_a_token_of_another_form_does_not_hold():
    other = blind.new_key()
    blinding = blind.blind(other.modulus)
    token = blind.finish(other.modulus, blinding, blind.sign_blinded(other, blinding.blinded))
    assert not blind.holds(KEY.modulus, token)


@pytest.mark.parametrize(
    "value",
    [0, 1, -5, KEY.modulus - 1, KEY.modulus, KEY.modulus + 7],
    ids=["nought", "one", "negative", "last", "modulus", "beyond"],
)
def test_values_that_would_give_the_key_away_are_not_signed(value):
    with pytest.raises(Fault):
        blind.sign_blinded(KEY, value)


def test_a_wrong_signature_is_noticed_by_the_voter():
    with pytest.raises(Fault):
        blind.finish(KEY.modulus, blind.blind(KEY.modulus), 12345)


def test_one_message_is_one_vote_whatever_its_signature():
    message = secrets.token_bytes(32)
    tokens = {blind.token_text(message, signature) for signature in (2, 3)}
    assert len({blind.spent_digest(1, token) for token in tokens}) == 1


def test_the_urn_shows_neither_size_nor_content_and_dies_with_its_key(settings, tmp_path):
    settings.VAR = tmp_path
    urn.make_key(7)
    empty = urn.seal(7, urn.Content())
    content = urn.Content()
    content.add(Ballot({"theory": 4}, {"advice": "多些讨论" * 100}))
    full = urn.seal(7, content)
    assert len(empty) == len(full)
    assert "多些讨论".encode() not in full
    assert urn.unseal(7, full).texts == content.texts
    urn.make_key(8)
    with pytest.raises(urn.UrnLost):
        urn.unseal(8, full)
    urn.destroy_key(7)
    urn.destroy_key(7)
    with pytest.raises(urn.UrnLost):
        urn.unseal(7, full)
    assert urn.kept_keys() == [8]


@given(
    st.lists(st.dictionaries(st.sampled_from(sorted(ALL_FOUR)), st.integers(1, 4), min_size=5), max_size=60)
)
@settings(max_examples=60, deadline=None)
def test_no_result_below_five_and_scores_stay_within_the_grades(ballots):
    counts = {}
    for ballot in ballots:
        for key, grade in ballot.items():
            counts[key, grade] = counts.get((key, grade), 0) + 1
    result = result_of(SESSION_QUESTIONS, counts, 100, len(ballots))
    if len(ballots) < FEWEST:
        assert result.shown == "too_few"
        assert (result.items, result.low, result.satisfied) == ((), None, None)
        return
    for item in result.items:
        assert Decimal(50) <= item.low <= item.high <= Decimal(100)
        assert sum(bar.count for bar in item.bars) == len(ballots)
        assert item.coarse == (
            max(counts.get((item.question.key, g), 0) for g in (1, 2, 3, 4)) == len(ballots)
        )
    assert result.low <= result.high


def test_where_all_agree_the_exact_grade_is_not_shown():
    for grade, low, high in ((4, 85, 100), (3, 85, 100), (2, 50, 70), (1, 50, 70)):
        item = result_of(SESSION_QUESTIONS, {("theory", grade): 6}, 6, 6).items[1] if grade else None
        assert item is not None
        assert (item.low, item.high) == (low, high)
        assert [bar.count for bar in item.bars] == ([6, 0] if low == 85 else [0, 6])


def test_running_numbers_move_in_steps_of_five():
    assert [rough(n) for n in (0, 4, 5, 9, 10, 41)] == [0, 0, 5, 5, 10, 40]


def test_a_ballot_needs_every_grade_and_texts_may_stay_empty():
    ballot = read_ballot(SESSION_QUESTIONS, ALL_FOUR | {"advice": " 讨论再多些 ", "gained": ""})
    assert ballot.grades["theory"] == 4
    assert ballot.texts == {"advice": "讨论再多些"}
    for wrong in ({"theory": ""}, {"theory": "5"}, {"theory": "４"}, {"theory": "x"}):
        with pytest.raises(Fault) as refused:
            read_ballot(SESSION_QUESTIONS, ALL_FOUR | wrong)
        assert refused.value.field == "theory"


def test_damaged_questions_are_refused_whole():
    good = stored(SESSION_QUESTIONS)
    assert read_questions(good) == SESSION_QUESTIONS
    for bad in ([], [*good, good[0]], good[1:], [{**good[0], "kind": "x"}, *good[1:]]):
        with pytest.raises(Fault):
            read_questions(bad)
