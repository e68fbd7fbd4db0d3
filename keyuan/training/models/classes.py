"""The class itself, the places shared out, and who is put forward."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Person
from keyuan.plan.models import KeyActivity


class TrainingClass(models.Model):
    """One run of a key activity with a roster and a timetable (班次)."""

    class State(models.TextChoices):
        """From a draft to the shelf."""

        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审批")
        APPROVED = "approved", _("已批准，待发布")
        PUBLISHED = "published", _("已发布")
        CLOSED = "closed", _("已结班")
        CANCELLED = "cancelled", _("已取消")

    class Kind(models.TextChoices):
        """What sort of activity it is; `rules.kinds` says which parts each has (班次类型)."""

        TRAINING = "training", _("培训班")
        ROTATION = "rotation", _("轮训班")
        DEMONSTRATION = "demonstration", _("示范班")
        FIELD_STUDY = "field_study", _("考察研修")
        SALON = "salon", _("沙龙")
        SEMINAR = "seminar", _("研讨会")
        ONLINE = "online", _("网络班")
        BLENDED = "blended", _("线上线下混合班")

    class Entry(models.TextChoices):
        """By which door people come in; admission is the same for all three."""

        QUOTA = "quota", _("分配名额，单位推荐")
        INVITATION = "invitation", _("逐人邀请")
        OPEN = "open", _("公开报名")

    class Retention(models.TextChoices):
        """How long the dossier is kept, 机关文件材料归档范围和文书档案保管期限规定 Art.7."""

        FOREVER = "forever", _("永久")
        THIRTY = "30", _("30 年")
        TEN = "10", _("10 年")

    school = models.ForeignKey(School, models.PROTECT, related_name="classes", verbose_name=_("分校"))
    activity = models.ForeignKey(
        KeyActivity, models.PROTECT, related_name="classes", verbose_name=_("重点活动")
    )
    department = models.ForeignKey(
        Organisation, models.PROTECT, related_name="led_classes", verbose_name=_("牵头部门")
    )
    kind = models.CharField(_("类型"), max_length=16, choices=Kind, default=Kind.TRAINING)
    entry = models.CharField(_("报名方式"), max_length=12, choices=Entry, default=Entry.QUOTA)
    lodging = models.BooleanField(_("安排住宿"), default=True)
    fees = models.BooleanField(_("编制预算"), default=True)
    itinerary = models.BooleanField(_("编排行程"), default=False)
    certificate = models.BooleanField(_("颁发证书"), default=True)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies", editable=False
    )
    title = models.CharField(_("班次名称"), max_length=80)
    starts = models.DateField(_("开班日期"))
    ends = models.DateField(_("结束日期"))
    nominate_by = models.DateField(_("报名截止"))
    venue = models.CharField(_("地点"), max_length=80)
    head_teacher = models.ForeignKey(
        Person, models.PROTECT, related_name="headed_classes", verbose_name=_("班主任")
    )
    places = models.PositiveIntegerField(_("名额"), validators=[MinValueValidator(1)])
    taken = models.PositiveIntegerField(_("已录取"), default=0, editable=False)
    audience = models.CharField(_("培训对象"), max_length=200)
    content = models.TextField(_("培训内容"), blank=True)
    bring = models.TextField(_("请带物品和须知"), blank=True, max_length=1000)
    hours = models.DecimalField(
        _("计划学时"), max_digits=6, decimal_places=1, validators=[MinValueValidator(Decimal("0.5"))]
    )
    # Share of the timetable's hours that must be attended; 条例(2023) Art.15 gives the leave line apart.
    attendance_share = models.DecimalField(
        _("出勤要求"), max_digits=4, decimal_places=3, default=Decimal("0.800")
    )
    leave_limit = models.DecimalField(
        _("请假上限"), max_digits=5, decimal_places=4, default=Decimal("0.1429")
    )
    # 计划外班 needs its own approval, and the paper again when the money is settled.
    unplanned = models.BooleanField(_("计划外举办"), default=False)
    unplanned_reason = models.CharField(_("计划外理由"), max_length=200, blank=True)
    notice_number = models.CharField(_("发文字号"), max_length=40, blank=True)
    contact = models.CharField(_("联系人及电话"), max_length=80, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    timetable_version = models.PositiveIntegerField(default=0, editable=False)
    timetable_released_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closings = models.PositiveIntegerField(default=0, editable=False)
    retention = models.CharField(_("保管期限"), max_length=8, choices=Retention, blank=True, editable=False)
    archived_at = models.DateTimeField(_("归档时间"), null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        """The places are a limit that the database itself holds."""

        ordering = ("-starts", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="class_ends_after_start"),
            models.CheckConstraint(
                condition=Q(nominate_by__lte=F("starts")), name="class_deadline_before_start"
            ),
            models.CheckConstraint(condition=Q(places__gte=1), name="class_has_places"),
            models.CheckConstraint(
                condition=Q(unplanned=False) | ~Q(unplanned_reason=""), name="class_out_of_plan_says_why"
            ),
            models.CheckConstraint(condition=Q(taken__lte=F("places")), name="class_never_oversold"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "approved", "published", "closed", "cancelled"]),
                name="class_state_known",
            ),
            models.CheckConstraint(
                condition=Q(archived_at__isnull=True, retention="")
                | Q(archived_at__isnull=False, state="closed", retention__in=["forever", "30", "10"]),
                name="class_archived_when_closed",
            ),
        )
        indexes = (
            models.Index(fields=("school", "state", "-starts"), name="class_by_state"),
            models.Index(fields=("head_teacher", "-starts"), name="class_by_head_teacher"),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title


class QuotaShare(models.Model):
    """The places one organisation may fill (名额分配)."""

    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="shares", verbose_name=_("班次")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="shares", verbose_name=_("单位")
    )
    places = models.PositiveIntegerField(_("名额"))
    used = models.PositiveIntegerField(_("已推荐"), default=0, editable=False)
    told_at = models.DateTimeField(_("通知时间"), null=True, editable=False)
    opened_at = models.DateTimeField(_("查看时间"), null=True, editable=False)

    class Meta:
        """One share an organisation, and never more nominated than shared out."""

        ordering = ("organisation__kind", "organisation__order", "organisation_id")
        constraints = (
            models.UniqueConstraint(
                fields=("training_class", "organisation"), name="one_share_an_organisation"
            ),
            models.CheckConstraint(condition=Q(used__lte=F("places")), name="share_never_exceeded"),
        )

    def __str__(self) -> str:
        """Organisation and places."""
        return f"{self.organisation} {self.places}"


class Nomination(models.Model):
    """One organisation puts one person forward for one class (推荐报名); admitted, it is a trainee (学员)."""

    class State(models.TextChoices):
        """Said in words, because provisional must never look final."""

        INVITED = "invited", _("已邀请，待答复")
        SUBMITTED = "submitted", _("已推荐，待审核")
        RETURNED = "returned", _("已退回，待修改")
        WAITLISTED = "waitlisted", _("候补")
        ADMITTED = "admitted", _("已录取")
        DECLINED = "declined", _("未录取")
        WITHDRAWN = "withdrawn", _("已撤回")
        SUBSTITUTED = "substituted", _("已换人")

    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, related_name="nominations", verbose_name=_("班次")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="nominations", verbose_name=_("人员"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="nominations", verbose_name=_("推荐单位")
    )
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.SUBMITTED, editable=False)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    reason = models.CharField(_("审核意见"), max_length=200, blank=True)
    lodging = models.BooleanField(_("住宿"), default=False)
    group = models.PositiveSmallIntegerField(_("组别"), null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("替换")
    )
    waiting_since = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        """A person stands once in a class, whoever nominates."""

        ordering = ("organisation__kind", "organisation__order", "organisation_id", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("training_class", "person"),
                condition=Q(state__in=["invited", "submitted", "returned", "waitlisted", "admitted"]),
                name="one_live_nomination_a_person",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "invited",
                        "submitted",
                        "returned",
                        "waitlisted",
                        "admitted",
                        "declined",
                        "withdrawn",
                        "substituted",
                    ]
                ),
                name="nomination_state_known",
            ),
        )
        indexes = (
            models.Index(fields=("training_class", "state"), name="nomination_by_state"),
            # The list in the order of units is sorted from this index alone.
            models.Index(fields=("training_class", "organisation"), name="nomination_by_unit"),
            models.Index(fields=("person", "state"), name="nomination_by_person"),
            models.Index(fields=("organisation", "state"), name="nomination_by_organisation"),
        )

    def __str__(self) -> str:
        """Person and class."""
        return f"{self.person} → {self.training_class}"


LIVE = ("invited", "submitted", "returned", "waitlisted", "admitted")
