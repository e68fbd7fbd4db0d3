"""The annexes of a notice: quota table (名额分配表), reply form (报名回执), timetable (日程表)."""

from django.utils.translation import gettext_lazy as _

from keyuan.kernel.papers.facts import Annex, Paragraph, Table
from keyuan.training.models import QuotaShare, TrainingClass
from keyuan.training.queries import versions

REPLY_HEAD = ("序号", "姓名", "性别", "出生年月", "单位", "职务", "手机", "证件号码", "是否住宿")
REPLY_WEIGHTS = (0.75, 1.0, 0.75, 1.3, 2.4, 1.5, 1.6, 2.3, 1.3)
# Where the tabs of the line above the reply form lead, as shares of the line.
STOPS = (0.62, 0.82, 0.88, 0.94)
CHOICES = (("quota", _("名额分配表")), ("reply", _("报名回执")), ("timetable", _("日程安排表（横版）")))


def chosen(training_class: TrainingClass, said: list[str] | None) -> tuple[str, ...]:
    """The annexes asked for, in their order; where nobody chose, those that every notice has."""
    wanted = said if said is not None else ["quota", "reply"]
    there = {"quota", "reply"} | ({"timetable"} if training_class.sessions.exists() else set())
    return tuple(key for key, _title in CHOICES if key in wanted and key in there)


def make(training_class: TrainingClass, key: str) -> Annex:
    """One annex."""
    return {"quota": _quota, "reply": _reply, "timetable": _timetable}[key](training_class)


def _quota(training_class: TrainingClass) -> Annex:
    shares = QuotaShare.objects.filter(training_class=training_class, places__gt=0).select_related(
        "organisation"
    )
    rows = tuple((str(n), share.organisation.name, str(share.places)) for n, share in enumerate(shares, 1))
    total = ("", "合计", str(sum(share.places for share in shares)))
    return Annex("名额分配表", (Table(("序号", "单位", "名额（人）"), rows, (1.0, 5.0, 1.6), total=total),))


def _reply(training_class: TrainingClass) -> Annex:
    fill_in = Paragraph("填报单位（盖章）：\t填报日期：\t年\t月\t日", indent=False, stops=STOPS)
    table = Table(REPLY_HEAD, (), REPLY_WEIGHTS, blank_rows=10)
    return Annex(f"{training_class.title}报名回执", (fill_in, table), wide=True)


def _timetable(training_class: TrainingClass) -> Annex:
    rows = tuple(
        (
            f"{row.date.month}月{row.date.day}日", str(row.get_half_display()), f"{row.starts:%H:%M}—{row.ends:%H:%M}",
            str(row.get_kind_display()), row.title, str(row.teacher or ""), row.place,
        )
        for row in versions.standing(training_class)
    )  # fmt: skip
    head = ("日期", "时段", "时间", "形式", "内容", "主讲或主持", "地点")
    weights = (1.6, 0.8, 2.0, 1.3, 4.0, 1.6, 2.4)
    return Annex(f"{training_class.title}日程安排表", (Table(head, rows, weights),), wide=True)
