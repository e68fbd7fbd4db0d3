"""Proofs: read from attendance and timetables, corrected by counter-entries, accepted by hand, brought by events."""

from datetime import date, time, timedelta
from typing import Literal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from keyuan.attendance import actions as attendance
from keyuan.duty import actions
from keyuan.duty.models import CountingRule, DutyClaim, Proof, Reversal
from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import Outbox
from keyuan.orgs.models import School
from keyuan.people.models import Person
from keyuan.training.actions import versions
from keyuan.training.models import TrainingClass
from tests import factories
from tests.duty.ground import Ground, paper

ON = timezone.localdate
LONG_AGO, FAR = date(2021, 5, 20), date(2090, 5, 19)


@pytest.fixture
def held(owing: Ground) -> TrainingClass:
    """A class of two half-days that the president attended and in which another lectured; nothing read yet."""
    owing.elect(0, LONG_AGO, due=FAR)
    owing.elect(1, LONG_AGO, at=1, due=FAR)
    owing.open()
    academy = owing.academy
    last = ON() - timedelta(days=1)
    klass = factories.published(academy, (2, 0), starts=last, ends=last, nominate_by=last, places=4)
    factories.move(academy, factories.nominee(academy, klass, who=owing.people[0]), "admit")
    owing.lecture(klass, 1)
    owing.lecture(
        klass,
        1,
        title="演示专题二",
        half="pm",
        starts=time(14, 30),
        ends=time(17),
    )
    versions.release_timetable(academy.registrar, training_class=klass)
    return klass


def _mark(ground: Ground, klass: TrainingClass, tick: Literal["present", "absent"]) -> None:
    for sitting in factories.sittings(klass):
        attendance.mark(
            ground.office, sitting=sitting, person_ids=[ground.people[0].pk], tick=tick, paper=True
        )


def test_attendance_and_timetable_prove_by_themselves_once(owing: Ground, held: TrainingClass) -> None:
    # The lecture is held with its day; attendance waits for the marks.
    assert owing.read() == (1, 0)
    lecture = Proof.objects.get()
    assert (lecture.duty_id, lecture.how) == (owing.duty("lecture", 1, 1).pk, "timetable")
    _mark(owing, held, "present")
    assert owing.read() == (1, 0)
    assert owing.read() == (0, 0)
    assert owing.state(owing.duty("attend")) == "proven"
    assert owing.state(owing.duty("lecture")) == "open"
    assert Proof.objects.get(how="attendance").training_class_id == held.pk


def test_corrected_attendance_leaves_a_counter_entry_and_a_hand_made_proof_is_left_alone(
    owing: Ground, held: TrainingClass
) -> None:
    by_hand = actions.prove(
        owing.office, duty=owing.duty("lecture", 1, 1), title="演示外省报告", held_on=date(2023, 5, 6)
    )
    _mark(owing, held, "present")
    assert owing.read() == (1, 0)
    _mark(owing, held, "absent")
    Outbox.objects.all().delete()
    assert owing.read() == (0, 1)
    assert owing.state(owing.duty("attend")) == "open"
    proof = Proof.objects.get(how="attendance")
    assert (proof.standing, "更正" in proof.reversal.reason) == (False, True)
    told = Outbox.objects.get(kind="duty.reversed")
    assert set(told.person_ids) == {owing.people[0].pk, owing.academy.seats["registrar"].person_id}
    assert Proof.objects.get(standing=True) == by_hand
    _mark(owing, held, "present")
    assert owing.read() == (1, 0)
    assert (Proof.objects.filter(how="attendance").count(), Reversal.objects.count()) == (2, 1)


def test_nothing_read_or_written_changes_a_proof_or_takes_it_away(owing: Ground, held: TrainingClass) -> None:
    owing.read()
    proof = Proof.objects.get()
    for act in (
        lambda: Proof.objects.filter(pk=proof.pk).update(title="改过"),
        lambda: Proof.objects.filter(pk=proof.pk).delete(),
        lambda: Proof.objects.create(duty=proof.duty, how="manual", title="再来", held_on=proof.held_on),
    ):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            act()
    made = Person.objects.get(pk=owing.people[3].pk)
    Proof.objects.filter(pk=proof.pk).update(by=made)
    assert Proof.objects.get().title.startswith("演示专题")


