"""Chains, their steps, requests, decisions and delegations: tables, constraints, words; no behaviour."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.kernel import triggers
from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Person


class Chain(models.Model):
    """One dated version of who decides a kind of thing, in what order (审批链).

    A version is never changed: another one, later or of the same day, takes its place. A request keeps the
    version it was submitted under.
    """

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    kind = models.CharField(_("事项"), max_length=60)
    version = models.PositiveIntegerField(_("版本"))
    starts = models.DateField(_("起用日期"))
    note = models.CharField(_("修订说明"), max_length=200, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("修订人"))
    made_at = models.DateTimeField(_("修订时间"), default=timezone.now)

    class Meta:
        """The newest first; numbered within a school and kind."""

        ordering = ("-starts", "-version")
        constraints = (
            models.UniqueConstraint(fields=("school", "kind", "version"), name="one_chain_a_version"),
            models.CheckConstraint(condition=Q(version__gte=1), name="chain_version_counts_from_one"),
        )

    def __str__(self) -> str:
        """Kind and version."""
        return f"{self.kind} v{self.version}"


class Step(models.Model):
    """One step of a chain (审批环节): who decides, within how long, whether it may end there, and when it applies."""

    class Who(models.TextChoices):
        """How the deciders of a step are named."""

        ROLE = "role", _("校内角色")
        HEAD = "head", _("牵头部门负责人")
        PERSON = "person", _("指定人员")
        POST = "post", _("按职务")

    class Test(models.TextChoices):
        """How a figure of the request is compared with the step's amount."""

        OVER = "gt", _("大于")
        AT_LEAST = "ge", _("不少于")
        UNDER = "lt", _("小于")
        AT_MOST = "le", _("不超过")

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="steps", verbose_name=_("审批链"))
    order = models.PositiveSmallIntegerField(_("次序"))
    title = models.CharField(_("环节"), max_length=40)
    who = models.CharField(_("审批人"), max_length=8, choices=Who)
    role = models.CharField(_("角色"), max_length=20, blank=True)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("指定人员")
    )
    post = models.CharField(_("职务"), max_length=80, blank=True)
    distinct = models.BooleanField(_("须与前面各步不同人"), default=True)
    may_finish = models.BooleanField(_("可终审办结"), default=False)
    days = models.PositiveSmallIntegerField(_("时限（工作日）"), null=True, blank=True)
    fact = models.CharField(_("条件"), max_length=40, blank=True)
    test = models.CharField(_("比较"), max_length=2, choices=Test, blank=True)
    amount = models.DecimalField(_("数额"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        """Exactly the decider its kind asks for; a condition is whole or absent."""

        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("chain", "order"), name="one_step_a_place"),
            models.CheckConstraint(
                condition=(Q(who="role", person__isnull=True, post="") & ~Q(role=""))
                | Q(who="head", role="", person__isnull=True, post="")
                | Q(who="person", role="", person__isnull=False, post="")
                | (Q(who="post", role="", person__isnull=True) & ~Q(post="")),
                name="step_names_its_decider",
            ),
            models.CheckConstraint(
                condition=Q(fact="", test="", amount__isnull=True)
                | (Q(test__in=("gt", "ge", "lt", "le"), amount__isnull=False) & ~Q(fact="")),
                name="step_condition_whole",
            ),
            models.CheckConstraint(condition=Q(days__isnull=True) | Q(days__gte=1), name="step_has_time"),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Request(models.Model):
    """One thing put before a chain (审批单), with the facts as they stood when it was submitted.

    The thing is a label and a number: the rooms above own it. Facts hold figures and words of the thing,
    never personal data: they cannot be erased.
    """

    class State(models.TextChoices):
        """Said in words, because what waits must never look decided."""

        IN_PROGRESS = "in_progress", _("审批中")
        APPROVED = "approved", _("已批准")
        RETURNED = "returned", _("已退回")
        WITHDRAWN = "withdrawn", _("已撤回")

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    chain = models.ForeignKey(Chain, models.PROTECT, related_name="requests", verbose_name=_("审批链"))
    kind = models.CharField(_("事项"), max_length=60)
    about_label = models.CharField(_("对象类型"), max_length=60)
    about_id = models.BigIntegerField(_("对象编号"))
    title = models.CharField(_("标题"), max_length=120)
    link = models.CharField(_("链接"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("牵头部门")
    )
    facts = models.JSONField(_("内容"), default=dict)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.IN_PROGRESS)
    # The step it stands at, or stood at when it ended.
    step = models.ForeignKey(Step, models.PROTECT, related_name="+", verbose_name=_("当前环节"))
    due = models.DateField(_("办理时限"), null=True)
    reminded_on = models.DateField(_("催办日期"), null=True)
    note = models.CharField(_("最近意见"), max_length=200, blank=True)
    submitted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提交人")
    )
    submitted_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    ended_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("办结人")
    )
    ended_at = models.DateTimeField(_("办结时间"), null=True)

    class Meta:
        """One request a thing waits at a time."""

        ordering = ("-submitted_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "about_label", "about_id"),
                condition=Q(state="in_progress"),
                name="one_open_request_a_thing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("in_progress", "approved", "returned", "withdrawn")),
                name="request_state_known",
            ),
        )
        indexes = (
            models.Index(fields=("school", "state", "-submitted_at"), name="request_by_state"),
            models.Index(fields=("about_label", "about_id", "-id"), name="request_by_thing"),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Delegation(models.Model):
    """One's approvals of a kind (or of all) handed to somebody else from a day to a day (审批委托)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    principal = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("委托人"))
    delegate = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("受托人"))
    kind = models.CharField(_("事项"), max_length=60, blank=True)
    starts = models.DateField(_("自"))
    ends = models.DateField(_("至"))
    reason = models.CharField(_("事由"), max_length=100, blank=True)
    made_at = models.DateTimeField(_("设立时间"), default=timezone.now)
    revoked_at = models.DateTimeField(_("收回时间"), null=True)

    class Meta:
        """The latest first; the database refuses two that overlap."""

        ordering = ("-starts", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="delegation_ends_after_start"),
            models.CheckConstraint(condition=~Q(principal=F("delegate")), name="delegation_to_another"),
        )
        indexes = (
            models.Index(fields=("delegate", "ends"), name="delegation_by_delegate"),
            models.Index(fields=("principal", "ends"), name="delegation_by_principal"),
        )

    def __str__(self) -> str:
        """From when to when."""
        return f"{self.starts:%Y-%m-%d}—{self.ends:%Y-%m-%d}"


class Decision(models.Model):
    """What one person said at one step of a request (审批意见); never changed, never deleted."""

    class Verdict(models.TextChoices):
        """What it came to."""

        PASSED = "passed", _("同意，报下一步")
        APPROVED = "approved", _("批准")
        RETURNED = "returned", _("退回")

    request = models.ForeignKey(Request, models.PROTECT, related_name="decisions", verbose_name=_("审批单"))
    step = models.ForeignKey(Step, models.PROTECT, related_name="+", verbose_name=_("环节"))
    verdict = models.CharField(_("意见"), max_length=8, choices=Verdict)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("审批人"))
    seat_id = models.BigIntegerField(_("身份"), null=True)
    role = models.CharField(_("角色"), max_length=20, blank=True)
    on_behalf_of = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("委托人")
    )
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, related_name="decisions", verbose_name=_("审批委托")
    )
    note = models.CharField(_("意见内容"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        """A step is decided once; a return gives its reason; a stand-in shows the delegation."""

        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(fields=("request", "step"), name="one_decision_a_step"),
            models.CheckConstraint(
                condition=Q(verdict__in=("passed", "approved")) | (Q(verdict="returned") & ~Q(note="")),
                name="a_return_gives_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True, delegation__isnull=True)
                | Q(on_behalf_of__isnull=False, delegation__isnull=False),
                name="a_stand_in_shows_the_delegation",
            ),
        )
        indexes = (models.Index(fields=("person", "-at"), name="decision_by_person"),)

    def __str__(self) -> str:
        """The verdict in words."""
        return self.get_verdict_display()


triggers.guard("approvals_chain", "approvals_chain_no_update")
triggers.guard("approvals_step", "approvals_step_no_update", "approvals_step_late")
triggers.guard("approvals_decision", "approvals_decision_no_update", "approvals_decision_fits")
triggers.guard("approvals_request", "approvals_request_frozen", "approvals_request_stands")
triggers.guard("approvals_delegation", "approvals_delegation_alone", "approvals_delegation_frozen")
