"""The running demo class is given things to read, and its trainees hand in what they wrote."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from keyuan.coursework.actions import giving, handing_in, reading, setting
from keyuan.coursework.models import Material, Task
from keyuan.desk.demo.cast import Cast
from keyuan.desk.demo.running import TITLE
from keyuan.kernel.access import Actor
from keyuan.kernel.papers.facts import Form, Notice, Paragraph
from keyuan.kernel.papers.official import notice_docx
from keyuan.training.models import Nomination, TrainingClass

TEXTS = (
    (
        "这次培训最深的体会，是科协工作要从科技工作者的急难愁盼做起。课堂上老师讲的三个案例，都是从一次走访、一张问卷开始的。\n"
        "回到单位后，我打算先做两件事：一是把本市企业科协的联系名录更新一遍；二是每月安排半天，到园区听取意见，当场记、当月回。"
    ),
    (
        "学习期间，我们小组讨论了县级学会能力建设。大家的共同看法是：人少事多时，先把一件事做实，比同时铺开五件事更能得到信任。\n"
        "我准备从学术年会改起，议题提前两个月公开征集，会后一个月内把成果整理成两页纸，报送有关部门。"
    ),
    (
        "现场教学看到的科普基地，讲解员大多是退休教师和在校研究生。志愿者稳定的原因不在补贴，在于每个人都有自己的讲解词和固定时段。\n"
        "这个做法我们馆可以照着试：先招十人，分两个主题，排好一个季度的班。"
    ),
)


def make(cast: Cast) -> None:
    """Every running demo class once."""
    rows = TrainingClass.objects.filter(school=cast.school, title__startswith=TITLE, state="published")
    for klass in rows.exclude(pk__in=Task.objects.values("training_class")):
        people = list(klass.nominations.filter(state=Nomination.State.ADMITTED).order_by("pk"))
        if len(people) > 12:
            _given(cast, klass)
            _asked(cast, klass, people)


def _leaflet(title: str, words: str) -> bytes:
    notice = Notice(Form.REPORT, title, (Paragraph(words),), ("演示组联部",), timezone.localdate())
    return notice_docx(notice)


@transaction.atomic
def _given(cast: Cast, klass: TrainingClass) -> None:
    actor = cast.actor("headteacher")
    named = {
        "学习须知.docx": _leaflet("学习须知", "请提前阅读材料，准备一个本单位的问题，分组讨论时用。"),
        "分组讨论提纲.docx": _leaflet(
            "分组讨论提纲", "县级学会能力建设：现状、困难、一件能在本季度做成的事。"
        ),
    }
    uploads = [SimpleUploadedFile(name, content) for name, content in named.items()]
    giving.give(actor, training_class=klass, uploads=uploads, use=Material.Use.SCHOOL)
    session = klass.sessions.exclude(teacher=None).first()
    if session is not None:
        content = _leaflet(session.title, "授课提纲：一个问题，三个案例，五条建议。")
        upload = SimpleUploadedFile("授课提纲.docx", content)
        giving.give(actor, training_class=klass, uploads=[upload], use=Material.Use.CLASS, session=session)


def _asked(cast: Cast, klass: TrainingClass, people: list[Nomination]) -> None:
    actor, now = cast.actor("headteacher"), timezone.now()
    reflection = setting.set_task(
        actor, training_class=klass,
        facts={
            "kind": "reflection", "title": "学习心得", "words": "联系本单位工作，写一件准备做的事。", "least": 80,
            "due_at": now + timedelta(days=1, hours=4), "required": True,
        },
    )  # fmt: skip
    setting.set_task(
        actor, training_class=klass,
        facts={
            "kind": "report", "title": "县级学会调研报告", "words": "选一个县级学会，写清现状、问题和建议，可用附件提交。",
            "least": 0, "due_at": now + timedelta(days=20), "required": False,
        },
    )  # fmt: skip
    for at, row in enumerate(people[: len(people) * 2 // 3]):
        _hands_in(actor, reflection, row, at)
    reading.excuse(actor, task=reflection, nomination=people[-1], reason="参加防汛值班，已批准")


@transaction.atomic
def _hands_in(actor: Actor, task: Task, row: Nomination, at: int) -> None:
    """Every third returned, every other accepted; the first adds a file and then corrects it."""
    own = Actor(row.person_id, actor.school_id, None, frozenset({"trainee"}))
    text, consent = TEXTS[at % len(TEXTS)], at % 4 != 3
    if at == 0:
        content = _leaflet("联系名录更新办法", "每季度核对一次，变更当日登记。")
        upload = SimpleUploadedFile("联系名录更新办法.docx", content)
        handing_in.enclose(own, task=task, nomination=row, upload=upload)
    done = handing_in.submit(own, task=task, nomination=row, text=text, consent=consent)
    if at % 5 == 1:
        reading.decide(
            actor, submission=done, move="return", note="第二部分请写得再具体一些，写到由谁来做、什么时候做。"
        )
    elif at % 2 == 0:
        reading.decide(actor, submission=done, move="accept")
    if at == 1:
        handing_in.submit(own, task=task, nomination=row, text=text, consent=consent)
