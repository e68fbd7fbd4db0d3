"""An online course that three have reviewed and a trainee has begun, and one that still waits for its first review."""

from django.db import transaction

from keyuan.desk.demo.cast import Cast
from keyuan.learning.actions import making, studying
from keyuan.learning.models import Course, Edition, Item

TITLE, WAITING = "科技志愿服务入门", "学会换届工作要点"
UNITS = (
    ("认识科技志愿服务", ("什么是科技志愿服务", "从一次走访开始")),
    ("组织一次活动", ("选题和场地", "招募志愿者", "现场安排")),
    ("讲解和互动", ("写好自己的讲解词", "回答不了的问题怎么办")),
    ("总结和改进", ("收集意见", "写一页纸的总结")),
)
WORDS = (
    "本节为虚构的演示内容，供熟悉操作之用。\n"
    "先想清楚这次服务谁、解决什么问题，再定时间和人手；做完当场记一笔，下一次就有依据。"
)


@transaction.atomic
def make(cast: Cast) -> None:
    """Both courses once."""
    if Course.objects.filter(school=cast.school, title=TITLE).exists():
        return
    shown = _written(cast, TITLE, UNITS)
    for name, key in (("first", "registrar"), ("second", "head"), ("final", "leader")):
        making.move(cast.actor(key), edition=shown, name=name)
    _written(cast, WAITING, (("换届之前", ("时间和程序",)),))
    learner = cast.actor("trainee")
    studying.enrol(learner, edition=shown)
    for item in Item.objects.filter(unit__edition=shown).order_by("unit__order", "order")[:3]:
        studying.finish(learner, item=item)


def _written(cast: Cast, title: str, units: tuple[tuple[str, tuple[str, ...]], ...]) -> Edition:
    """A course with its units, handed in for review."""
    maker = cast.actor("teacher")
    facts = {"title": title, "subject": "科协业务", "about": "虚构的演示课程。"}
    edition = making.make_course(maker, facts=facts)
    for name, items in units:
        unit = making.add_unit(maker, edition=edition, title=name)
        for item in items:
            said = {"unit": unit, "kind": "text", "title": item, "text": WORDS, "address": ""}
            making.add_item(maker, edition=edition, facts=said)
    making.move(maker, edition=edition, name="submit")
    return edition
