"""Whatever table points at a person or a nomination is in the own export and forgotten at erasure, or says why not."""

import json
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.utils import timezone

from keyuan.attendance.models import Expected, Leave
from keyuan.fees.models import PayAccount
from keyuan.kernel import erasure
from keyuan.kernel.access import Actor
from keyuan.kernel.models import Message
from keyuan.logistics.actions import answering, arranging
from keyuan.logistics.actions.answering import AnswerFacts
from keyuan.logistics.models import Answer, Wish
from keyuan.people import actions
from keyuan.people.actions import merging
from keyuan.people.models import Person
from keyuan.training.models import Nomination
from tests import factories
from tests.factories import Academy

# Who did something for the office: it is the office's record; the name goes with the person's own row.
ACTED = ("_by_id", "teacher_id", "on_behalf_of_id")
NAMELESS = "the row keeps a number only; the name goes with the person's row"
# Table → (the section of the own export, what erasure does or why it leaves the row).
HELD: dict[str, tuple[str, str]] = {
    "people.Person.merged_into_id": ("基本信息", "erased with the record it was merged into"),
    "people.Account.person_id": ("基本信息", "deleted"),
    "people.Seat.person_id": ("基本信息", "ended; who acted in which seat is the audit's"),
    "people.Availability.person_id": ("可授课时间", "deleted"),
    "people.Consent.person_id": ("基本信息", "proof that consent was asked, by number"),
    "kernel.Message.person_id": ("基本信息", "deleted"),
    "kernel.SavedView.person_id": ("基本信息", "deleted"),
    "kernel.NoticePreference.person_id": ("基本信息", "deleted"),
    "kernel.StoredFile.person_id": ("", "who uploaded; unlinked. One's own files are deleted"),
    "kernel.Job.person_id": ("", "who started background work; " + NAMELESS),
    "approvals.Step.person_id": ("", "whom the school's chain names; append-only, " + NAMELESS),
    "approvals.Delegation.principal_id": ("审批委托", NAMELESS),
    "approvals.Delegation.delegate_id": ("审批委托", NAMELESS),
    "approvals.Decision.person_id": ("", "what was said for the school; append-only, " + NAMELESS),
    "terms.Term.holder_id": ("任职", "who led an organisation when is its record, " + NAMELESS),
    "credits.LedgerAccount.person_id": ("学时和证书", "append-only, " + NAMELESS),
    "credits.Certificate.person_id": ("学时和证书", "name and unit are taken off"),
    "attendance.Expected.person_id": ("考勤", NAMELESS),
    "attendance.Leave.person_id": ("考勤", "the reason is taken off"),
    "attendance.DoorRecord.person_id": ("考勤", NAMELESS),
    "evaluation.Eligible.person_id": ("", "destroyed at closing; whether one answered is told nobody, oneself included"),
    "training.Nomination.person_id": ("培训", "notes are taken off"),
    "training.Nomination.replaces_id": ("", "one nomination in place of another; no fact of a person"),
    "training.Completion.nomination_id": ("培训", NAMELESS),
    "fees.TeacherRank.person_id": ("讲课费", "basis of payments, " + NAMELESS),
    "fees.PayAccount.person_id": ("讲课费", "deleted"),
    "fees.LectureFee.person_id": ("讲课费", "vouchers of the accounts stay (会计档案管理办法)"),
    "coursework.Submission.nomination_id": ("课业", "texts and files go; that a task was done stays, " + NAMELESS),
    "learning.Enrolment.person_id": ("在线学习", "deleted with what was done in it"),
    "duty.Expertise.person_id": ("专长", "deleted"),
    "logistics.Answer.nomination_id": ("会务", "deleted"),
    "logistics.Wish.nomination_id": ("会务", "deleted"),
    "logistics.Wish.other_id": ("", "another's wish, exported to that other; deleted"),
    "logistics.Post.nomination_id": ("会务", "posts of the branch are deleted"),
    "logistics.Group.leader_id": ("会务", NAMELESS),
    "logistics.GroupLock.nomination_id": ("会务", NAMELESS),
    "logistics.Stay.nomination_id": ("会务", NAMELESS),
    "logistics.Ride.nomination_id": ("会务", NAMELESS),
    "logistics.Diner.nomination_id": ("会务", NAMELESS),
    "logistics.Seat.nomination_id": ("会务", NAMELESS),
    "hosting.Lecturer.person_id": ("承办轮值", "who never lectured is taken off; a lecture given stays, " + NAMELESS),
    "plan.KeyActivity.owner_id": ("负责的计划", "who answered for an activity is the school's record, " + NAMELESS),
    "plan.Milestone.owner_id": ("负责的计划", "as of activities, " + NAMELESS),
    "rotation.CohortMember.person_id": ("轮训调训", "deleted"),
    "rotation.ListedPerson.person_id": ("轮训调训", "the note is taken off, " + NAMELESS),
    "rotation.Exemption.person_id": ("轮训调训", "the reason is taken off, " + NAMELESS),
    "supervision.Item.owner_person_id": ("督办", "taken off; the unit stays answerable"),
    "supervision.Digest.person_id": ("督办", "deleted"),
}  # fmt: skip


