"""The province's frame of a year, what each unit files under it, and every reminder sent."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.triggers import guard
from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Person
from keyuan.plan.models import KeyActivity
from keyuan.training.models import TrainingClass


def usual_distances() -> list[int]:
    """So many days before a deadline whoever owes is reminded, unless the frame says otherwise."""
    return [14, 7, 3, 1]


class Part(models.TextChoices):
    """Which of the two filings of a year is meant."""

    PLAN = "plan", _("计划")
    RESULT = "result", _("总结")


class Frame(models.Model):
    """What the province asks of its units for one year, by when and of whom (统筹要求)."""

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", _("起草")
        ISSUED = "issued", _("已下发")
        CLOSED = "closed", _("已截止")

    school = models.ForeignKey(School, models.PROTECT, related_name="frames", verbose_name=_("分校"))
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("标题"), max_length=80)
    asked = models.TextField(_("填报要求"), max_length=2000)
    plan_by = models.DateField(_("计划报送截止"))
    result_by = models.DateField(_("总结报送截止"))
    # Which kinds of organisation are asked: values of Organisation.Kind.
    kinds = models.JSONField(_("报送单位"), default=list)
    # How many days before a deadline those who owe are reminded.
    distances = models.JSONField(_("提前催报天数"), default=usual_distances)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DRAFT)
    issued_at = models.DateTimeField(_("下发时间"), null=True, blank=True)

    class Meta:
        """Newest first; a title stands once in a year."""

        ordering = ("-year", "-id")
        constraints = (
            models.UniqueConstraint(fields=("school", "year", "title"), name="one_frame_a_title"),
            models.CheckConstraint(condition=Q(result_by__gt=F("plan_by")), name="frame_results_after_plans"),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2099), name="frame_in_this_century"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(issued_at__isnull=False), name="frame_issued_has_a_time"
            ),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title

    def deadline(self, part: str) -> date:
        """The last day of one of the two filings."""
        return self.plan_by if part == Part.PLAN else self.result_by


class FrameType(models.Model):
    """A kind of activity under which units enter what they plan (活动类型)."""

    frame = models.ForeignKey(Frame, models.CASCADE, related_name="types", verbose_name=_("统筹要求"))
    order = models.PositiveSmallIntegerField(_("次序"))
    name = models.CharField(_("类型"), max_length=120)

    class Meta:
        """In the frame's order; a name stands once."""

        ordering = ("frame", "order", "id")
        constraints = (models.UniqueConstraint(fields=("frame", "name"), name="one_frame_type_a_name"),)

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Demonstration(models.Model):
    """An activity or class of the province that the others may follow (示范班)."""

    frame = models.ForeignKey(Frame, models.CASCADE, related_name="demonstrations")
    activity = models.ForeignKey(
        KeyActivity, models.PROTECT, null=True, blank=True, related_name="demonstrations", verbose_name=_("重点活动")
    )  # fmt: skip
    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, null=True, blank=True, related_name="demonstrations", verbose_name=_("班次")
    )  # fmt: skip
    note = models.CharField(_("示范要点"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """In the order they were named; either an activity or a class."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(activity__isnull=False, training_class=None)
                | Q(activity=None, training_class__isnull=False),
                name="demonstration_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=("frame", "activity"), condition=Q(withdrawn_at=None), name="one_demonstration_an_activity"
            ),
            models.UniqueConstraint(
                fields=("frame", "training_class"), condition=Q(withdrawn_at=None), name="one_demonstration_a_class"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        """The class or the activity."""
        return str(self.training_class or self.activity)


class SubSchool(models.Model):
    """Which unit of the province's list a sub-school with its own Keyuan is (分校对应单位)."""

    school = models.OneToOneField(School, models.PROTECT, related_name="as_unit", verbose_name=_("分校"))
    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="own_school", verbose_name=_("单位")
    )

    class Meta:
        """In the schools' order."""

        ordering = ("school_id",)

    def __str__(self) -> str:
        """School and unit."""
        return f"{self.school} — {self.organisation}"


class Filing(models.Model):
    """What one unit files under a frame, its plan and its results, and how far each is (单位报备)."""

    class State(models.TextChoices):
        """How far the plan or the results are."""

        OPEN = "open", _("未报")
        FILED = "filed", _("已报待签收")
        RECEIVED = "received", _("已签收")
        RETURNED = "returned", _("已退回")
        ACCEPTED = "accepted", _("已审定")
        REVISING = "revising", _("更正中")
        EXEMPT = "exempt", _("免报")

    frame = models.ForeignKey(Frame, models.PROTECT, related_name="filings", verbose_name=_("统筹要求"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="filings", verbose_name=_("单位")
    )
    plan_state = models.CharField(_("计划"), max_length=8, choices=State, default=State.OPEN)
    plan_note = models.CharField(_("说明"), max_length=200, blank=True)
    # The first time it was handed in: whether that was late does not change with corrections.
    plan_filed_at = models.DateTimeField(_("计划报送时间"), null=True, blank=True)
    result_state = models.CharField(_("总结"), max_length=8, choices=State, default=State.OPEN)
    result_note = models.CharField(_("说明"), max_length=200, blank=True)
    result_filed_at = models.DateTimeField(_("总结报送时间"), null=True, blank=True)

    class Meta:
        """One a unit and frame."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("frame", "organisation"), name="one_filing_a_unit"),
            models.CheckConstraint(
                condition=Q(plan_state__in=("open", "exempt")) | Q(plan_filed_at__isnull=False),
                name="filed_plan_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(result_state__in=("open", "exempt")) | Q(result_filed_at__isnull=False),
                name="filed_result_has_a_time",
            ),
        )
        indexes = (models.Index(fields=("organisation", "frame"), name="filing_by_unit"),)

    def __str__(self) -> str:
        """The unit and the frame."""
        return f"{self.organisation} · {self.frame}"

    def state(self, part: str) -> str:
        """How far one of the two is."""
        return self.plan_state if part == Part.PLAN else self.result_state


S = Filing.State
# Not handed in: the unit may change it, and is reminded.
OWED = (S.OPEN.value, S.RETURNED.value, S.REVISING.value)
WAITING = (S.FILED.value, S.RECEIVED.value)
# What the office may count on. Under correction it counts as it stands.
COUNTED = (S.FILED.value, S.RECEIVED.value, S.ACCEPTED.value, S.REVISING.value)


class Cohort(models.TextChoices):
    """For which of the three bodies of people (三支队伍) something is."""

    CADRE = "cadre", _("科协系统干部")
    LEADING_TALENT = "leading_talent", _("科技领军人才")
    OVERSEAS_TALENT = "overseas_talent", _("海外科技人才")
    OTHER = "other", _("其他科技工作者")


class Line(models.Model):
    """An activity a unit plans (计划活动); taken out it stays, marked."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="lines")
    type = models.ForeignKey(FrameType, models.PROTECT, related_name="lines", verbose_name=_("类型"))
    name = models.CharField(_("活动名称"), max_length=80)
    # Months, days and people may stay open in a draft taken over from a sub-school's own plan, not in a filed one.
    month = models.PositiveSmallIntegerField(_("计划月份"), null=True, blank=True)
    days = models.DecimalField(_("天数"), max_digits=4, decimal_places=1, null=True, blank=True)
    people = models.PositiveIntegerField(_("人数"), null=True, blank=True)
    cohort = models.CharField(_("对象"), max_length=16, choices=Cohort, default=Cohort.CADRE)
    budget = models.DecimalField(_("经费（元）"), max_digits=12, decimal_places=2, null=True, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=60, blank=True)
    phone_sealed = models.TextField(_("联系电话"), blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    activity = models.ForeignKey(
        KeyActivity, models.PROTECT, null=True, blank=True, related_name="filed_lines", verbose_name=_("对应省级重点活动")
    )  # fmt: skip
    follows = models.ForeignKey(
        Demonstration, models.PROTECT, null=True, blank=True, related_name="followers", verbose_name=_("对标示范班")
    )  # fmt: skip
    # The activity of the sub-school's own plan it was taken over from.
    source = models.ForeignKey(
        KeyActivity, models.PROTECT, null=True, blank=True, related_name="filed_as", verbose_name=_("本校计划活动")
    )  # fmt: skip
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """By month; a name stands once a month in a plan."""

        ordering = ("month", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("filing", "name", "month"), condition=Q(withdrawn_at=None), name="one_line_a_name_and_month"
            ),
            models.UniqueConstraint(
                fields=("filing", "source"), condition=Q(withdrawn_at=None), name="one_line_a_source"
            ),
            models.CheckConstraint(
                condition=Q(month=None) | Q(month__gte=1, month__lte=12), name="line_month_is_one"
            ),
            models.CheckConstraint(
                condition=Q(days=None) | Q(days__gt=0, days__lte=366), name="line_days_are_some"
            ),
            models.CheckConstraint(condition=Q(people=None) | Q(people__gt=0), name="line_people_are_some"),
            models.CheckConstraint(condition=Q(budget=None) | Q(budget__gte=0), name="line_budget_not_negative"),
        )  # fmt: skip
        indexes = (models.Index(fields=("phone_index",), name="line_by_phone", condition=~Q(phone_index="")),)

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Outcome(models.Model):
    """What a unit held (活动结果), of a planned line or besides the plan; taken out it stays, marked."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="outcomes")
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="outcomes", verbose_name=_("对应计划活动")
    )
    type = models.ForeignKey(FrameType, models.PROTECT, related_name="outcomes", verbose_name=_("类型"))
    name = models.CharField(_("活动名称"), max_length=80)
    held_on = models.DateField(_("举办日期"))
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=1)
    cadre = models.PositiveIntegerField(_("科协系统干部人数"), default=0)
    leading_talent = models.PositiveIntegerField(_("科技领军人才人数"), default=0)
    overseas_talent = models.PositiveIntegerField(_("海外科技人才人数"), default=0)
    other = models.PositiveIntegerField(_("其他科技工作者人数"), default=0)
    summary = models.CharField(_("简要总结"), max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """By day; a name stands once a day; somebody was there."""

        ordering = ("held_on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("filing", "name", "held_on"), condition=Q(withdrawn_at=None), name="one_outcome_a_name_and_day"
            ),
            models.CheckConstraint(condition=Q(hours__gt=0), name="outcome_hours_are_some"),
            models.CheckConstraint(
                condition=Q(cadre__gt=0) | Q(leading_talent__gt=0) | Q(overseas_talent__gt=0) | Q(other__gt=0),
                name="outcome_somebody_was_there",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        """Its name."""
        return self.name

    @property
    def people(self) -> int:
        """All who were there."""
        return self.cadre + self.leading_talent + self.overseas_talent + self.other


class Version(models.Model):
    """A plan or the results as handed in (报送版本): frozen, without anybody's name or phone."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="versions")
    part = models.CharField(max_length=6, choices=Part)
    number = models.PositiveSmallIntegerField(_("版次"))
    content = models.JSONField()
    note = models.CharField(_("说明"), max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """Newest first; a number stands once."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("filing", "part", "number"), name="one_filed_version_a_number"),
        )

    def __str__(self) -> str:
        """Which it is."""
        return f"{self.get_part_display()} {self.number}"


class Reminder(models.Model):
    """That a unit was reminded of what it owes (催报记录): once a day at most, by hand or by itself."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="reminders")
    part = models.CharField(_("事项"), max_length=6, choices=Part)
    on = models.DateField(_("日期"), db_column="day")
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    # How many persons of the unit were told; nought means nobody could be, and the office must telephone.
    told = models.PositiveSmallIntegerField(_("通知人数"), default=0)

    class Meta:
        """Newest first; never twice the same day."""

        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("filing", "part", "on"), name="one_reminder_a_day"),)

    def __str__(self) -> str:
        """Of what, and when."""
        return f"{self.get_part_display()} {self.on:%Y-%m-%d}"


guard("filings_version", "filings_version_no_update")
guard("filings_reminder", "filings_reminder_no_update")
