"""Kinds of activity by hand: a field study over several places, an open salon, and what a short class may not hold."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from keyuan.kernel.access import visible
from keyuan.kernel.calendar import next_workday
from keyuan.people.roles import Role
from keyuan.training.models import Nomination, Session, Stop, TrainingClass
from keyuan.training.rules import kinds
from tests import factories
from tests.factories import Academy
from tests.project.journeys.stage import Hand, Stage, marks

pytestmark = marks
PLACES = (("演示革命旧址", "演示东市"), ("演示科创园", "演示南市"), ("演示企业展厅", "演示西市"))


def typed(academy: Academy, kind: str, **more: object) -> dict[str, object]:
    """A class as the office fills it in; its parts are left as the kind sets them."""
    facts = factories.facts_of(academy)
    days = {name: f"{facts[name]}" for name in ("starts", "ends")}
    deadline = next_workday(facts["starts"] - timedelta(days=20))
    return {
        "kind": kind, "title": "演示活动", **days, "nominate_by": f"{deadline}", "venue": "演示科学馆",
        "head_teacher": facts["head_teacher"].pk, "places": 6, "hours": "8", "audience": "演示科协干部", **more,
    }  # fmt: skip


def ticked(hand: Hand) -> dict[str, object]:
    """The parts as they stand in the form."""
    boxes = ("lodging", "fees", "itinerary", "certificate")
    return {name: hand.page.locator(f'main [name="{name}"]').is_checked() for name in boxes} | {
        "entry": hand.page.locator('main [name="entry"]').input_value()
    }


def tabs(hand: Hand) -> str:
    """The names of the class's pages."""
    return hand.page.locator("nav.tabs").first.inner_text()


def opened(stage: Stage, academy: Academy, hand: Hand, **facts: object) -> TrainingClass:
    """From the plan's page to an approved class, by the office and the department's head."""
    hand.open(f"/plan/activities/{academy.activity.pk}/")
    hand.click('main a[href$="/open/"]')
    hand.fill(facts)
    hand.click('main button:has-text("存为草稿")')
    hand.click('main button:has-text("提交审批")')
    head = stage.hand("审批", academy.seats["head"])
    held = TrainingClass.objects.latest("pk")
    head.open("/home/")
    head.click(f'main a:has-text("{held.title}")')
    head.click('main button:has-text("批准")')
    hand.open(f"/classes/{held.pk}/")
    hand.click('main button:has-text("发布")')
    return TrainingClass.objects.get(pk=held.pk)


def test_an_office_makes_a_field_study_over_three_places_and_days(stage: Stage) -> None:
    academy = factories.build()
    office = stage.hand("开班", academy.seats["registrar"])
    facts = typed(academy, "field_study", title="演示国情考察")
    facts["ends"] = f"{factories.facts_of(academy)['starts'] + timedelta(days=2)}"
    held = opened(stage, academy, office, **facts)
    assert (held.entry, held.itinerary, held.certificate) == ("invitation", True, False)
    office.step = "行程"
    office.click('nav.tabs a:has-text("行程")')
    office.reads("行程还没有编排")
    for day, (place, city) in enumerate(PLACES):
        office.fill(
            {"date": held.starts + timedelta(days=day), "arrives": "09:00", "leaves": "11:30", "place": place, "city": city,
             "purpose": "现场教学", "transport": "大巴", "hotel": "演示宾馆"}, "#stop",
        )  # fmt: skip
        office.click('#stop button:has-text("保存")')
        office.reads(place)
    office.fill({"arrives": "10:00", "leaves": "12:00", "place": "演示另一处", "purpose": "座谈"}, "#stop")
    office.click('#stop button:has-text("保存")')
    office.reads("这段时间已安排在“演示革命旧址”")
    assert [(row.place, row.date) for row in Stop.objects.order_by("date")] == [
        (place, held.starts + timedelta(days=day)) for day, (place, _city) in enumerate(PLACES)
    ]
    office.step = "邀请"
    guest = factories.seat(academy, "guest", Role.TRAINEE, academy.units[0])
    office.click('nav.tabs a:has-text("邀请")')
    office.fill({"who": guest.person.name})
    office.click('main button:has-text("查找")')
    office.press(f'label:has(input[value="{guest.person_id}"])')
    office.click('main button:has-text("邀请所选")')
    invited = stage.hand("答复", guest)
    invited.open(f"/classes/{held.pk}/answer/")
    invited.click('main button:has-text("接受")')
    invited.reads("您已接受邀请")
    invited.open(f"/classes/{held.pk}/stops/")
    invited.reads(*(place for place, _city in PLACES))
    assert invited.page.locator('main button:has-text("删去")').count() == 0
    assert visible(academy.registrar, Nomination).get().state == "admitted"
    stage.counted("field study", 20)


