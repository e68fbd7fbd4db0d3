"""Groups, committee, rooms, cars and seats by hand: proposed, locked, moved, printed, told, and forgotten at shelving."""

from pathlib import Path

import pypdfium2
from playwright.sync_api import expect

from keyuan.kernel.access import visible
from keyuan.logistics.actions import answering, arranging, grouping
from keyuan.logistics.actions.answering import AnswerFacts
from keyuan.logistics.models import Answer, Post, Ride, Seat, Stay
from keyuan.people import models as people
from keyuan.people.middleware import actor_in
from keyuan.training.models import Nomination, TrainingClass
from tests import factories
from tests.factories import Academy
from tests.logistics.conftest import trainee
from tests.project.journeys.stage import Hand, Stage, marks

pytestmark = marks


def made(count: int = 12) -> tuple[Academy, TrainingClass, list[Nomination]]:
    """A class of two units, as many men as women, everybody lodging."""
    academy = factories.build()
    klass = factories.published(academy, (count // 2, count // 2), places=count)
    rows = [trainee(academy, klass, n % 2, "男" if n % 4 < 2 else "女") for n in range(count)]
    Nomination.objects.filter(training_class=klass).update(lodging=True)
    return academy, klass, rows


def moved(hand: Hand, card: str, zone: str, to: str) -> None:
    """One person is brought elsewhere: dragged on the desk, ticked and sent on the phone."""
    if hand.on_phone:
        hand.press(f"{card} label")
        field = hand.page.locator("#move-to")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(to)
        else:
            field.fill(to)
        hand.press('[name="act"][value="move"]')
        return
    hand.clicks[hand.step] = hand.clicks.get(hand.step, 0) + 1
    hand.page.locator(card).first.drag_to(hand.page.locator(zone))


def own(row: Nomination) -> people.Seat:
    """The trainee's own account and seat."""
    people.Account.objects.get_or_create(person=row.person, defaults={"email": f"own{row.pk}@example.com"})
    return people.Seat.objects.get(person=row.person, role="trainee")


def text_of(paper: Path) -> str:
    """What a PDF says, without blanks."""
    document = pypdfium2.PdfDocument(paper)
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def sizes(klass: TrainingClass) -> list[int]:
    """How many each group has."""
    found = list(Nomination.objects.filter(training_class=klass).values_list("group", flat=True))
    return [found.count(number) for number in sorted({number for number in found if number})]


def test_groups_are_proposed_locked_moved_and_told(stage: Stage) -> None:
    academy, klass, rows = made()
    keeper = stage.hand("分组", academy.seats["headteacher"])
    keeper.open(f"/classes/{klass.pk}/")
    keeper.click('nav.tabs a:has-text("会务")')
    keeper.click('.lg-subtabs a:has-text("分组")')
    keeper.fill({"count": 3})
    keeper.click('button:has-text("自动编组")')
    keeper.reads("已编成 3 组")
    assert sizes(klass) == [4, 4, 4]
    for number in (1, 2, 3):
        members = Nomination.objects.filter(training_class=klass, group=number)
        assert members.filter(organisation=academy.units[0]).count() == 2
    kept = Nomination.objects.filter(training_class=klass, group=1).select_related("person").order_by("pk")[0]
    card = f'[data-to="1"] li:has(input[value="{kept.pk}"])'
    keeper.press(f"{card} label")
    keeper.press('[name="act"][value="lock"]')
    expect(keeper.page.locator(f"{card}.held")).to_have_count(1)
    other = Nomination.objects.filter(training_class=klass, group=1).exclude(pk=kept.pk).order_by("pk")[0]
    moved(keeper, f'[data-to="1"] li:has(input[value="{other.pk}"])', '[data-to="2"] h3', "2")
    expect(keeper.page.locator('[data-to="2"] li')).to_have_count(5)
    keeper.look()
    assert sizes(klass) == [3, 5, 4]
    keeper.confirm('button:has-text("重新编组")')
    assert sizes(klass) == [4, 4, 4]
    assert Nomination.objects.get(pk=kept.pk).group == 1
    keeper.step = "班委"
    keeper.click('.lg-subtabs a:has-text("班委")')
    keeper.fill({"kind": "monitor", "nomination": kept.pk})
    keeper.click('main button:has-text("任命")')
    keeper.reads("班长", kept.person.name)
    assert Post.objects.get().nomination_id == kept.pk
    keeper.step = "公布"
    keeper.click('.lg-subtabs a:has-text("概况与文件")')
    keeper.click('.lg-parts li:has-text("分组") button:has-text("公布")')
    keeper.reads("已公布，学员已收到通知")
    assert rows
    stage.counted("groups", 13)


def test_rooms_cars_and_seats_are_arranged_and_printed(stage: Stage) -> None:
    academy, klass, _rows = made(8)
    grouping.propose_groups(academy.registrar, training_class=klass, count=2)
    keeper = stage.hand("住宿", academy.seats["headteacher"])
    home = f"/classes/{klass.pk}/logistics/"
    keeper.open(home + "rooms/")
    keeper.click('main a:has-text("添加客房")')
    keeper.fill({"first": 301, "count": 5, "capacity": 2})
    keeper.click(".lg-form .form-foot button")
    keeper.click('button:has-text("自动排房")')
    assert Stay.objects.count() == 8
    mixed = [
        room
        for room in {guest.room_id for guest in Stay.objects.all()}
        if len({guest.nomination.person.sex for guest in Stay.objects.filter(room_id=room)}) > 1
    ]
    assert mixed == []
    guest = Stay.objects.order_by("pk")[0]
    empty = next(
        key
        for section in keeper.page.locator("#board .lg-columns [data-to]").all()
        if section.locator("li").count() == 0 and (key := section.get_attribute("data-to"))
    )
    moved(
        keeper, f'#board li:has(input[value="{guest.nomination_id}"])', f'[data-to="{empty}"] h3', f"{empty}"
    )
    expect(keeper.page.locator(f'[data-to="{empty}"] li')).to_have_count(1)
    assert Stay.objects.get(nomination=guest.nomination_id).room_id == int(empty)
    keeper.step = "车次"
    keeper.click('.lg-subtabs a:has-text("车次")')
    keeper.click('main a:has-text("添加行程")')
    keeper.fill(
        {"title": "去程", "date": klass.starts, "departs": "08:00", "start": "演示南站", "goal": "会场"}
    )
    keeper.click(".lg-form .form-foot button")
    keeper.fill({"count": 2, "capacity": 5, "plate": ""})
    keeper.click('main button:has-text("添加车辆")')
    keeper.click('button:has-text("按组排车")')
    assert Ride.objects.count() == 8
    keeper.step = "座次"
    keeper.click('.lg-subtabs a:has-text("座次")')
    keeper.click('main a:has-text("添加会场")')
    keeper.fill({"title": "开班式", "rows": 3, "columns": 4, "aisles": "2", "kept_rows": 0})
    keeper.click(".lg-form .form-foot button")
    keeper.click('button:has-text("自动排座")')
    keeper.reads("每人都有座位")
    first = Seat.objects.select_related("nomination__person").get(row=1, column=1)
    moved(keeper, '[data-to="1-1"]' + ("" if keeper.on_phone else " label"), '[data-to="3-4"]', "3-4")
    expect(keeper.page.locator('[data-to="3-4"] b')).to_have_text(first.nomination.person.name)
    assert Seat.objects.get(row=3, column=4).nomination_id == first.nomination_id
    keeper.look()
    keeper.step = "打印"
    keeper.click('.lg-subtabs a:has-text("概况与文件")')
    names = Nomination.objects.filter(training_class=klass).values_list("person__name", flat=True)
    for title in ("住宿名单", "乘车名单", "座次表"):
        said = text_of(keeper.take(f'tr:has-text("{title}") a:has-text("下载")'))
        assert all(name in said for name in names), title
    stage.counted("rooms, cars and seats", 22)


def test_needs_are_asked_answered_on_ones_own_page_and_shown_to_the_keeper(stage: Stage) -> None:
    academy, klass, rows = made(4)
    grouping.propose_groups(academy.registrar, training_class=klass, count=2)
    keeper = stage.hand("询问", academy.seats["headteacher"])
    keeper.open(f"/classes/{klass.pk}/logistics/needs/")
    keeper.click('main a:has-text("设置询问内容")')
    keeper.fill({"asks_diet": "on", "asks_branch": "on"})
    keeper.click(".lg-form .form-foot button")
    trainee_ = stage.hand("填写", own(rows[0]))
    trainee_.open("/home/")
    trainee_.click('main a:has-text("填写会务需要")')
    trainee_.reads("结班 30 天后清除", "都可以不填")
    assert trainee_.page.locator('main [name="room"]').count() == 0
    trainee_.fill({"diet": "清真餐", "branch": "yes"})
    trainee_.click('main button:has-text("提交")')
    trainee_.reads("会务安排还没有公布")
    assert Answer.objects.get().nomination_id == rows[0].pk
    assert not visible(actor_in(own(rows[1])), Answer).exists()
    keeper.step = "公布"
    keeper.open(f"/classes/{klass.pk}/logistics/needs/")
    keeper.reads("清真餐")
    keeper.click('.lg-subtabs a:has-text("概况与文件")')
    keeper.click('.lg-parts li:has-text("分组") button:has-text("公布")')
    trainee_.open("/logistics/mine/")
    trainee_.reads("我的组", f"第{Nomination.objects.get(pk=rows[0].pk).group}组")
    assert stage.clicks["填写"] <= 2
    stage.counted("needs", 6)


def test_what_was_asked_for_a_class_only_is_gone_once_it_is_archived(stage: Stage) -> None:
    academy = factories.build()
    klass = factories.taught(academy, trainees=3)
    factories.attend(academy, klass)
    actor = academy.registrar
    arranging.set_up(actor, training_class=klass, facts={"asks_diet": True, "asks_branch": True})
    for row in Nomination.objects.filter(training_class=klass):
        answering.answer(actor, nomination=row, facts=AnswerFacts(diet="演示素食", branch="yes"))
    office = stage.hand("归档", academy.seats["registrar"])
    office.open(f"/classes/{klass.pk}/logistics/needs/")
    office.reads("演示素食")
    office.open(f"/classes/{klass.pk}/closing/")
    office.click('main button:has-text("结班")')
    office.reads("3 人结业")
    assert Answer.objects.count() == 3
    office.click('nav.tabs a:has-text("变更与归档")')
    office.fill({"retention": "10"})
    office.click('main button:has-text("归档")')
    office.reads("已归档")
    assert not Answer.objects.exists()
    office.open(f"/classes/{klass.pk}/logistics/needs/")
    office.reads("已于", "清除")
    office.lacks("演示素食")
    stage.counted("archiving", 4)