def test_what_counts_is_laid_down_and_dated(owing: Ground, held: TrainingClass) -> None:
    _mark(owing, held, "present")
    refuse = {
        "kind": "attend", "counts": False, "since": held.starts, "activity": "", "class_kind": "training",
        "session_kind": "", "host": None, "basis": "演示",
    }  # fmt: skip
    rule = actions.set_counting(owing.office, facts=refuse)
    lectures = CountingRule.objects.filter(kind="lecture", activity="")
    lectures.update(until=held.starts)
    assert owing.read() == (0, 0)
    named = {
        "kind": "lecture",
        "counts": True,
        "activity": "演示干部培训班",
        "class_kind": "",
        "basis": "演示",
    }
    actions.set_counting(owing.office, facts={**refuse, **named})
    actions.end_counting(owing.office, rule=rule, until=held.starts + timedelta(days=1))
    assert owing.read() == (1, 0)
    assert Proof.objects.get().how == "timetable"
    with pytest.raises(Fault, match="停用日期"):
        actions.end_counting(owing.office, rule=rule, until=held.starts)
    with pytest.raises(Fault, match="不填课次形式"):
        actions.set_counting(owing.office, facts={**refuse, "session_kind": "lecture"})


def test_a_claim_counts_once_another_accepts_it_and_only_within_the_term(owing: Ground) -> None:
    owing.elect(0, LONG_AGO, due=FAR)
    owing.open()
    duty, day = owing.duty("lecture"), date(2023, 3, 4)

    def say(held_on: date = day, *, evidence: bool = True) -> DutyClaim:
        return actions.claim(
            owing.system,
            duty=duty,
            title="演示院士讲坛",
            held_on=held_on,
            evidence=paper() if evidence else None,
        )

    for held_on, words in ((date(2021, 5, 19), "不在任期内"), (ON() + timedelta(days=1), "还没有到")):
        with pytest.raises(Fault, match=words):
            say(held_on)
    with pytest.raises(Fault, match="证明材料"):
        say(evidence=False)
    first = say()
    assert owing.state(duty) == "open"
    with pytest.raises(Conflict, match="等待审核"):
        say()
    with pytest.raises(Fault, match="原因"):
        actions.decide(owing.office, claim=first, accept=False)
    actions.decide(owing.office, claim=first, accept=False, reason="看不出主讲人")
    second = say()
    with pytest.raises(Forbidden):
        actions.decide(owing.academy.actor("liaison"), claim=second, accept=True)
    actions.decide(owing.office, claim=second, accept=True)
    proof = Proof.objects.get(standing=True)
    assert (proof.claim, proof.held_on, owing.state(duty)) == (second, day, "proven")
    with pytest.raises(Conflict, match="已有完成凭据"):
        say()
    with pytest.raises(Conflict, match="已处理"):
        actions.withdraw_claim(owing.system, claim=second)
    actions.reverse(owing.office, proof=proof, reason="误认")
    assert owing.state(duty) == "open"
    with pytest.raises(Conflict, match="已经冲销"):
        actions.reverse(owing.office, proof=proof, reason="再冲")
    event = actions.prove(owing.system, duty=duty, title="演示党建强会活动", held_on=day, event_id=7)
    assert (event.how, event.event_id) == ("event", 7)


def test_nobody_accepts_or_waives_for_oneself(owing: Ground) -> None:
    registrar = owing.academy.seats["registrar"].person
    owing.people[0] = registrar
    owing.elect(0, LONG_AGO, due=FAR)
    owing.open()
    duty = owing.duty("lecture")
    made = actions.claim(
        owing.system, duty=duty, title="演示报告", held_on=date(2023, 3, 4), evidence=paper()
    )
    with pytest.raises(Fault, match="由他人审核"):
        actions.decide(owing.office, claim=made, accept=True)
    with pytest.raises(Fault, match="由他人办理"):
        actions.waive(owing.office, duty=duty, reason="演示")
    head = owing.academy.actor("head")
    actions.waive(head, duty=duty, reason="演示：病休")
    assert owing.state(duty) == "exempt"
    with pytest.raises(Conflict, match="已经免除"):
        actions.waive(head, duty=duty, reason="演示")
    actions.revoke(head, duty=duty, reason="已返岗")
    assert owing.state(duty) == "open"


def test_a_lecture_at_a_branch_counts_once_the_rule_says_so(owing: Ground) -> None:
    owing.elect(0, LONG_AGO, due=FAR)
    owing.open()
    branch = factories.build("sz")
    branch.serial = 600
    School.objects.filter(pk=branch.school.pk).update(parent=owing.academy.school)
    # The branch knows the president by a record of its own; the identity number says it is the same person.
    teacher = branch.seats["teacher"].person
    Person.objects.filter(pk=teacher.pk).update(id_index=owing.people[0].id_index)
    klass = factories.taught(branch, ("4",), trainees=1)
    assert owing.read() == (0, 0)
    facts = {
        "kind": "lecture", "counts": True, "since": LONG_AGO, "activity": "", "class_kind": "", "session_kind": "",
        "host": branch.school, "basis": "演示",
    }  # fmt: skip
    branch.school.refresh_from_db()
    actions.set_counting(owing.office, facts=facts)
    assert owing.read() == (1, 0)
    assert Proof.objects.get().training_class_id == klass.pk
    with pytest.raises(Fault, match="下属分校"):
        actions.set_counting(owing.office, facts={**facts, "host": factories.build("zh").school})
