"""Issuing, casting, closing, checking and publishing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from keyuan.evaluation import actions, queries
from keyuan.evaluation.models import Eligible, Form, Remark, SigningKey, Spent, Tally, Urn
from keyuan.evaluation.rules import blind, urn
from keyuan.kernel.access import SYSTEM, Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models.audit import AuditEntry
from keyuan.people.actions import merging
from keyuan.people.models import Person
from tests.evaluation.conftest import GRADES


def vote(world, number, given=None):
    token = actions.issue_plainly(world.trainee(number), form=world.form)
    actions.cast(form_id=world.form.pk, token=token, given=given or GRADES)
    return token


def test_a_form_runs_from_draft_to_published_counts(world, django_capture_on_commit_callbacks):
    world.open(12)
    for n in range(7):
        vote(world, n, GRADES | {"theory": "4" if n else "1", "advice": f"意见{n}，张三讲得好"})
    assert queries.result(world.form) is None
    assert queries.progress(world.form) == queries.Progress(12, 5)
    with django_capture_on_commit_callbacks(execute=True):
        form = actions.close(world.registrar, form=world.form)
    assert (form.state, form.eligible, form.answered) == ("closed", 12, 7)
    assert not urn.key_path(form.pk).exists()
    for model in (Eligible, Spent, SigningKey, Urn):
        assert not model.objects.filter(form=form).exists()
    with pytest.raises(Fault, match="核对"):
        actions.publish(world.registrar, form=form)
    first, second = Remark.objects.all()[:2]
    actions.check_remarks(world.registrar, form=form, hide=[first.pk], redact={second.pk: ["张三"]})
    actions.publish(world.registrar, form=Form.objects.get(pk=form.pk))
    form.refresh_from_db()
    shown = queries.published_remarks(form)["希望改进的一点"]
    assert len(shown) == 6
    assert sum("■■" in text for text in shown) == 1
    found = queries.results_of("test.session", [1])[1]
    assert [bar.count for bar in found.items[1].bars] == [6, 0, 0, 1]
    assert found.items[0].coarse


def test_the_same_token_counts_once_and_the_replay_is_told_so(world):
    world.open(6)
    token = vote(world, 0)
    assert actions.cast(form_id=world.form.pk, token=token, given=GRADES) == "already"
    assert Spent.objects.count() == 1
    assert urn.unseal(world.form.pk, Urn.objects.get().sealed).votes == 1


def test_nobody_gets_two_tokens_but_a_lost_answer_may_be_fetched_again(world):
    world.open(6)
    modulus = int(SigningKey.objects.get().modulus, 16)
    blinding = blind.blind(modulus)
    first = actions.issue(world.trainee(0), form=world.form, blinded=blinding.blinded)
    assert actions.issue(world.trainee(0), form=world.form, blinded=blinding.blinded) == first
    with pytest.raises(Conflict):
        actions.issue(world.trainee(0), form=world.form, blinded=blind.blind(modulus).blinded)


def test_only_those_on_the_list_may_answer_and_only_while_open(world):
    with pytest.raises(Forbidden):
        actions.issue(world.trainee(0), form=world.form, blinded=5)
    world.open(3)
    with pytest.raises(Forbidden):
        actions.issue_plainly(world.trainee(20), form=world.form)
    with pytest.raises(Forbidden):
        actions.close(world.stranger, form=world.form)
    with pytest.raises(Forbidden):
        actions.close(world.trainee(0), form=world.form)


def test_a_ballot_without_a_right_or_with_a_gap_is_refused_and_the_token_stays_good(world):
    world.open(6)
    token = actions.issue_plainly(world.trainee(0), form=world.form)
    with pytest.raises(Fault, match="凭据无效"):
        actions.cast(form_id=world.form.pk, token="A" * 384, given=GRADES)
    with pytest.raises(Fault, match="语言表达"):
        actions.cast(form_id=world.form.pk, token=token, given={**GRADES, "delivery": ""})
    assert actions.cast(form_id=world.form.pk, token=token, given=GRADES) == "counted"


def test_below_five_answers_nothing_is_kept_but_their_number(world):
    world.open(10)
    for n in range(4):
        vote(world, n, GRADES | {"advice": "能认出我的话"})
    form = actions.close(world.registrar, form=world.form)
    assert form.answered == 4
    assert not Tally.objects.exists()
    assert not Remark.objects.exists()
    assert queries.result(form).shown == "too_few"
    assert queries.remarks_of(world.registrar, form) == []


def test_times_are_kept_at_half_day_grain(world):
    form = world.open(5)
    for moment in (form.opens_at, form.closes_at):
        local = timezone.localtime(moment)
        assert (local.hour in {0, 12, 18}, local.minute, local.second, local.microsecond) == (True, 0, 0, 0)
    assert form.opens_at <= timezone.now() < form.closes_at


def test_the_clock_closes_what_is_due_and_sweeps_orphaned_keys(world, django_capture_on_commit_callbacks):
    world.open(5)
    urn.make_key(999)
    assert actions.close_due(SYSTEM) == 0
    assert urn.kept_keys() == [world.form.pk]
    Form.objects.update(
        opens_at=timezone.now() - timedelta(days=3), closes_at=timezone.now() - timedelta(days=1)
    )
    with pytest.raises(Fault, match="截止"):
        actions.cast(form_id=world.form.pk, token="x", given=GRADES)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.close_due(SYSTEM) == 1
    assert urn.kept_keys() == []


def test_a_lost_urn_key_is_said_plainly_and_the_form_begins_anew(world):
    world.open(6)
    with pytest.raises(Conflict):
        actions.restart(world.registrar, form=world.form)
    vote(world, 0)
    urn.destroy_key(world.form.pk)
    with pytest.raises(urn.UrnLost):
        actions.close(world.registrar, form=world.form)
    world.form.refresh_from_db()
    actions.restart(world.registrar, form=world.form)
    vote(world, 0)
    assert actions.close(world.registrar, form=Form.objects.get()).answered == 1


def test_issue_and_cast_leave_no_audit_line_and_no_line_holds_a_text(world):
    world.open(6)
    before = AuditEntry.objects.count()
    for n in range(6):
        vote(world, n, GRADES | {"advice": "独一无二的意见"})
    assert AuditEntry.objects.count() == before
    form = actions.close(world.registrar, form=world.form)
    actions.check_remarks(world.registrar, form=form)
    assert not any("独一无二" in str(facts) for facts in AuditEntry.objects.values_list("facts", flat=True))


def test_drafting_and_opening_again_change_nothing(world):
    world.open(5)
    again = actions.draft(
        world.registrar, school_id=world.school.pk, owner_label="test.session", owner_id=1, title="另一个名字"
    )
    assert again == world.form
    world.open(8)
    world.open(5)
    assert Eligible.objects.count() == 8
    actions.close(world.registrar, form=world.form)
    with pytest.raises(Conflict):
        world.open(9)


def test_a_right_not_yet_used_follows_a_merged_person_and_a_fetched_token_never_does(world):
    world.open(3)
    fetched, unused, kept = (world.people[at] for at in range(3))
    actions.issue_plainly(world.trainee(0), form=world.form)
    Eligible.objects.filter(person=kept).delete()
    assert merging.CARRIERS["evaluation.Eligible"].carry(world.registrar, kept.pk, fetched.pk, 1) == []
    assert merging.CARRIERS["evaluation.Eligible"].carry(world.registrar, kept.pk, unused.pk, 1) == []
    assert set(Eligible.objects.values_list("person_id", "issued")) == {(fetched.pk, True), (kept.pk, False)}


def test_a_right_not_yet_used_goes_back_when_a_merge_is_undone_and_a_used_one_stays_used(world):
    world.open(4)
    gone, kept, other = world.people[0], Person.objects.get(pk=world.people[20].pk), world.people[3]
    second = actions.draft(
        world.registrar,
        school_id=world.school.pk,
        owner_label="test.session",
        owner_id=2,
        title="第二讲（演示）",
    )
    second = actions.open_for(world.registrar, form=second, person_ids=[gone.pk, other.pk])
    checker = replace(
        world.registrar, person_id=Person.objects.create(school=world.school, name="演示复核").pk
    )
    merge = merging.propose(world.registrar, kept=kept, gone=gone, reason="登记了两次")
    merge = merging.approve(checker, merge=merge)
    assert "evaluation" not in str(merge.moved), "who has a right yet is listed nowhere"
    assert not Eligible.objects.filter(person=gone).exists()
    actions.issue_plainly(world.trainee(20), form=second)
    merging.undo(checker, merge=merge, note="查明是两个人")
    assert set(Eligible.objects.filter(person=gone).values_list("form_id", "issued")) == {
        (world.form.pk, False)
    }
    assert set(Eligible.objects.filter(person=kept).values_list("form_id", "issued")) == {(second.pk, True)}
    assert not Eligible.objects.filter(person=gone, merge__isnull=False).exists()
