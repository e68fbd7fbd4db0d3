"""A class's life by hand: out of plan, copied, postponed, called off, closed at its gate, reopened, shelved, forgotten."""

import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from keyuan.credits.models import Certificate
from keyuan.kernel import notify
from keyuan.kernel.calendar import is_workday, next_workday
from keyuan.logistics.actions import arranging, grouping
from keyuan.people import guests
from keyuan.people.roles import Role
from keyuan.training.actions import versions
from keyuan.training.models import Nomination, TrainingClass
from tests import factories
from tests.factories import Academy
from tests.project.journeys.stage import Hand, Stage, marks, work
from tests.project.story import Clock

pytestmark = marks


def workday(day: date) -> date:
    """The day itself where somebody is in the office, else the next such."""
    return day if is_workday(day) else next_workday(day)


def own(hand: Hand, row: Nomination, path: str) -> None:
    """A trainee comes by the personal link of a message."""
    hand.open("/g/" + guests.link_for(row.person_id, path).split("/g/")[1])


def test_a_class_out_of_plan_needs_reason_paper_and_a_leaders_word(stage: Stage, tmp_path: Path) -> None:
    academy = factories.build()
    factories.seat(academy, "leader", Role.LEADER)
    facts = factories.facts_of(academy)
    office = stage.hand("计划外开班", academy.seats["registrar"])
    office.open(f"/plan/activities/{academy.activity.pk}/")
    office.click('main a[href$="/open/"]')
    typed = {name: facts[name] for name in ("title", "venue", "places", "audience")} | {
        "starts": f"{facts['starts']}", "ends": f"{facts['ends']}", "nominate_by": f"{workday(timezone.localdate())}",
        "head_teacher": facts["head_teacher"].pk, "hours": "16", "unplanned": "on",
    }  # fmt: skip
    office.fill(typed)
    office.click('main button:has-text("存为草稿")')
    office.reads("计划外举办须写明理由和依据")
    office.fill({"unplanned_reason": "上级临时部署，见演示函〔2030〕5号"})
    office.click('main button:has-text("存为草稿")')
    paper = tmp_path / "演示书面审批件.pdf"
    paper.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
    office.fill({"file": paper})
    office.click('main form[action$="/unplanned-paper/"] button')
    office.reads("演示书面审批件.pdf", "计划外审批", "上级临时部署")
    office.click('main button:has-text("提交审批")')
    office.reads("待部门审核")
    klass = TrainingClass.objects.get()
    for key, step, word in (("head", "部门审核", "pass"), ("leader", "校领导审批", "approve")):
        decider = stage.hand(step, academy.seats[key])
        decider.open("/home/")
        decider.click(f'main a:has-text("{klass.title}")')
        decider.reads("上级临时部署", step)
        decider.click(f'main button[name="verdict"][value="{word}"]')
        klass.refresh_from_db()
        assert klass.state == ("submitted" if key == "head" else "approved")
    office.open(f"/classes/{klass.pk}/")
    office.reads("已批准")
    stage.counted("out of plan", 9)


def test_a_past_class_is_copied_with_shares_and_timetable_but_no_people(stage: Stage) -> None:
    academy = factories.build()
    past = factories.taught(academy, ("4", "4"), trainees=2)
    starts = timezone.localdate() + timedelta(days=40)
    office = stage.hand("照此再办", academy.seats["registrar"])
    office.open(f"/classes/{past.pk}/")
    office.click('nav.tabs a:has-text("变更与归档")')
    office.fill({"title": "演示干部培训班（第2期）", "starts": f"{starts}"}, 'form[action$="/copy/"]')
    office.click('main button:has-text("复制为草稿")')
    office.reads("已复制为草稿", "演示干部培训班（第2期）", "未编号")
    made = TrainingClass.objects.exclude(pk=past.pk).get()
    assert (made.state, made.starts, made.copied_from_id, made.taken) == ("draft", starts, past.pk, 0)
    office.click('nav.tabs a:has-text("课程表")')
    office.reads("演示专题1", "演示专题2", "演示一号厅", academy.seats["teacher"].person.name, "未发布")
    office.click('nav.tabs a:has-text("名额分配")')
    expect(office.page.locator(f'[name="share-{academy.units[0].pk}"]')).to_have_value("2")
    stage.counted("copying a class", 4)


def gathering(academy: Academy) -> TrainingClass:
    """A class a month ahead with a released lecture and somebody admitted."""
    klass = factories.published(academy)
    factories.admitted(academy, klass)
    factories.session(academy, klass)
    versions.release_timetable(academy.registrar, training_class=klass)
    notify.deliver()
    return klass


def told(stage: Stage, academy: Academy, klass: TrainingClass, *words: str) -> None:
    """Trainee, liaison and teacher each find it in their messages."""
    notify.deliver()
    trainee = stage.hand("学员")
    own(trainee, klass.nominations.get(), "/inbox/")
    trainee.reads(*words)
    stranger = stage.hand("陌生人")
    stranger.open("/inbox/")
    stranger.reads("登录")
    stranger.lacks(*words)
    for key in ("liaison", "teacher"):
        hand = stage.hand(key, academy.seats[key])
        hand.open("/inbox/")
        hand.reads(*words)


