"""Frames and filings through their actions: issued, filled in, handed in, returned, corrected, reminded of."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from keyuan.filings import actions, jobs
from keyuan.filings.models import Demonstration, Filing, Frame, Line, Outcome, Reminder, SubSchool, Version
from keyuan.filings.queries.own import untaken
from keyuan.filings.queries.people import phone_of
from keyuan.kernel import cipher, erasure, todos
from keyuan.kernel.access import Forbidden, can, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models.notify import Outbox
from keyuan.orgs.models import Organisation, School
from keyuan.people import actions as people
from keyuan.people.roles import Role
from keyuan.plan.models import ActivityType, AnnualPlan, KeyActivity
from keyuan.plan.queries import panels_for
from keyuan.plan.rules import objection_to_removal
from tests import factories
from tests.filings.conftest import YEAR, Ground, facts_of


def told(kind: str) -> list[int]:
    """Everybody told something of a kind."""
    return [person for row in Outbox.objects.filter(kind=kind) for person in row.person_ids]


def titles(actor: Any) -> list[str]:
    return [item.title for item in todos.for_actor(actor) if item.group == "报备"]


def test_an_issued_frame_asks_every_unit_of_its_kinds_once_and_tells_their_liaisons(ground: Ground) -> None:
    assert Filing.objects.filter(frame=ground.frame).count() == 5
    assert ground.academy.seats["liaison"].person_id in told("filings.issued")
    late = Organisation.objects.create(
        school=ground.academy.school, kind="society", name="演示省新学会", order=9
    )
    Organisation.objects.create(school=ground.academy.school, kind="think_tank", name="演示智库")
    assert actions.frames.add_units(ground.office, frame=ground.frame) == 1
    assert actions.frames.add_units(ground.office, frame=ground.frame) == 0
    assert Filing.objects.filter(organisation=late).exists()
    with pytest.raises(Forbidden):
        actions.frames.add_units(ground.liaison, frame=ground.frame)


def test_a_frame_is_changed_without_losing_what_units_filled_in(ground: Ground) -> None:
    ground.line()
    with pytest.raises(Fault, match="已有单位填用"):
        actions.frames.save_frame(ground.office, frame=ground.frame, facts=facts_of(types=("论坛",)))
    with pytest.raises(Fault, match="不能去掉"):
        actions.frames.save_frame(ground.office, frame=ground.frame, facts=facts_of(kinds=("society",)))
    later = facts_of(types=("培训班", "沙龙"), plan_by=timezone.localdate() + timedelta(days=40))
    actions.frames.save_frame(ground.office, frame=ground.frame, facts=later)
    assert list(ground.frame.types.values_list("name", flat=True)) == ["培训班", "沙龙"]
    with pytest.raises(Fault, match="同名"):
        actions.frames.save_frame(ground.office, facts=facts_of())
    with pytest.raises(Fault, match="晚于"):
        actions.frames.save_frame(
            ground.office, facts=facts_of(title="演示另一项", result_by=date(2026, 1, 1))
        )
    with pytest.raises(Fault, match="至少"):
        actions.frames.save_frame(ground.office, facts=facts_of(title="演示另一项", types=()))


def test_a_plan_goes_from_the_unit_to_the_office_and_back_and_every_version_stays(ground: Ground) -> None:
    with pytest.raises(Fault, match="还没有填写"):
        ground.move("file")
    assert ground.filing().plan_state == "open"
    line = ground.line()
    assert ground.move("file").plan_state == "filed"
    with pytest.raises(Conflict, match="撤回"):
        ground.line("演示另一班")
    with pytest.raises(Forbidden):
        ground.move("receive", actor=ground.liaison)
    assert "签收 1 个单位的计划：演示统筹要求" in titles(ground.office)
    assert ground.move("return", note="缺经费").plan_note == "缺经费"
    assert told("filings.returned") == [ground.academy.seats["liaison"].person_id]
    assert titles(ground.liaison) == ["计划被退回，请修改：演示统筹要求"]
    ground.line(name="演示提升班（改）", month=6)
    ground.move("file")
    assert ground.move("accept").plan_state == "accepted"
    assert titles(ground.liaison) == []
    with pytest.raises(Fault, match="理由"):
        ground.move("revise")
    ground.move("revise", note="时间改了")
    actions.filing.withdraw_line(ground.liaison, line=line)
    ground.move("file")
    versions = list(Version.objects.filter(part="plan").order_by("number"))
    assert [(one.number, len(one.content)) for one in versions] == [(1, 1), (2, 2), (3, 1)]
    assert versions[2].note == "时间改了"
    assert versions[0].content[0]["name"] == "演示提升班"
    assert Line.objects.filter(pk=line.pk, withdrawn_at__isnull=False).exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.update(note="改写")


def test_nothing_to_report_is_reported_with_a_reason_and_units_can_be_let_off(ground: Ground) -> None:
    with pytest.raises(Fault, match="理由"):
        ground.move("nil")
    assert ground.move("nil", note="今年换届").plan_state == "filed"
    assert Version.objects.get().content == []
    ground.move("recall")
    ground.line()
    with pytest.raises(Fault, match="不能零报告"):
        ground.move("nil", note="今年换届")
    physics = ground.societies[1]
    assert ground.move("exempt", unit=physics, note="新成立").plan_state == "exempt"
    assert ground.move("require", unit=physics).plan_state == "open"


def test_many_are_received_at_once_and_those_not_handed_in_are_left(ground: Ground) -> None:
    ground.line()
    ground.move("file")
    rows = list(Filing.objects.filter(frame=ground.frame).select_related("frame__school", "organisation"))
    assert actions.moving.move_many(ground.office, filings=rows, part="plan", move="receive") == (1, 4)
    assert actions.moving.move_many(ground.office, filings=rows, part="plan", move="accept") == (1, 4)


def test_results_name_their_plan_or_stand_besides_it(ground: Ground) -> None:
    line = ground.line()
    with pytest.raises(Fault, match="参加人数"):
        ground.outcome(cadre=0, leading_talent=0)
    with pytest.raises(Fault, match="2025 年内"):
        ground.outcome(on=date(2024, 1, 1))
    one = ground.outcome(line=line)
    assert (one.people, ground.outcome("演示临时沙龙").line) == (45, None)
    with pytest.raises(Fault, match="同名"):
        ground.outcome()
    with pytest.raises(Fault, match="已有结果"):
        actions.filing.withdraw_line(ground.liaison, line=line)
    actions.filing.withdraw_outcome(ground.liaison, outcome=one)
    actions.filing.withdraw_line(ground.liaison, line=line)
    with pytest.raises(Fault, match="不在本单位"):
        ground.outcome("演示又一班", line=line)
    assert ground.move("file", "result").result_state == "filed"
    assert [row["name"] for row in Version.objects.get().content] == ["演示临时沙龙"]


def test_lines_are_refused_that_are_double_or_of_another_frame(ground: Ground) -> None:
    ground.line()
    with pytest.raises(Fault, match="同名"):
        ground.line()
    with pytest.raises(Fault, match="联系电话"):
        ground.line("演示乙班", contact_phone="12")
    with pytest.raises(Forbidden):
        ground.line("演示丙班", actor=ground.academy.actor("liaison2"))
    other = actions.frames.save_frame(ground.office, facts=facts_of(title="演示另一项"))
    with pytest.raises(Fault, match="不属于"):
        actions.filing.save_line(
            ground.liaison, filing=ground.filing(),
            facts=actions.filing.LineFacts("演示丁班", other.types.all()[0], 5, Decimal(1), 10),
        )  # fmt: skip
    actions.frames.move_frame(ground.office, frame=ground.frame, move="close")
    with pytest.raises(Conflict, match="报送期"):
        ground.line("演示戊班")
    with pytest.raises(Fault, match="报送期"):
        ground.move("file")


def test_the_database_keeps_what_is_filed_within_its_own_frame(ground: Ground) -> None:
    line, outcome = ground.line(), ground.outcome()
    other = actions.frames.save_frame(ground.office, facts=facts_of(title="演示另一项"))
    kind = other.types.get(name="培训班")
    example = Demonstration.objects.create(frame=other, activity=ground.academy.activity)
    theirs = ground.filing(ground.societies[1])
    for rows, changed in (
        (Line.objects.filter(pk=line.pk), {"type": kind}),
        (Line.objects.filter(pk=line.pk), {"follows": example}),
        (
            Line.objects.filter(pk=line.pk),
            {"filing": Filing.objects.create(frame=other, organisation=ground.societies[2])},
        ),
        (Outcome.objects.filter(pk=outcome.pk), {"type": kind}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**changed)
    Outcome.objects.filter(pk=outcome.pk).update(line=line)
    with pytest.raises(DatabaseError), transaction.atomic():
        Outcome.objects.filter(pk=outcome.pk).update(filing=theirs)
    with pytest.raises(DatabaseError), transaction.atomic():
        Line.objects.create(filing=theirs, type=kind, name="演示", month=3)
    example = Demonstration.objects.create(frame=ground.frame, activity=ground.academy.activity)
    assert (
        Line.objects.filter(pk=line.pk).update(follows=example, type=ground.frame.types.get(name="论坛")) == 1
    )


def test_a_contact_s_phone_is_sealed_shown_with_a_trace_exported_and_forgotten(ground: Ground) -> None:
    unit = ground.academy.units[0]
    contact = factories.person(ground.academy, "演示联系人", unit, phone="13800138000")
    line = ground.line(contact_name="演示联系人", contact_phone="138 0013 8000")
    assert "13800138000" not in line.phone_sealed
    assert phone_of(line) == "13800138000"
    assert actions.filing.show_phone(ground.office, line=line) == "13800138000"
    with pytest.raises(Forbidden):
        actions.filing.show_phone(ground.academy.actor("head"), line=line)
    assert next(one for one in cipher.FIELDS if one.model is Line).bound_to(line).startswith("filing-line:")
    held = people.EXPORTS["报备"](
        type(ground.office)(contact.pk, contact.school_id, None, frozenset({"trainee"})), contact
    )
    assert held[0]["活动"] == line.name
    erasure.erase(ground.office, person_id=contact.pk)
    line.refresh_from_db()
    assert (line.contact_name, line.phone_sealed, line.phone_index) == ("", "", "")


def test_reminding_reaches_who_owes_once_a_day_and_says_whom_it_cannot_reach(ground: Ground) -> None:
    ground.line()
    ground.move("file")
    done = actions.reminding.remind(ground.office, frame=ground.frame, part="plan")
    assert (done.told, done.silent, done.again) == (2, 2, 0)
    again = actions.reminding.remind(ground.office, frame=ground.frame, part="plan")
    assert (again.told, again.silent, again.again) == (0, 0, 4)
    assert sorted(told("filings.reminder")) == sorted(
        ground.academy.seats[key].person_id for key in ("liaison2", "society")
    )
    assert not Reminder.objects.filter(filing=ground.filing()).exists()
    with pytest.raises(Forbidden):
        actions.reminding.remind(ground.liaison, frame=ground.frame, part="plan")
    with pytest.raises(DatabaseError), transaction.atomic():
        Reminder.objects.all().delete()


def test_reminders_go_out_by_themselves_at_the_distances_and_make_up_for_the_last_only(
    ground: Ground,
) -> None:
    due = ground.frame.plan_by

    def on(day: date) -> int:
        return actions.reminding.remind_due(ground.office, frame=ground.frame, today=day)

    assert on(due - timedelta(days=15)) == 0
    assert on(due - timedelta(days=13)) == 3, "made up for the fourteenth"
    assert on(due - timedelta(days=13)) == 0
    assert on(due - timedelta(days=8)) == 0
    assert on(due - timedelta(days=7)) == 3
    ground.line()
    ground.move("file")
    assert on(due - timedelta(days=1)) == 2
    assert on(due) == 0
    assert on(due + timedelta(days=1)) == 2
    assert on(due + timedelta(days=60)) == 0
    assert Reminder.objects.filter(by=None).exists() is False


def test_the_daily_work_takes_in_new_units_and_reminds_as_the_system(ground: Ground) -> None:
    today = timezone.localdate()
    Frame.objects.filter(pk=ground.frame.pk).update(plan_by=today + timedelta(days=7))
    late = Organisation.objects.create(
        school=ground.academy.school, kind="society", name="演示省新学会", order=9
    )
    assert jobs.remind() == 3
    assert jobs.remind() == 0
    assert Reminder.objects.get(filing__organisation=late).told == 0
    assert set(Reminder.objects.values_list("by", flat=True)) == {None}


def test_who_sees_whose_filings(ground: Ground) -> None:
    math, physics = ground.societies[:2]
    city, society = ground.liaison, ground.academy.actor("society")
    assert {one.organisation for one in visible(city, Filing)} == {ground.academy.units[0], math}
    assert [one.organisation for one in visible(society, Filing)] == [physics]
    assert visible(ground.academy.actor("head"), Filing).count() == 5
    assert not visible(ground.academy.actor("teacher"), Filing).exists()
    of_math = ground.filing(math)
    assert can(city, "filings.see", of_math)
    assert not can(city, "filings.file", of_math)
    assert can(ground.office, "filings.file", of_math)
    draft = actions.frames.save_frame(ground.office, facts=facts_of(title="演示草稿"))
    assert not can(city, "filings.see", draft)
    stranger = factories.build("sz")
    assert not visible(stranger.registrar, Frame).exists()
    assert not can(stranger.registrar, "filings.file", of_math)


def test_a_sub_school_files_from_its_own_plan_in_one_click(ground: Ground) -> None:
    child = factories.build("sz")
    School.objects.filter(pk=child.school.pk).update(parent=ground.academy.school)
    child.school.refresh_from_db()
    unit = Organisation.objects.create(
        school=ground.academy.school, kind="school", name="演示市科协党校", order=1
    )
    actions.frames.add_units(ground.office, frame=ground.frame)
    with pytest.raises(Forbidden):
        actions.frames.link_school(child.registrar, school=child.school, organisation=unit)
    actions.frames.link_school(ground.office, school=child.school, organisation=unit)
    filing = ground.filing(unit)
    AnnualPlan.objects.filter(school=child.school).update(year=YEAR)
    kind = ActivityType.objects.create(plan=child.activity.plan, order=2, name="论坛")
    KeyActivity.objects.create(plan=child.activity.plan, type=kind, number=2, name="演示论坛")
    factories.draft(child, starts=date(2025, 9, 3))
    assert visible(child.registrar, Filing).get() == filing
    assert visible(child.registrar, Frame).get() == ground.frame
    assert actions.filing.take_over(child.registrar, filing=filing) == 2
    assert actions.filing.take_over(child.registrar, filing=filing) == 0
    assert untaken(filing) == []
    first, second = Line.objects.filter(filing=filing).order_by("pk")
    assert (first.name, first.month, first.days, first.people) == ("演示干部培训班", 9, Decimal(2), 4)
    assert (second.type.name, second.month) == ("论坛", None)
    with pytest.raises(Fault, match="演示论坛"):
        actions.moving.move_filing(child.registrar, filing=filing, part="plan", move="file")
    done = actions.reminding.remind(ground.office, frame=ground.frame, part="plan", only=[filing.pk])
    assert done.told == 1
    assert child.seats["registrar"].person_id in told("filings.reminder")
    actions.frames.link_school(ground.office, school=child.school, organisation=None)
    assert not SubSchool.objects.exists()
    assert not visible(child.registrar, Filing).exists()


def test_examples_and_the_province_s_activities_show_who_follows_them(ground: Ground) -> None:
    activity = ground.academy.activity
    klass = factories.approved(ground.academy)
    shown = actions.frames.demonstrate(
        ground.office, frame=ground.frame, training_class=klass, note="小班研讨"
    )
    with pytest.raises(Fault, match="已经"):
        actions.frames.demonstrate(ground.office, frame=ground.frame, training_class=klass)
    with pytest.raises(Fault, match="请选择"):
        actions.frames.demonstrate(ground.office, frame=ground.frame)
    ground.line(follows=shown)
    ground.line("演示配合班", activity=activity)

    def lines() -> list[str]:
        panels = [panel for panel in panels_for(ground.office, activity) if "报备" in panel.title]
        return [line.title for panel in panels for line in panel.lines]

    assert lines() == [], "drafts are the unit's own"
    ground.move("file")
    assert [title.rsplit(" · ", 1)[1] for title in lines()] == ["演示提升班", "演示配合班"]
    assert objection_to_removal(activity)
    actions.frames.withdraw_demonstration(ground.office, demonstration=shown)
    assert Demonstration.objects.get().withdrawn_at
    other = factories.build("sz")
    with pytest.raises(Fault, match="本校"):
        actions.frames.demonstrate(ground.office, frame=ground.frame, activity=other.activity)


def test_the_office_files_in_a_unit_s_stead(ground: Ground) -> None:
    mech = ground.filing(ground.societies[2])
    ground.line(actor=ground.office, filing=mech)
    actions.moving.move_filing(ground.office, filing=mech, part="plan", move="file")
    assert Version.objects.get().by == ground.academy.seats["registrar"].person
    assert Role.REGISTRAR in ground.office.roles
