"""What the demo's academy follows up: twenty items in every state, reminded of, with this week's digest."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from keyuan.desk.demo.cast import CITY, LEAD, SECOND_LEAD, SOCIETY, Cast
from keyuan.kernel.access import Actor
from keyuan.plan.models import KeyActivity
from keyuan.supervision import actions
from keyuan.supervision.actions import ItemFacts
from keyuan.supervision.models import Item

# What, who owns it, how far it went, issued so many days ago, due so many days from now.
MEETING = "演示：第3次校务委员会会议"
ITEMS = (
    ("印发年度培训计划并报省科协备案", LEAD, "closed", 60, -20),
    ("修订学员考勤和请假办法", SECOND_LEAD, "closed", 45, -5),
    ("报送本市科协系统培训需求", CITY, "closed", 30, 2),
    ("落实党建强会活动承办方案", SOCIETY, "submitted", 30, 5),
    ("完成师资库信息核对", LEAD, "submitted", 20, 9),
    ("推荐学会秘书长培训班学员", SOCIETY, "running", 25, -3),
    ("召开城市科协干部座谈会并形成意见", CITY, "running", 40, -12),
    ("编制下一年度经费预算", SECOND_LEAD, "running", 15, 4),
    ("建设现场教学点并签订协议", LEAD, "running", 15, 40),
    ("整理优秀调研报告汇编", SECOND_LEAD, "running", 10, 25),
    ("落实理事长讲一课安排", SOCIETY, "received", 9, 18),
    ("上报学时登记补录名单", CITY, "received", 6, 3),
    ("补充结业学员跟踪回访材料", CITY, "returned", 28, 6),
    ("完善教学评估整改清单", LEAD, "returned", 24, 12),
    ("更新党校网站招生信息", SECOND_LEAD, "issued", 2, 10),
    ("确认市级分校授课教师", CITY, "issued", 1, 21),
    ("组织学会负责人集体备课", SOCIETY, "suspended", 35, 30),
    ("筹备秋季开班式", LEAD, "withdrawn", 50, -30),
    ("研究线上课程采购方案", SECOND_LEAD, "draft", 0, 45),
    ("制定教务档案移交清单", LEAD, "draft", 0, 60),
)
PROOF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _owner(cast: Cast, name: str) -> Actor:
    """Who answers for a unit: its head or its liaison with a demo account."""
    keys = {LEAD: "head", SECOND_LEAD: "head2", CITY: "liaison", SOCIETY: "liaison2"}
    return cast.actor(keys[name])


def _facts(cast: Cast, n: int, until: date) -> ItemFacts:
    title, owner, _state, _ago, _due = ITEMS[n]
    kind = "instruction" if n % 5 == 4 else "document" if n % 5 == 3 else "meeting"
    unit = cast.units[owner]
    helper = cast.units[SECOND_LEAD]
    return ItemFacts(
        title=f"演示：{title}", owner=unit, deadline=until, detail="演示：责任单位会同有关部门办理，按期报送进展和佐证。",
        co_owners=(helper,) if n % 4 == 1 and unit != helper else (), importance=("normal", "high", "urgent")[n % 3],
        report_every=(0, 7, 14, 30)[n % 4], kind=kind, source_title=MEETING if kind == "meeting" else "演示：有关文件",
        source_number=f"演示纪要〔{until.year}〕{n + 1}号" if kind == "meeting" else "", department=cast.units[LEAD],
    )  # fmt: skip


def _proven(cast: Cast, item: Item, owner: Actor) -> None:
    actions.add_file(owner, item=item, upload=PROOF, name="演示佐证材料.pdf", title="演示：办理情况报告")
    actions.move_item(owner, item=item, move="submit")


def _moved(cast: Cast, item: Item, owner: Actor, state: str) -> None:
    """As far as the state asks, by those who would do it."""
    if state == "issued":
        return
    actions.move_item(owner, item=item, move="receive")
    if state == "received":
        return
    actions.report(owner, item=item, stage="running", text="演示：已开会部署，正在按分工推进。")
    office, leader = cast.actor("registrar"), cast.actor("leader")
    if state in {"suspended", "withdrawn"}:
        move = "suspend" if state == "suspended" else "withdraw"
        actions.move_item(office, item=item, move=move, note="演示：因年度安排调整")
    elif state in {"submitted", "returned", "closed"}:
        actions.report(owner, item=item, stage="done", text="演示：已办结，佐证随附。")
        _proven(cast, item, owner)
        if state == "returned":
            actions.verify(leader, item=item, verdict="return", note="演示：缺签到表，请补充")
        elif state == "closed":
            actions.verify(leader, item=item, verdict="close", note="演示：属实")


def _backdated(item: Item, ago: int, deadline: date) -> None:
    """As if it had been issued days ago; the demo alone writes so."""
    day = timezone.localdate() - timedelta(days=ago)
    moment = timezone.make_aware(datetime.combine(day, time(10)))
    Item.objects.filter(pk=item.pk).update(issued_at=moment, first_deadline=deadline, deadline=deadline)


@transaction.atomic
def make(cast: Cast) -> None:
    """Once: the items, one postponement granted and one asked for, one of the plan, reminders and the digest."""
    if Item.objects.filter(school=cast.school).exists():
        return
    office, today = cast.actor("registrar"), timezone.localdate()
    made: list[Item] = []
    for n, (_title, owner, state, ago, due) in enumerate(ITEMS):
        deadline = today + timedelta(days=due)
        issued = max(deadline, today)
        item = actions.open_item(office, facts=_facts(cast, n, issued), issue=state != "draft")
        if state != "draft":
            _moved(cast, item, _owner(cast, owner), state)
            _backdated(item, ago, deadline)
        made.append(item)
    actions.postpone(office, item=made[8], until=today + timedelta(days=55), reason="演示：协议待对方用印")
    actions.ask_postponement(
        _owner(cast, SECOND_LEAD), item=made[7], until=today + timedelta(days=20), reason="演示：标准待下达"
    )
    activity = KeyActivity.objects.filter(plan__school=cast.school).order_by("-plan__year", "number").first()
    if activity is not None:
        facts = ItemFacts(
            title=activity.name, owner=cast.units[LEAD], deadline=today + timedelta(days=90), kind="plan",
            source_ref=f"activity:{activity.pk}", source_link=f"/plan/activities/{activity.pk}/", department=cast.units[LEAD],
        )  # fmt: skip
        actions.open_item(office, facts=facts, issue=True)
    actions.remind_many(office, items=[made[5].pk, made[6].pk], said="演示：请本周内报送")
    actions.climb(cast.system, school=cast.school, today=today)
    actions.make_digests(cast.system, school=cast.school, today=today)