def pointing() -> Iterator[str]:
    """Every field that points at a person or at a nomination."""
    yield from (f"{model._meta.label}.{name}" for model, name in merging.pointing())
    for model in apps.get_models(include_auto_created=True):
        for each in model._meta.concrete_fields:
            if each.remote_field is not None and each.remote_field.model is Nomination:
                yield f"{model._meta.label}.{each.attname}"


def acted(field: str) -> bool:
    """Whether a field says who did something for the office."""
    name = field.rsplit(".", 1)[1]
    return field not in HELD and (name == "by_id" or name.endswith(ACTED))


def test_every_table_of_a_person_is_exported_and_forgotten_or_says_why_not() -> None:
    found = {field for field in pointing() if not acted(field)}
    assert found - HELD.keys() == set(), "say where it is exported and what erasure does"
    assert HELD.keys() - found == set(), "no longer there"
    assert {title for title, _why in HELD.values() if title} <= actions.EXPORTS.keys()
    assert all(why for _title, why in HELD.values())


@pytest.fixture
def trainee(academy: Academy) -> Nomination:
    """Somebody of whom every room knows something."""
    klass = factories.taught(academy, ("4", "4"), trainees=2)
    factories.attend(academy, klass)
    row, other = Nomination.objects.filter(training_class=klass).select_related("person").order_by("pk")
    Nomination.objects.filter(pk=row.pk).update(note="演示备注")
    Person.objects.filter(pk__in=(row.person_id, other.person_id)).update(sex="男")
    arranging.set_up(academy.registrar, training_class=klass, facts={"asks_diet": True, "asks_room": True})
    facts = AnswerFacts(diet="演示清真", room="演示低楼层", together=other.person.name)
    answering.answer(academy.registrar, nomination=row, facts=facts)
    expected = Expected.objects.filter(person=row.person).first()
    assert expected is not None
    Leave.objects.create(
        school=academy.school, owner_label="training.class", owner_id=klass.pk, person=row.person,
        reason="演示就医", approver_role="headteacher", requested_at=timezone.now(), half_days=1,
    )  # fmt: skip
    return row


def test_the_own_export_holds_what_every_room_knows(trainee: Nomination) -> None:
    held = actions.export_self(
        Actor(trainee.person_id, trainee.person.school_id, None, frozenset({"trainee"})),
        person=trainee.person,
    )
    text = json.dumps(held, ensure_ascii=False, default=str)
    for said in ("演示清真", "演示低楼层", "演示就医", "演示备注", "演示干部培训班"):
        assert said in text
    assert held["会务"][0]["同住意愿"]
    assert len(held["考勤"]["签到"]) == 2
    assert held["学时和证书"] == {"学时台账": [], "证书": []}


def test_erasure_forgets_what_was_said_in_words_in_every_room(academy: Academy, trainee: Nomination) -> None:
    erasure.erase(academy.registrar, person_id=trainee.person_id)
    trainee.refresh_from_db()
    assert trainee.note == ""
    assert set(Leave.objects.values_list("reason", flat=True)) == {"（已注销）"}
    for model in (Answer, Wish):
        assert not model.objects.filter(nomination=trainee).exists()
    assert not Message.objects.filter(person_id=trainee.person_id).exists()
    assert not PayAccount.objects.filter(person=trainee.person).exists()