def test_a_class_is_postponed_whole_and_everybody_concerned_is_told(stage: Stage) -> None:
    academy = factories.build()
    klass = gathering(academy)
    office = stage.hand("改期", academy.seats["registrar"])
    office.open(f"/classes/{klass.pk}/life/")
    later = klass.starts + timedelta(days=7)
    form = 'form[action$="/postpone/"]'
    office.fill(
        {"starts": f"{later}", "nominate_by": f"{later + timedelta(days=1)}", "reason": "场地维修"}, form
    )
    office.click('main button:has-text("改期并通知")')
    office.reads("不能晚于开班日期")
    expect(office.page.locator(f'{form} [name="reason"]')).to_have_value("场地维修")
    office.fill({"nominate_by": f"{workday(timezone.localdate())}"}, form)
    office.click('main button:has-text("改期并通知")')
    office.reads("已改期，并通知了有关人员")
    office.click('nav.tabs a:has-text("课程表")')
    office.reads(f"{later.month}月{later.day}日", "第 2 版")
    told(stage, academy, klass, "改为", "场地维修")
    stage.counted("postponing", 3)


def test_a_class_is_called_off_once_asked_again_and_everybody_hears_why(stage: Stage) -> None:
    academy = factories.build()
    klass = gathering(academy)
    office = stage.hand("取消", academy.seats["registrar"])
    office.open(f"/classes/{klass.pk}/life/")
    office.press('summary:has-text("取消班次")')
    office.fill({"note": "台风"}, "details.danger-zone")
    office.click('details.danger-zone button:has-text("取消班次")')
    office.open(f"/classes/{klass.pk}/")
    office.reads("这个班次已取消")
    assert klass.nominations.get().state == "withdrawn"
    told(stage, academy, klass, "已取消", "台风")
    stage.counted("calling off", 2)


def test_a_class_closes_at_its_gate_reopens_with_a_reason_and_goes_on_the_shelf(stage: Stage) -> None:
    academy = factories.build()
    klass = factories.taught(academy, ("4", "4"), trainees=2, final=False)
    office = stage.hand("清单", academy.seats["registrar"])
    office.open(f"/classes/{klass.pk}/")
    office.click('nav.tabs a:has-text("结班")')
    office.reads("课程表已定为终版", "2 个课次没有任何签到", "缺")
    factories.attend(academy, klass)
    office.click('.checklist a:has-text("定为终版")')
    office.click('main button:has-text("定为终版")')
    office.step = "结班"
    office.click('nav.tabs a:has-text("结班")')
    office.reads("学员 2 人，达到结业条件 2 人")
    office.click('main button:has-text("结班")')
    office.reads("2 人结业，学时已记入学时台账")
    office.step = "取消结班"
    office.press('summary:has-text("取消结班")')
    office.fill({"note": "考勤有误"}, "details.danger-zone")
    office.click('details.danger-zone button:has-text("取消结班")')
    office.reads("学员 2 人")
    office.step = "再结班发证"
    office.click('main button:has-text("结班")')
    office.click('main button:has-text("签发结业证书")')
    work()
    assert Certificate.objects.filter(state="issued").count() == 2
    office.open(f"/classes/{klass.pk}/closing/")
    office.reads("已签发 2 张")
    shelved(office, klass)
    stage.counted("closing to the shelf", 14)


def shelved(office: Hand, klass: TrainingClass) -> None:
    """The dossier is taken, the class archived for its period; nothing can be reopened then."""
    office.step = "一班一档与归档"
    office.click('nav.tabs a:has-text("文件与档案")')
    office.click('main button:has-text("打包下载档案")')
    work()
    office.page.reload()
    with zipfile.ZipFile(office.take('main a:has-text("查看结果")')) as dossier:
        names = " ".join(dossier.namelist())
    for word in ("名册", "课程表", "考勤", "证书"):
        assert word in names, names
    office.open(f"/classes/{klass.pk}/life/")
    office.fill({"retention": "30"})
    office.click('main button:has-text("归档")')
    office.reads("已归档", "保管期限")
    office.open(f"/classes/{klass.pk}/closing/")
    office.lacks("取消结班")


def test_contacts_end_thirty_days_after_closing_and_no_alumni_remain(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    academy = factories.build()
    klass = factories.taught(academy, ("4", "4"), trainees=2)
    grouping.propose_groups(academy.registrar, training_class=klass, count=1)
    arranging.tell(academy.registrar, training_class=klass, part="groups")
    factories.attend(academy, klass)
    row = klass.nominations.order_by("pk")[0]
    office = stage.hand("结班", academy.seats["registrar"])
    office.open(f"/classes/{klass.pk}/closing/")
    office.click('main button:has-text("结班")')
    trainee = stage.hand("通讯录")
    own(trainee, row, f"/my/classes/{klass.pk}/")
    trainee.click('main a:has-text("班级通讯录")')
    trainee.reads(*[each.person.name for each in klass.nominations.select_related("person")])
    clock = Clock(monkeypatch)
    clock.at(timezone.localdate() + timedelta(days=32), 9)
    trainee = stage.hand("三十天后")
    own(trainee, row, f"/my/classes/{klass.pk}/")
    trainee.reads("已结业")
    trainee.lacks("班级通讯录", "校友")
    stage.counted("contacts end", 2)
