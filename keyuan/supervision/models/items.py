"""What must be done by whom until when."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.kernel import triggers
from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Person

KINDS = ("meeting", "instruction", "document", "plan", "duty", "filing", "hosting", "other")
STATES = (
    "draft", "issued", "received", "running", "submitted", "returned", "suspended", "closed", "withdrawn",
)  # fmt: skip


class Item(models.Model):
    """One thing that is followed until it is proven done (督办事项)."""

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", _("拟立项")
        ISSUED = "issued", _("待签收")
        RECEIVED = "received", _("已签收")
        RUNNING = "running", _("办理中")
        SUBMITTED = "submitted", _("待核验")
        RETURNED = "returned", _("退回补办")
        SUSPENDED = "suspended", _("暂停")
        CLOSED = "closed", _("已销号")
        WITHDRAWN = "withdrawn", _("已撤销")

    class Kind(models.TextChoices):
        """Where it comes from."""

        MEETING = "meeting", _("会议决议")
        INSTRUCTION = "instruction", _("领导批示")
        DOCUMENT = "document", _("文件部署")
        PLAN = "plan", _("年度计划节点")
        DUTY = "duty", _("听一课讲一课")
        FILING = "filing", _("上报任务")
        HOSTING = "hosting", _("承办任务")
        OTHER = "other", _("其他")

    class Importance(models.TextChoices):
        """How much hangs on it."""

        NORMAL = "normal", _("一般")
        HIGH = "high", _("重要")
        URGENT = "urgent", _("紧急")

    class Every(models.IntegerChoices):
        """How often progress is to be reported, in days."""

        NEVER = 0, _("不要求")
        WEEK = 7, _("每周")
        FORTNIGHT = 14, _("每两周")
        MONTH = 30, _("每月")

    class Stage(models.TextChoices):
        """How far it is, by what has been done and not by feeling."""

        NONE = "none", _("尚未启动")
        PLANNED = "planned", _("方案已定")
        RUNNING = "running", _("正在实施")
        FINISHING = "finishing", _("主体完成")
        DONE = "done", _("全部完成")

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    # Whose heads manage it besides the registrar.
    department = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("督办部门")
    )
    number = models.CharField(_("编号"), max_length=40, blank=True, editable=False)
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    seq = models.PositiveIntegerField(null=True, editable=False)
    title = models.CharField(_("督办事项"), max_length=200)
    detail = models.TextField(_("工作要求"), max_length=2000, blank=True)
    kind = models.CharField(_("来源"), max_length=12, choices=Kind, default=Kind.MEETING)
    # The thing of another room it was made of, as `kind:number`; one living item a thing.
    source_ref = models.CharField(max_length=60, blank=True, editable=False)
    source_title = models.CharField(_("会议或文件名称"), max_length=200, blank=True)
    source_number = models.CharField(_("文号"), max_length=60, blank=True)
    source_day = models.DateField(_("日期"), null=True, blank=True)
    source_link = models.CharField(max_length=200, blank=True, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    owner_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任人")
    )
    deadline = models.DateField(_("办结期限"))
    # The deadline it was issued with; later ones stand in the postponements.
    first_deadline = models.DateField(_("原定期限"), null=True, editable=False)
    importance = models.CharField(_("重要程度"), max_length=8, choices=Importance, default=Importance.NORMAL)
    report_every = models.PositiveSmallIntegerField(_("进展报送"), choices=Every, default=Every.NEVER)
    next_report_on = models.DateField(_("下次报送"), null=True, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    stage = models.CharField(_("进度"), max_length=10, choices=Stage, default=Stage.NONE, editable=False)
    # What was said at the last move.
    note = models.CharField(_("说明"), max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    issued_at = models.DateTimeField(_("交办时间"), null=True, editable=False)
    received_at = models.DateTimeField(_("签收时间"), null=True, editable=False)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, editable=False)
    submitted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提交人"), editable=False
    )
    closed_at = models.DateTimeField(_("销号时间"), null=True, editable=False)
    verified_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("核验人"), editable=False
    )

    class Meta:
        """By deadline; closed is proven by somebody who neither owned nor handed it in."""

        ordering = ("deadline", "id")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=STATES), name="item_state_known"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="item_kind_known"),
            models.UniqueConstraint(
                fields=("school", "year", "seq"), condition=Q(seq__isnull=False), name="one_item_a_number"
            ),
            models.UniqueConstraint(
                fields=("school", "source_ref"),
                condition=~Q(source_ref="") & ~Q(state="withdrawn"),
                name="one_item_a_source",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn"))
                | Q(seq__isnull=False, first_deadline__isnull=False),
                name="item_issued_has_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(verified_by__isnull=False, closed_at__isnull=False),
                name="item_closed_says_who_verified",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(owner_person__isnull=True)
                | ~Q(verified_by=F("owner_person")),
                name="item_verifier_is_not_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(submitted_by__isnull=True)
                | ~Q(verified_by=F("submitted_by")),
                name="item_verifier_is_not_submitter",
            ),
        )
        indexes = (
            models.Index(fields=("school", "state", "deadline"), name="item_by_deadline"),
            models.Index(fields=("owner", "state"), name="item_by_owner"),
        )  # fmt: skip

    def __str__(self) -> str:
        """Its number and what it is."""
        return f"{self.number} {self.title}".strip()


class CoOwner(models.Model):
    """A unit that helps the owner (协办单位)."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="co_owners")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("协办单位")
    )

    class Meta:
        """A unit once an item."""

        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("item", "organisation"), name="one_co_owner_an_item"),)

    def __str__(self) -> str:
        """The unit."""
        return str(self.organisation)


triggers.guard("supervision_item", "supervision_item_proven", "supervision_item_begins")
