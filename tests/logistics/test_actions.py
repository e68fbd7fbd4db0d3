"""Arranging a class: who may, what is held, what is freed, what is forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from keyuan.kernel import erasure, jobs
from keyuan.kernel.access import Forbidden, system_of
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import AuditEntry
from keyuan.kernel.models.files import StoredFile
from keyuan.logistics.actions import (
    answering,
    arranging,
    grouping,
    handbooks,
    lodging,
    posts,
    purging,
)
from keyuan.logistics.actions.answering import AnswerFacts
from keyuan.logistics.jobs import purge_due
from keyuan.logistics.models import (
    Answer,
    Arrangement,
    Group,
    GroupLock,
    Post,
    Room,
    Stay,
    Wish,
)
from keyuan.logistics.queries import boards, needs
from keyuan.people.middleware import actor_in
from keyuan.people.models import Person
from keyuan.training.models import Nomination, TrainingClass
from tests import factories
from tests.logistics.conftest import ASK_ALL, Ground, grouped, of_sex, room, trainee


def test_groups_are_balanced_and_the_same_again(ground: Ground) -> None:
    first = grouped(ground)
    assert sorted(map(str, first)).count("1") == 4
    by_unit = [first[at] for at in range(5)]
    assert {by_unit.count(1), by_unit.count(2)} == {2, 3}
    assert grouped(ground) == first
    assert Group.objects.filter(training_class=ground.klass).count() == 2


def test_locked_people_stay_whatever_is_proposed_and_cannot_be_moved(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    grouped(ground)
    grouping.move_members(actor, training_class=klass, ids=ground.ids(0, 1, 2), number=2)
    assert grouping.lock_members(actor, training_class=klass, ids=ground.ids(0, 1, 2), locked=True) == 3
    assert grouped(ground)[:3] == [2, 2, 2]
    with pytest.raises(Fault, match="已锁定"):
        grouping.move_members(actor, training_class=klass, ids=ground.ids(0), number=1)
    with pytest.raises(Fault, match="先解锁"):
        grouping.propose_groups(actor, training_class=klass, count=1)
    grouping.lock_members(actor, training_class=klass, ids=ground.ids(0), locked=False)
    assert grouping.move_members(actor, training_class=klass, ids=ground.ids(0), number=1) == 1


def test_those_who_have_a_group_stay_when_only_newcomers_are_placed(ground: Ground) -> None:
    grouped(ground)
    grouping.move_members(
        ground.academy.registrar, training_class=ground.klass, ids=ground.ids(7), number=None
    )
    before = [row.group for row in ground.again()][:7]
    grouping.propose_groups(ground.academy.registrar, training_class=ground.klass, count=2, only_new=True)
    after = [row.group for row in ground.again()]
    assert after[:7] == before
    assert after[7] is not None


def test_a_count_that_does_not_fit_is_refused(ground: Ground) -> None:
    for count in (0, 9):
        with pytest.raises(Fault, match="1 至 8"):
            grouping.propose_groups(ground.academy.registrar, training_class=ground.klass, count=count)


def test_a_leader_is_of_the_group_and_leads_no_more_when_moved_away(ground: Ground) -> None:
    actor, klass, numbers = ground.academy.registrar, ground.klass, grouped(ground)
    inside = next(row.pk for row, number in zip(ground.rows, numbers, strict=True) if number == 1)
    outside = next(row.pk for row, number in zip(ground.rows, numbers, strict=True) if number == 2)
    with pytest.raises(Fault, match="本组学员"):
        grouping.name_group(actor, training_class=klass, number=1, title="", place="", leader=outside)
    group = grouping.name_group(
        actor, training_class=klass, number=1, title="先锋组", place="一楼", leader=inside
    )
    assert str(group) == "先锋组"
    assert "组长" in boards.post_words(actor, klass)[inside]
    grouping.move_members(actor, training_class=klass, ids=[inside], number=2)
    assert Group.objects.get(pk=group.pk).leader is None


def test_only_registrar_and_head_teacher_of_the_class_arrange_and_only_while_it_is_open(
    ground: Ground,
) -> None:
    academy, klass = ground.academy, ground.klass
    grouping.propose_groups(academy.actor("headteacher"), training_class=klass, count=2)
    for key in ("liaison", "head", "teacher"):
        with pytest.raises(Forbidden):
            grouping.propose_groups(academy.actor(key), training_class=klass, count=2)
    stranger = factories.build("other")
    with pytest.raises(Forbidden):
        lodging.propose_rooms(stranger.registrar, training_class=klass)
    TrainingClass.objects.filter(pk=klass.pk).update(state="closed")
    with pytest.raises(Forbidden):
        grouping.propose_groups(academy.registrar, training_class=klass, count=2)


def test_one_who_leaves_the_class_frees_bed_seat_post_and_group(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    grouped(ground)
    room(ground, capacity=4)
    men = of_sex(ground, "男")
    lodging.move_guests(actor, training_class=klass, ids=men[:1], room_id=Room.objects.get().pk)
    posts.appoint(actor, training_class=klass, kind="monitor", nomination_id=men[0])
    number = Nomination.objects.get(pk=men[0]).group
    grouping.name_group(actor, training_class=klass, number=number or 0, title="", place="", leader=men[0])
    Nomination.objects.filter(pk=men[0]).update(state="withdrawn")
    assert all(
        card.pk != men[0] for column in boards.group_board(actor, klass).columns for card in column.cards
    )
    grouping.propose_groups(actor, training_class=klass, count=2)
    assert not Stay.objects.exists()
    assert not Post.objects.exists()
    assert not Group.objects.exclude(leader=None).exists()


def test_a_post_has_one_holder_and_vice_monitors_may_be_two(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    for at in (0, 1):
        posts.appoint(actor, training_class=klass, kind="monitor", nomination_id=ground.rows[at].pk)
        posts.appoint(actor, training_class=klass, kind="vice_monitor", nomination_id=ground.rows[at].pk)
    assert Post.objects.get(kind="monitor").nomination_id == ground.rows[1].pk
    assert Post.objects.filter(kind="vice_monitor").count() == 2
    posts.dismiss(actor, training_class=klass, post_id=Post.objects.get(kind="monitor").pk)
    assert not Post.objects.filter(kind="monitor").exists()


def test_the_branch_is_of_those_who_joined_and_begins_with_three(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass

    def appoint(at: int) -> None:
        posts.appoint(actor, training_class=klass, kind="secretary", nomination_id=ground.rows[at].pk)

    with pytest.raises(Fault, match="没有征询"):
        appoint(0)
    arranging.set_up(actor, training_class=klass, facts=ASK_ALL)
    for at in (0, 1):
        answering.answer(actor, nomination=ground.rows[at], facts=AnswerFacts(branch="yes"))
    with pytest.raises(Fault, match="不足 3 人"):
        appoint(0)
    answering.answer(actor, nomination=ground.rows[2], facts=AnswerFacts(branch="yes"))
    with pytest.raises(Fault, match="没有填写参加"):
        appoint(3)
    appoint(0)
    answering.answer(actor, nomination=ground.rows[0], facts=AnswerFacts(branch="no"))
    assert not Post.objects.exists()


def test_answers_are_sealed_and_only_what_is_asked_is_kept(
    ground: Ground, own_seat: Callable[[Person], object]
) -> None:
    actor, klass, row = ground.academy.registrar, ground.klass, ground.rows[0]
    me = actor_in(own_seat(row.person))  # type: ignore[arg-type] # a seat
    with pytest.raises(Fault, match="没有需要填写"):
        answering.answer(me, nomination=row, facts=AnswerFacts(diet="清真餐"))
    arranging.set_up(actor, training_class=klass, facts={"asks_diet": True})
    answering.answer(me, nomination=row, facts=AnswerFacts(diet="清真餐", branch="yes", shows_phone=True))
    stored = Answer.objects.get()
    assert "清真" not in stored.diet_sealed
    assert (stored.branch_sealed, stored.shows_phone, stored.by_office) == ("", False, False)
    assert needs.own_needs(me, row).diet == "清真餐"
    assert "清真" not in str(list(AuditEntry.objects.values_list("facts", flat=True)))
    other = actor_in(own_seat(ground.rows[1].person))  # type: ignore[arg-type] # a seat
    assert not needs.own_needs(other, row).answered
    with pytest.raises(Forbidden):
        answering.answer(other, nomination=row, facts=AnswerFacts(diet="素食"))
    assert needs.needs_of(ground.academy.actor("head"), klass) == {}


def test_after_the_day_only_the_office_answers(ground: Ground, own_seat: Callable[[Person], object]) -> None:
    actor, klass, row = ground.academy.registrar, ground.klass, ground.rows[0]
    yesterday = timezone.localdate() - timedelta(days=1)
    arranging.set_up(actor, training_class=klass, facts={"asks_diet": True, "answer_by": yesterday})
    me = actor_in(own_seat(row.person))  # type: ignore[arg-type] # a seat
    with pytest.raises(Fault, match="已截止"):
        answering.answer(me, nomination=row, facts=AnswerFacts(diet="素食"))
    assert answering.answer(actor, nomination=row, facts=AnswerFacts(diet="素食")).by_office


def test_a_wish_names_one_trainee_of_the_same_sex(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    arranging.set_up(actor, training_class=klass, facts={"asks_room": True})
    men, women = of_sex(ground, "男"), of_sex(ground, "女")
    by_pk = {row.pk: row for row in ground.rows}
    for name, words in (("查无此人", "没有"), (by_pk[women[0]].person.name, "同性")):
        with pytest.raises(Fault, match=words):
            answering.answer(actor, nomination=by_pk[men[0]], facts=AnswerFacts(together=name))
    answering.answer(actor, nomination=by_pk[men[0]], facts=AnswerFacts(together=by_pk[men[1]].person.name))
    assert Wish.objects.get().other_id == men[1]
    answering.answer(actor, nomination=by_pk[men[0]], facts=AnswerFacts())
    assert not Wish.objects.exists()


def test_answers_are_purged_after_closing_and_the_audit_says_how_many_only(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    arranging.set_up(actor, training_class=klass, facts={**ASK_ALL, "keep_days": 10})
    for at in range(3):
        answering.answer(actor, nomination=ground.rows[at], facts=AnswerFacts(diet="素食", branch="yes"))
    posts.appoint(actor, training_class=klass, kind="secretary", nomination_id=ground.rows[0].pk)
    posts.appoint(actor, training_class=klass, kind="monitor", nomination_id=ground.rows[0].pk)
    stored = handbooks.keep(actor, training_class=klass, content=b"%PDF-1.7\n%%EOF\n", size="a5")
    shut = timezone.now() - timedelta(days=9)
    TrainingClass.objects.filter(pk=klass.pk).update(state="closed", closed_at=shut)
    purge_due()
    assert Answer.objects.count() == 3
    TrainingClass.objects.filter(pk=klass.pk).update(closed_at=shut - timedelta(days=2))
    purge_due()
    assert not Answer.objects.exists()
    assert [post.kind for post in Post.objects.all()] == ["monitor"]
    assert not StoredFile.objects.filter(pk=stored.pk).exists()
    line = AuditEntry.objects.filter(action="logistics.purged").get()
    assert line.facts == {"answers": 3, "posts": 1, "wishes": 0}
    purge_due()
    assert AuditEntry.objects.filter(action="logistics.purged").count() == 1


def test_a_cancelled_class_forgets_at_once_and_an_erased_person_anyway(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    arranging.set_up(actor, training_class=klass, facts=ASK_ALL)
    for at in range(2):
        answering.answer(actor, nomination=ground.rows[at], facts=AnswerFacts(diet="素食"))
    erasure.erase(system_of(klass.school_id), person_id=ground.rows[0].person_id)
    assert [row.nomination_id for row in Answer.objects.all()] == [ground.rows[1].pk]
    TrainingClass.objects.filter(pk=klass.pk).update(state="cancelled")
    purge_due()
    assert not Answer.objects.exists()


def test_trainees_are_told_once_and_not_of_a_handbook_that_is_not_there(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    with pytest.raises(Fault, match="还没有生成"):
        arranging.tell(actor, training_class=klass, part="handbook")
    before = AuditEntry.objects.count()
    arranging.tell(actor, training_class=klass, part="groups")
    arranging.tell(actor, training_class=klass, part="groups")
    assert AuditEntry.objects.count() == before + 1
    assert Arrangement.objects.get().is_told("groups")
    arranging.untell(actor, training_class=klass, part="groups")
    assert not Arrangement.objects.get().is_told("groups")
    with pytest.raises(Fault, match="没有这一项"):
        arranging.tell(actor, training_class=klass, part="secrets")


def test_asking_twice_for_the_handbook_is_one_job(ground: Ground) -> None:
    actor = ground.academy.registrar
    one = handbooks.ask(actor, training_class=ground.klass, size="a5")
    assert handbooks.ask(actor, training_class=ground.klass, size="a5").pk == one.pk
    assert one.kind in jobs.KINDS
    with pytest.raises(Fault, match="A5 或 A4"):
        handbooks.ask(actor, training_class=ground.klass, size="b5")


def test_a_newcomer_is_on_the_boards_without_a_place(ground: Ground) -> None:
    grouped(ground)
    TrainingClass.objects.filter(pk=ground.klass.pk).update(places=9)
    ground.klass.shares.filter(organisation=ground.academy.units[1]).update(places=4)
    late = trainee(ground.academy, ground.klass, 1, "女")
    board = boards.group_board(ground.academy.registrar, ground.klass)
    assert [card.pk for card in board.waiting] == [late.pk]
    assert board.total == 9
    assert not GroupLock.objects.exists()
    assert purging.due() == []
