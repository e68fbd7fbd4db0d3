"""Coverage as the database gives it: who belongs, what counts, what is planned, and at what cost."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keyuan.rotation import actions
from keyuan.rotation.models import Requirement
from keyuan.rotation.queries import board
from keyuan.rotation.queries.coverage import coverage
from keyuan.rotation.queries.own import owed_by
from keyuan.rotation.rules import Tally
from keyuan.terms import actions as terms
from keyuan.terms.actions import TermFacts
from keyuan.terms.models import Post
from keyuan.training.models import Nomination
from tests import factories
from tests.rotation.conftest import Ground, days_ago

ROTATION = "机关和直属单位干部轮训"


def test_department_people_are_due_once_in_five_years_and_the_day_after_they_are_due_again(
    ground: Ground,
) -> None:
    one = ground.requirement(ROTATION)
    who = {name: ground.person(name, ground.academy.department) for name in ("演示新", "演示旧", "演示无")}
    edge = window_first(ground)
    ground.completed(who["演示新"], edge)
    ground.completed(who["演示旧"], edge - timedelta(days=1))
    lines = ground.lines(one)
    assert lines["演示新"].standing.state == "met"
    assert lines["演示新"].last_on == edge
    assert lines["演示旧"].standing.state == lines["演示无"].standing.state == "not_begun"
    assert ground.academy.seats["liaison"].person.name not in lines


def window_first(ground: Ground) -> date:
    found = coverage(ground.office, ground.requirement(ROTATION), ground.today)
    assert found.norm
    return found.norm.window.first


def test_a_reopened_or_failed_class_counts_no_more_and_kinds_and_hours_of_classes_are_asked_for(
    ground: Ground,
) -> None:
    one, who = ground.requirement(ROTATION), ground.person("演示甲", ground.academy.department)
    klass = ground.completed(who, days_ago(ground, 40), hours=Decimal(8), kind="salon")
    assert ground.lines(one)["演示甲"].held == Tally(classes=1)
    klass.state, klass.closings = "published", 1
    klass.save()
    assert ground.lines(one)["演示甲"].held == Tally()
    klass.state, klass.closings = "closed", 2
    klass.save()
    assert ground.lines(one)["演示甲"].held == Tally()
    klass.closings = 1
    klass.save()
    Requirement.objects.filter(pk=one.pk).update(class_kinds=["rotation"])
    assert ground.lines(ground.requirement(ROTATION))["演示甲"].held == Tally()
    Requirement.objects.filter(pk=one.pk).update(class_kinds=["salon"], class_hours=Decimal(9))
    assert ground.lines(ground.requirement(ROTATION))["演示甲"].held == Tally()


def test_a_post_is_held_from_day_to_day_and_its_unit_answers_for_it(ground: Ground) -> None:
    one = ground.requirement("学会秘书长调训")
    terms.load_defaults(ground.office, school=ground.academy.school)
    post = Post.objects.get(school=ground.academy.school, kind="society", duty="secretary_general")
    holder = ground.person("演示秘书长", ground.academy.department)
    facts = TermFacts(date(2019, 3, 1), 3, None, "elected", "")
    term = terms.elect(ground.office, organisation=ground.society, post=post, holder=holder, facts=facts)
    line = ground.lines(one)["演示秘书长"]
    assert line.unit == ground.society
    assert line.member.joined == date(2019, 3, 1)
    terms.end(ground.office, term=term, on=days_ago(ground, 2), ended="resigned")
    assert ground.lines(one) == {}


def test_several_labels_make_one_line_and_an_ended_label_none(ground: Ground) -> None:
    one = ground.requirement("优秀“三长”代表调训")
    who = ground.person("演示三长", ground.academy.units[0])
    labels = [ground.label(name) for name in ("医院院长（三长）", "中小学校长（三长）")]
    rows = [
        actions.label_person(ground.office, label=label, person=who, starts=date(2020 + n, 5, 1))
        for n, label in enumerate(labels)
    ]
    line = ground.lines(one)["演示三长"]
    assert line.member.joined == date(2020, 5, 1)
    assert len(line.member.cohorts) == 2
    actions.unlabel(ground.office, member=rows[0], on=date(2021, 1, 1))
    assert ground.lines(one)["演示三长"].member.cohorts == ("中小学校长（三长）",)
    actions.list_person(ground.office, requirement=one, person=who)
    assert "名单" in ground.lines(one)["演示三长"].member.cohorts


def test_rolling_hours_leave_the_window_and_what_leaves_before_the_years_end_is_forecast(
    ground: Ground,
) -> None:
    one, who = (
        ground.requirement("县处级及以上干部五年学时"),
        ground.person("演示处长", ground.academy.department),
    )
    actions.label_person(
        ground.office, label=ground.label("县处级及以上干部"), person=who, starts=date(2015, 1, 1)
    )
    found = coverage(ground.office, one, ground.today)
    assert found.norm
    first, then = found.norm.window.first, found.norm.then.first
    ground.hours(who, 500, ground.today)
    ground.hours(who, 40, first)
    ground.hours(who, 30, first - timedelta(days=1))
    line = ground.lines(one)["演示处长"]
    assert line.held.hours == 540
    assert line.standing.missing.hours == 10
    lasting = 540 if first >= then else 500
    assert line.standing.left.hours == 550 - lasting


def test_planned_classes_count_in_the_forecast_alone(ground: Ground) -> None:
    one, who = (
        ground.requirement("乡科级及以下干部年度学时"),
        ground.person("演示科员", ground.academy.units[0]),
    )
    actions.label_person(
        ground.office, label=ground.label("乡科级及以下干部"), person=who, starts=date(2015, 1, 1)
    )
    ground.hours(who, 60, ground.today)
    klass = ground.klass(ground.today, hours=Decimal(16), state="published")
    row = Nomination.objects.create(
        training_class=klass, person=who, organisation=ground.academy.units[0], state="submitted"
    )
    line = ground.lines(one)["演示科员"]
    assert (line.standing.missing.hours, line.planned.hours, line.standing.left.hours) == (30, 16, 14)
    Nomination.objects.filter(pk=row.pk).update(state="declined")
    assert ground.lines(one)["演示科员"].standing.left.hours == 30


def test_parts_are_read_from_the_classes_they_were_earned_in(ground: Ground) -> None:
    one, who = ground.requirement("专业技术人员继续教育"), ground.person("演示工程师", ground.society)
    actions.label_person(
        ground.office, label=ground.label("专业技术人员"), person=who, starts=date(2015, 1, 1)
    )
    for n, (bucket, hours) in enumerate((("professional", 50), ("public", 30), ("personal", 8))):
        klass = ground.klass(ground.today, title=f"演示班{n}", state="closed")
        actions.sort_class(ground.office, training_class=klass, bucket=bucket, online=False)
        ground.hours(who, hours, ground.today, klass=klass.pk)
    ground.hours(who, 5, ground.today)
    line = ground.lines(one)["演示工程师"]
    assert line.held == Tally(Decimal(93), Decimal(0), Decimal(50), Decimal(30), Decimal(8))
    assert line.standing.missing == Tally(personal=Decimal(10))


def test_online_classes_count_as_online_unless_the_office_says_otherwise(ground: Ground) -> None:
    one, who = ground.requirement("干部网络自学"), ground.person("演示干部", ground.academy.units[0])
    actions.label_person(
        ground.office, label=ground.label("乡科级及以下干部"), person=who, starts=date(2015, 1, 1)
    )
    klass = ground.klass(ground.today, kind="online", state="closed")
    ground.hours(who, 50, ground.today, klass=klass.pk)
    assert ground.lines(one)["演示干部"].standing.state == "met"
    actions.sort_class(ground.office, training_class=klass, bucket="", online=False)
    assert ground.lines(one)["演示干部"].standing.missing.online == 50


def test_a_liaison_sees_the_own_units_people_and_a_person_oneself(ground: Ground) -> None:
    one = ground.requirement("乡科级及以下干部年度学时")
    people = [ground.person(f"演示{n}", unit) for n, unit in zip("甲乙", ground.academy.units, strict=True)]
    for who in people:
        label = ground.label("乡科级及以下干部")
        actions.label_person(ground.office, label=label, person=who, starts=date(2015, 1, 1))
    assert set(ground.lines(one, ground.academy.actor("liaison"))) == {"演示甲"}
    stranger = factories.build("sz")
    assert ground.lines(one, stranger.registrar) == {}
    seat = factories.seat(ground.academy, "trainee", factories.Role.TRAINEE)
    actions.label_person(ground.office, label=label, person=seat.person, starts=date(2015, 1, 1))
    mine = owed_by(ground.academy.actor("trainee"), ground.today)
    assert "乡科级及以下干部年度学时" in [own.requirement.title for own in mine]
    assert {own.line.pk for own in mine} == {seat.person.pk}


@pytest.mark.parametrize("title", [ROTATION, "专业技术人员继续教育"])
def test_coverage_costs_the_same_queries_for_one_and_for_thirty(ground: Ground, title: str) -> None:
    one, label = ground.requirement(title), ground.label("专业技术人员")

    def more(count: int) -> int:
        for n in range(count):
            who = ground.person(unit=ground.academy.department)
            actions.label_person(ground.office, label=label, person=who, starts=date(2015, 1, 1), note=str(n))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            rows = coverage(ground.office, ground.requirement(title), timezone.localdate()).lines
            assert len(rows) >= count
        return len(seen)

    first = more(1)
    assert more(29) == first
    assert first <= 12
    assert one.active


def test_the_summary_counts_everybody_once_in_each_grouping(ground: Ground) -> None:
    for unit in (ground.academy.department, ground.academy.department, ground.academy.units[0]):
        ground.person(unit=unit)
    rows: Any = {one.requirement.title: one for one in board.summaries(ground.office, ground.today)}
    one = rows[ROTATION]
    assert (
        one.whole.counts["all"]
        == sum(row.counts["all"] for row in one.kinds)
        == len(coverage(ground.office, one.requirement, ground.today).lines)
    )
    assert one.whole.asked == one.whole.counts["met"] + one.whole.counts["due"]