def test_the_parts_of_a_class_follow_its_kind(stage: Stage) -> None:
    academy = factories.build()
    office = stage.hand("类型", academy.seats["registrar"])
    office.open(f"/activities/{academy.activity.pk}/open/")
    for kind, parts in kinds.PARTS.items():
        office.fill({"kind": kind})
        assert ticked(office) == parts.as_facts(), kind
    shown = {"training": ("名额分配", "经费"), "field_study": ("邀请", "经费", "行程"), "salon": ()}
    for kind, there in shown.items():
        held = factories.draft(academy, kind=kind, **kinds.PARTS[TrainingClass.Kind(kind)].as_facts())
        office.open(f"/classes/{held.pk}/")
        names = tabs(office)
        for name in ("名额分配", "邀请", "经费", "行程"):
            assert (name in names) == (name in there), (kind, name)


def test_a_person_registers_for_an_open_salon_with_one_click(stage: Stage) -> None:
    academy = factories.build()
    office = stage.hand("开班", academy.seats["registrar"])
    held = opened(stage, academy, office, **typed(academy, "salon", title="演示学术沙龙"))
    assert (held.entry, held.lodging, held.fees, held.certificate) == ("open", False, False, False)
    seat = factories.seat(academy, "anyone", Role.TRAINEE, academy.units[1])
    person = stage.hand("报名", seat)
    person.open("/open/")
    person.reads(held.title, "演示科学馆")
    person.click(f'form[action="/classes/{held.pk}/register/"] button')
    person.reads("已报名，待审核")
    person.lacks("已录取")
    assert visible(academy.registrar, Nomination).get().state == "submitted"
    assert stage.clicks["报名"] == 1
    office.step = "录取"
    office.open(f"/classes/{held.pk}/nominations/")
    office.press(f'input[name="pk"][value="{Nomination.objects.get().pk}"]')
    office.click('#bulk button[value="admit"]')
    person.open("/open/")
    person.reads("已录取")
    stage.counted("salon", 9)


@pytest.mark.parametrize("kind", ["study", "visit"])
def test_a_class_of_a_week_is_refused_an_outing_with_the_rule_and_its_source(stage: Stage, kind: str) -> None:
    academy = factories.build()
    starts = factories.facts_of(academy)["starts"]
    held = factories.published(academy, starts=starts, ends=starts + timedelta(days=6))
    office = stage.hand("排课", academy.seats["headteacher"])
    office.open(f"/classes/{held.pk}/timetable/")
    office.click('main a:has-text("排课")')
    office.fill({"kind": kind, "title": "演示企业", "half": "am", "hours": "3"})
    office.click('main button:has-text("保存")')
    office.reads("7 天的培训不能安排考察、调研或参观", "财行〔2016〕540号", "现场教学")
    assert not Session.objects.exists()
    expect(office.page.locator('main [name="title"]')).to_have_value("演示企业")
    office.fill({"kind": "field"})
    office.click('main button:has-text("保存")')
    office.reads("演示企业", "现场教学")
    assert Session.objects.get().kind == "field"
    stage.counted(f"outing {kind}", 3)
