"""What happens when and where: sessions, and the stops of a journey."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import School
from keyuan.people.models import Person
from keyuan.training.models.classes import TrainingClass


class Session(models.Model):
    """One entry of the timetable (课次), inside one half-day."""

    class Kind(models.TextChoices):
        """Typed, because rules depend on it."""

        OPENING = "opening", _("开班式")
        LECTURE = "lecture", _("专题授课")
        CASE = "case", _("案例教学")
        FIELD = "field", _("现场教学")
        INTERVIEW = "interview", _("访谈交流")
        SIMULATION = "simulation", _("情景模拟")
        OUTDOOR = "outdoor", _("拓展训练")
        DISCUSSION = "discussion", _("分组讨论")
        FORUM = "forum", _("学员论坛")
        ONLINE = "online", _("线上教学")
        SELF_STUDY = "self_study", _("自学")
        STUDY = "study", _("考察调研")
        VISIT = "visit", _("参观")
        CLOSING = "closing", _("结业式")

    class Half(models.TextChoices):
        """The half-day grid."""

        MORNING = "am", _("上午")
        AFTERNOON = "pm", _("下午")
        EVENING = "ev", _("晚上")

    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="sessions", verbose_name=_("班次")
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="+", editable=False)
    kind = models.CharField(_("形式"), max_length=12, choices=Kind, default=Kind.LECTURE)
    title = models.CharField(_("内容"), max_length=120)
    date = models.DateField(_("日期"))
    half = models.CharField(_("时段"), max_length=2, choices=Half)
    starts = models.TimeField(_("开始"))
    ends = models.TimeField(_("结束"))
    teacher = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="taught_sessions", verbose_name=_("主讲")
    )
    place = models.CharField(_("地点"), max_length=80, blank=True)
    hours = models.DecimalField(_("学时"), max_digits=4, decimal_places=1, default=Decimal(0))
    teacher_answer = models.CharField(
        _("主讲答复"), max_length=8, blank=True, choices=[("yes", _("已接受")), ("no", _("已婉拒"))]
    )
    released = models.BooleanField(_("已发布"), default=False, editable=False)
    # attendance.Sitting and evaluation.Form that belong to this session, once the timetable is released.
    sitting_id = models.BigIntegerField(null=True, unique=True, editable=False)
    form_id = models.BigIntegerField(null=True, unique=True, editable=False)

    class Meta:
        """Clashes of a teacher or a room are refused by a trigger of the database."""

        ordering = ("date", "starts", "id")
        constraints = (
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="session_ends_after_start"),
            models.CheckConstraint(
                condition=Q(hours__gte=0, hours__lte=4), name="session_at_most_four_hours"
            ),
        )
        indexes = (
            models.Index(fields=("teacher", "date"), name="session_by_teacher"),
            models.Index(fields=("school", "date", "place"), name="session_by_place"),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Stop(models.Model):
    """One place of a journey (行程站点): where the class goes, when, how, and where it sleeps."""

    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="stops", verbose_name=_("班次")
    )
    date = models.DateField(_("日期"))
    arrives = models.TimeField(_("到达"))
    leaves = models.TimeField(_("离开"))
    place = models.CharField(_("地点"), max_length=80)
    city = models.CharField(_("城市"), max_length=40, blank=True)
    purpose = models.CharField(_("内容"), max_length=120)
    transport = models.CharField(_("交通"), max_length=80, blank=True)
    hotel = models.CharField(_("当晚住宿"), max_length=80, blank=True)
    host = models.CharField(_("接待联系人"), max_length=80, blank=True)

    class Meta:
        """In the order of the journey."""

        ordering = ("date", "arrives", "id")
        constraints = (
            models.CheckConstraint(condition=Q(leaves__gt=F("arrives")), name="stop_leaves_after_arrival"),
        )

    def __str__(self) -> str:
        """Its place."""
        return self.place
